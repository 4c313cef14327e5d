// The master's runtime API: listens on what -S names and owns its sessions.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <ddbproxy/model.h>

#include "admin/services.h"
#include "app/master/children.h"
#include "app/master/cli_session.h"
#include "base/fd.h"
#include "base/list.h"
#include "live/server_states.h"
#include "live/state.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/socket_passing.h"
#include "stats/process_info.h"

namespace ddbproxy::app {

/// A socket that -S names.
struct MasterSocket {
  base::Fd fd;
  model::CliLevel level;
};

/// Opens what -S names, or takes it from `inherited`. Says what is wrong, and gives nothing, in haproxy's words.
std::optional<std::vector<MasterSocket>> open_master_sockets(const std::vector<model::Bind>& binds,
                                                             std::vector<base::Fd> inherited);

/// Lives on the master's one thread. Further clients than ten at once wait, as with haproxy. Commands for the master
/// are carried out by admin/, on a state without proxies.
class MasterCli {
 public:
  /// The first two must outlive it.
  MasterCli(net::Loop& loop, const Children& children, std::vector<MasterSocket> sockets);
  ~MasterCli();

  /// Begins to accept.
  void start();
  void answer_with(std::function<void(std::function<void(std::string)> done)> reload);
  std::vector<int> descriptors() const;

 private:
  friend class CliSession;

  struct Listener {
    void readable(short) { cli->accept(*this); }

    MasterCli* cli;
    model::CliLevel level;
    base::Fd fd;
    net::Event event;  // after the fd it watches
  };

  void accept(Listener& listener);
  void watch();
  /// Destroys the session once its callback has returned.
  void retire(CliSession& session);
  void bury();

  net::Loop& loop_;
  const Children& children_;
  live::State state_;
  live::ServerStates states_;
  stats::ProcessInfo info_;
  admin::MasterServices master_services_;
  admin::Services services_;
  admin::Runtime runtime_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  base::List<CliSession> sessions_, retired_;
  size_t count_ = 0;  // of sessions_
  bool started_ = false;
  net::Timer burial_;
};

}  // namespace ddbproxy::app
