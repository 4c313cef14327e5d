// The master: starts the process that works, watches it, and replaces it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

#include "app/daemon.h"
#include "app/file_watch.h"
#include "app/master/children.h"
#include "app/master/handover.h"
#include "app/master/master_cli.h"
#include "app/master/systemd.h"
#include "app/master/worker_reload.h"
#include "app/master/worker_start.h"
#include "app/options.h"
#include "app/signals.h"
#include "net/loop.h"

namespace ddbproxy::app {

/// One thread, no proxies, and all the rights that the process was started with. At a reload the worker goes on by the
/// new configuration, in place. What it cannot do (other threads, another user, programs that
/// are to be started anew, a program file that was replaced) is another life: the program is executed anew in the same
/// process, reads the configuration, and starts a worker that takes the listening sockets over from the one of before
/// and tells it to finish. When the configuration is wrong, or its worker does not come up, everything stays as it was.
class Master {
 public:
  /// What the configuration says to the master; the rest is the worker's.
  struct Settings {
    Handover::Kept kept;
    std::optional<uint32_t> max_reloads;
    std::vector<model::Program> programs;
    std::optional<std::string> mark = {};  ///< See FileWatch::start().
    /// The worker has given up rights, or may have: what it needs for a reload is brought to it.
    bool provides = true;
  };

  /// Made when the worker has been forked off.
  Master(Handover& handover, Daemon& daemon, const Options& options, std::vector<MasterSocket> sockets,
         Children children, Settings settings);

  /// Watches over a worker that has been started, or, with none, over what there was before. The exit status.
  int run(std::optional<StartedWorker> starting);

 private:
  /// What is to be told to the client who asked for a reload.
  using Done = std::function<void(std::string)>;
  /// How a reload is carried out. While one goes on, the next one is for all who ask.
  void reload(Done done);
  void reloaded_in_place(InPlace outcome, const std::string& answer, const Done& done);
  /// A reload by another life: comes back only with what went wrong.
  std::string execute();
  void signalled(int signal);
  void stop(int signal);
  void tell_children(int signal) const;
  void children_ended();
  void ended(const Child& child, int status);
  void leave_when_alone();
  void worker_ready(short);
  /// The current worker wants something.
  void worker_asks(short);
  void listen_to_worker();
  void check();
  /// What was asked for meanwhile.
  void go_on_reloading();
  void loaded();
  void load_failed();
  /// There is nothing to wait for any more.
  void settle(std::string_view status);
  void start_programs();
  void end_oldest_workers();
  void watchdog();
  void watch_files();

  Handover& handover_;
  Daemon& daemon_;
  Children children_;
  Settings settings_;
  Systemd systemd_;
  Signals signals_;
  net::Loop loop_;
  MasterCli cli_;
  WorkerReload worker_reload_;
  FileWatch file_watch_;
  std::optional<StartedWorker> starting_;
  std::optional<int> starting_ended_;  // its exit status, when it has none any more
  bool stopping_ = false, check_again_ = false;
  std::vector<Done> waiting_;  // for the next reload
  int exit_status_ = 0;
  net::Event ready_event_, worker_event_;
  net::Timer watchdog_timer_;
};

/// The life of a master from where the configuration was read: null when it could not be, after a reload.
int run_master(std::shared_ptr<const model::Model> model, const Options& options, Handover& handover, Daemon& daemon,
               const std::vector<model::Bind>& sockets);

}  // namespace ddbproxy::app
