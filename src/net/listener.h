// Opening and pausing listening sockets, the way haproxy does and with its words when it fails.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

#include "base/fd.h"
#include "base/result.h"
#include "net/socket.h"

namespace ddbproxy::net {

class InheritedSockets;

/// A UNIX socket that is bound beside its path, and that somebody else may still answer at.
struct PendingName {
  std::string temporary, path;
};

/// What the process and the proxy add to a `bind` line. Accepted sockets inherit these, so they cost a connection
/// nothing.
struct ListenOptions {
  bool reuse_port = true;  ///< Not with noreuseport or -dR.
  int backlog = 0;         ///< For a bind line without one; 0: 1024
  model::KeepAlive keep_alive;
  bool smart_accept = false;
  int receive_buffer = 0, send_buffer = 0;  ///< tune.rcvbuf.client, tune.sndbuf.client; 0: the system's
  // The global section's unix-bind, for UNIX sockets of proxies that do not say otherwise.
  std::optional<mode_t> unix_mode;
  std::optional<uid_t> unix_uid;
  std::optional<gid_t> unix_gid;
  /// Where set, UNIX sockets keep their temporary names and are noted here: the caller will rename them.
  std::vector<PendingName>* pending = nullptr;
  bool undo = false;                      ///< Of a socket that is taken over: what the line does not say is taken back.
  InheritedSockets* inherited = nullptr;  ///< What a process of before has listened on: taken before another is made.
};
ListenOptions listen_options(const model::Global& global, int backlog);
/// With what the proxy says of its clients' connections.
ListenOptions listen_options(const model::Global& global, const model::Frontend& frontend);
/// The length of the queue of clients not yet accepted.
int backlog_of(const model::Bind& bind, const ListenOptions& options);

/// What makes a listening socket another one: two lines with the same place can share one.
std::string socket_place(const model::Bind& bind, const model::Bind::Listener& listener);

/// Opens one listening socket, non-blocking and close-on-exec; with inherited_fd takes that one over after a look at
/// it. Fails with haproxy's words: "cannot bind socket (Address already in use) for [127.0.0.1:80]". What is wrong and
/// yet no reason to stop is appended to `warning`.
base::Result<base::Fd> open_listener(const model::Bind& bind, const model::Bind::Listener& listener,
                                     const ListenOptions& options, std::string* warning = nullptr);

/// Whether two lines, each with its options, set the same on a socket; where it is bound aside.
bool set_the_same(const model::Bind& a, const ListenOptions& of_a, const model::Bind& b, const ListenOptions& of_b);
/// Sets on a socket that listens by another line what this one says, and takes back what it does not say.
base::Status renew_listener(int fd, const Address& address, const model::Bind& bind, ListenOptions options);

/// Stops listening without giving up the address (SIGTTOU, `disable frontend`); false where the system cannot.
bool suspend_listening(int fd);
bool resume_listening(int fd, int backlog);

}  // namespace ddbproxy::net
