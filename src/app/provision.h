// What a process that has given up its rights needs for a reload in place.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/diagnostics.h>
#include <ddbproxy/model.h>

#include "app/recorded_outside.h"
#include "base/fd.h"
#include "base/result.h"
#include "net/listener.h"
#include "net/socket_passing.h"

namespace ddbproxy::app {

/// Read and opened by somebody who has the rights: a child of the master, in the master's place of the file system.
struct Provision {
  bool only_check = false;
  std::string unreadable;  ///< Why the files cannot be read; empty: they were.
  std::vector<SourceFile> sources;
  RecordedOutside outside;
  /// Why a place (net::socket_place()) could not be opened.
  std::map<std::string, base::Error, std::less<>> not_opened;
  net::InheritedSockets sockets;  ///< Those that the process does not have yet.
};

/// `opened` are its sockets. Over a connection to the worker's runtime API, where `_reload` has been said; waits for
/// the other side. All but the sockets goes as a file in memory, so that much of it delays nobody.
base::Status send_provision(int connection, const Provision& provision, const std::vector<net::GivenSocket>& opened);
base::Status receive_provision(int connection, Provision& provision);

/// What the configuration listens on in its proxies, for the runtime API and for peers, each as often as it is opened;
/// `fn(bind, listener, options)`.
void for_each_place(
    const model::Model& model, int threads, bool reuse_port,
    const std::function<void(const model::Bind&, const model::Bind::Listener&, net::ListenOptions)>& fn);

}  // namespace ddbproxy::app
