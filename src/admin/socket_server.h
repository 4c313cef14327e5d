// Listens on the `stats socket` lines and owns their sessions.
#pragma once

#include <memory>
#include <vector>

#include <ddbproxy/model.h>

#include "admin/services.h"
#include "admin/session.h"
#include "base/fd.h"
#include "base/list.h"
#include "net/loop.h"
#include "stats/process_info.h"

namespace ddbproxy::admin {

/// How many clients wait to be accepted, where the line does not say: as in haproxy.
inline constexpr int usual_backlog = 10;

/// "unix@/run/x.sock", "ipv4@127.0.0.1:9999"
std::string socket_name(const Address& address);

/// Lives on the control thread. At `stats maxconn`, or without descriptors, clients wait in the kernel.
class SocketServer {
 public:
  SocketServer(net::Loop& control, live::State& state, live::ServerStates& states, Services& services,
               stats::ProcessInfo& info);
  ~SocketServer();

  /// Accepts from a socket that listens already at `place` of `bind`, which gives the level and must outlive this.
  void listen(base::Fd socket, const model::Bind& bind, const model::Bind::Listener& place, int backlog);
  /// A descriptor of its own for the socket that listens at this place; none when there is none.
  base::Fd share(const model::Bind& bind, const model::Bind::Listener& place) const;
  /// Others are to be listened on instead; sessions go on.
  void forget_listeners();
  /// Accepts no more and closes the sockets; sessions go on to their end. False when there are none.
  bool stop_listening();
  /// Clients are refused until resume_listening(), except on UNIX sockets, as in haproxy. False when nothing changes.
  bool pause();
  bool resume_listening();
  size_t sessions() const { return count_; }
  /// Sessions that there have been.
  uint64_t cumulated() const { return cumulated_; }
  /// A client that came from the master.
  void admit_master(base::Fd client);
  /// One more socket for `show cli sockets`.
  void add_name(SocketName name) { runtime_.sockets.push_back(std::move(name)); }
  /// What it listens on.
  std::vector<int> descriptors() const;

 private:
  friend class Session;

  /// One listening socket.
  struct Listener {
    void readable(short) { server->accept(*this); }

    SocketServer* server;
    const model::Bind* bind;
    const model::Bind::Listener* place;
    uint32_t number;  // among the sockets, from 1
    int backlog;
    base::Fd fd;
    net::Event event;  // after the fd it watches
  };

  void accept(Listener& listener);
  void watch(Listener& listener);
  /// Whether a pause closes it.
  static bool may_pause(const Listener& listener);
  /// As `show cli sockets` names it.
  Address written_address(const Listener& listener) const;
  void resume();
  void admit(base::Fd client, Client rights, const Address& peer, const Address& socket, uint32_t socket_number);
  void count_bytes(size_t sent);
  /// Destroys the session once its callback has returned.
  void retire(Session& session);
  void bury();
  bool full() const;

  net::Loop& loop_;
  stats::ProcessInfo& info_;
  Runtime runtime_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  base::List<Session> sessions_, retired_;
  size_t count_ = 0;
  uint64_t cumulated_ = 0;
  bool accepting_ = true, paused_ = false;
  net::Timer burial_, pause_;
};

}  // namespace ddbproxy::admin
