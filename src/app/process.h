// The life of the process: limits, listeners, privileges, threads, signals, and the way out.
#pragma once

#include <memory>

#include <ddbproxy/model.h>

#include "admin/master_link.h"
#include "admin/services.h"
#include "admin/socket_server.h"
#include "app/daemon.h"
#include "app/file_watch.h"
#include "app/frontend_control.h"
#include "app/limits.h"
#include "app/options.h"
#include "app/reload.h"
#include "app/removals.h"
#include "app/signals.h"
#include "app/takeover.h"
#include "base/result.h"
#include "live/dynamic_servers.h"
#include "live/farewell.h"
#include "live/health/health_monitor.h"
#include "live/mail/alert_mails.h"
#include "live/names/server_names.h"
#include "live/peers/peer_sections.h"
#include "live/server_states.h"
#include "live/state.h"
#include "live/update.h"
#include "log/forwarder.h"
#include "log/logger.h"
#include "log/ring_servers.h"
#include "net/loop.h"
#include "net/socket_passing.h"
#include "stats/page.h"
#include "stats/process_info.h"
#include "stats/prometheus.h"
#include "stream/check_evaluation.h"
#include "stream/workers.h"

namespace ddbproxy::app {

/// What a process is given that works under a master.
struct UnderMaster {
  pid_t master;
  base::Fd link;  ///< to it; see admin::MasterLink
  /// The master's way to the worker of before, whose sockets are asked for there. Closed then: that worker ends when
  /// nobody has it any more.
  base::Fd link_of_before;
};

/// Made once, on the main thread, which becomes the control thread: signals, health checks and the runtime API run
/// there. Start with go_background() for a daemon, before this is made: a fork keeps no threads.
class Process {
 public:
  /// Without a master `under` is null.
  Process(std::shared_ptr<const model::Model> model, const Options& options, Daemon& daemon,
          UnderMaster* under = nullptr);
  ~Process();
  /// Runs until told to stop; gives the exit status.
  int run();

 private:
  struct StatsSocket {
    const model::Bind* bind;
    const model::Bind::Listener* place;
    int backlog;
    base::Fd fd;
  };

  base::Status start();
  /// Opens what the global section's `stats socket` lines name. Why some could not be, in haproxy's words.
  std::vector<std::string> open_stats_sockets(const model::Global& global, const FrontendControl::Open& open);
  /// The same of `peers` sections; `next` is the generation that has them.
  std::vector<std::string> open_peers(const live::Generation& next, const FrontendControl::Open& open);
  /// What was opened so begins to listen.
  void listen_on_stats_sockets();
  /// The same of `log-forward` sections.
  std::vector<std::string> open_forwarders(const FrontendControl::Open& open);
  // See Reload::Steps.
  std::vector<std::string> open(live::Generation& next, Provision* provision);
  std::vector<live::ServerChanges> carry_out(std::shared_ptr<live::Generation> next);
  /// What the global section says of the whole process, where it says another thing than before.
  void change_limits(const model::Global& before, const model::Model& next);
  const model::Global& global() const { return state_.model().global; }
  std::vector<net::GivenSocket> listening_sockets() const;
  void signalled(int signal);
  void soft_stop();
  void grace_over();
  void stop_accepting();
  void hard_stop();
  void master_gone() { control_.stop(); }
  base::Status inherit();
  void pause();
  void go_on();
  void second_passed();
  void look_whether_done();
  /// The files are watched, or not any more, as the configuration in force says.
  void watch_files();
  void reload(bool only_check, Reload::Done done);
  void reload_provided(base::Fd connection);

  const Options& options_;
  Daemon& daemon_;
  UnderMaster* under_;
  Limits limits_;
  Takeover takeover_;  // before all that listens
  Signals signals_;
  net::Loop control_;
  live::State state_;
  stream::CheckEvaluation check_evaluation_;
  live::ServerStates server_states_;
  log::RingServers ring_servers_;
  log::Forwarders forwarders_;
  live::AlertMails mails_;
  live::HealthMonitor health_;
  live::ServerNames names_;
  live::PeerSections peers_;
  live::Farewell farewell_;
  live::DynamicServers dynamic_servers_;
  live::Update update_;
  stats::ProcessInfo info_;
  stats::PrometheusExporter exporter_;
  stats::Page stats_page_;
  stream::Workers workers_;
  FrontendControl frontends_;
  Removals removals_;
  admin::Services services_;
  admin::SocketServer stats_sockets_;
  Reload reload_;
  FileWatch file_watch_;
  std::vector<StatsSocket> next_stats_sockets_;  // open, but not listened on yet
  std::vector<net::PendingName> pending_names_;
  admin::MasterLink master_link_;
  net::Timer grace_timer_, stop_timer_, hard_stop_timer_, second_timer_;
  bool stopping_ = false;
  int exit_status_ = 0;
};

}  // namespace ddbproxy::app
