// Servers whose address, or whose host and port, name servers tell while the proxy runs (manual 5.3).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "live/names/name_lookups.h"
#include "live/server_states.h"
#include "live/state.h"

namespace ddbproxy::live {

class HostFollower;
class ServiceFollower;

/// Lives on the control loop.
class ServerNames {
 public:
  ServerNames(State& state, ServerStates& states, net::Loop& loop);
  ~ServerNames();
  ServerNames(const ServerNames&) = delete;
  ServerNames& operator=(const ServerNames&) = delete;

  /// Begins to ask.
  void start();
  /// The latest generation may have other sections: true when these are asked from now on, once start() is called anew.
  /// Where they are the same, what is known of names is kept.
  bool change_sections();
  /// Another name, or other wishes, of a server; or a server that is new.
  void renew(Server& server);
  /// Asks no more: servers keep the addresses that they have.
  void stop();
  const std::vector<std::unique_ptr<Resolver>>& resolvers() const { return resolvers_; }

  /// Has the server follow another host from now on (`set server fqdn`). False when the name cannot be asked for.
  bool follow(Server& server, const std::string& host);
  /// The server has no host any more.
  void forget_host(Server& server);
  /// The server is deleted.
  void remove(Server& server);
  /// Gives the server this address, and what goes with it; `source` is for the log.
  void give_address(Server& server, const Address& address, const std::string& source);
  /// The server's host is nowhere now: it goes into maintenance for this cause.
  void take_address(Server& server, std::string_view cause);
  /// The addresses of the other servers of the backend that have the same host.
  std::vector<Address> taken_by_others(const Server& server) const;
  ServerStates& states() { return states_; }
  NameLookups& lookups() { return lookups_; }

 private:
  Resolver& resolver_of(const Server& server) const;
  void begin(Server& server);

  State& state_;
  ServerStates& states_;
  net::Loop& loop_;
  std::vector<std::unique_ptr<Resolver>> resolvers_;  // as Model::resolvers
  NameLookups lookups_{resolvers_};
  std::vector<std::unique_ptr<HostFollower>> hosts_;
  std::vector<std::unique_ptr<ServiceFollower>> services_;
};

}  // namespace ddbproxy::live
