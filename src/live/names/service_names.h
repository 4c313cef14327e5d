// The servers of one backend that share an SRV name: each takes one of its records.
#pragma once

#include <string>
#include <vector>

#include "live/names/resolver.h"

namespace ddbproxy::live {

class Server;
class ServerNames;

class ServiceFollower final : public NameClient {
 public:
  /// Begins with one server; others of the same name join by add().
  ServiceFollower(ServerNames& names, Server& server, Resolver& resolver);
  ~ServiceFollower();
  ServiceFollower(const ServiceFollower&) = delete;
  ServiceFollower& operator=(const ServiceFollower&) = delete;

  bool takes(const Server& server, const Resolver& resolver) const;
  void add(Server& server) { seats_.push_back({&server, {}, 0, false}); }

  /// Whether it has no server left.
  bool remove(const Server& server);

  void name_resolved(const Resolution& resolution, const std::string& source, NameServerCounters* by) override;
  void name_failed(const Resolution& resolution) override;

 private:
  /// A server, and the record that it has taken; no target: none.
  struct Seat {
    Server* server;
    std::string target;
    uint16_t port;
    bool follows;  ///< The target is asked for; else its address came with the record.
    bool has(const ServiceRecord& record) const;
  };

  void vacate(Seat& seat);
  void occupy(Seat& seat, const ServiceRecord& record);
  void refresh(Seat& seat, const ServiceRecord& record);

  ServerNames& names_;
  Resolver& resolver_;
  std::vector<Seat> seats_;
};

}  // namespace ddbproxy::live
