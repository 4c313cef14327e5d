#include "app/master/master.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <ddbproxy/version.h>

#include "admin/master_link.h"
#include "app/master/programs.h"
#include "app/privileges.h"
#include "base/thread_slot.h"
#include "log/console.h"

namespace ddbproxy::app {
namespace {

void notice(std::string_view text) { log::console(log::ConsoleLevel::notice, text); }
void warn(std::string_view text) { log::console(log::ConsoleLevel::warning, text); }
void alert(std::string_view text) { log::console(log::ConsoleLevel::alert, text); }

int64_t monotonic_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000000 + now.tv_nsec / 1000;
}

constexpr std::initializer_list<int> master_signals = {SIGTERM, SIGINT,  SIGUSR1, SIGUSR2, SIGHUP,
                                                       SIGQUIT, SIGTTIN, SIGTTOU, SIGCHLD};
constexpr int terminated = 128 + SIGTERM, interrupted = 128 + SIGINT;

}  // namespace

Master::Master(Handover& handover, Daemon& daemon, const Options& options, std::vector<MasterSocket> sockets,
               Children children, Settings settings)
    : handover_(handover),
      daemon_(daemon),
      children_(std::move(children)),
      settings_(std::move(settings)),
      systemd_(options.notify_systemd),
      signals_(
          master_signals, [](void* self, int signal) { static_cast<Master*>(self)->signalled(signal); }, this),
      cli_(loop_, children_, std::move(sockets)),
      worker_reload_(loop_, options),
      file_watch_(loop_, options.files, [this] { reload([](const std::string&) {}); }) {
  cli_.answer_with([this](std::function<void(std::string)> done) { reload(std::move(done)); });
}

int Master::run(std::optional<StartedWorker> starting) {
  starting_ = std::move(starting);
  signals_.start(loop_);
  watchdog_timer_.bind<&Master::watchdog>(loop_, *this);
  if (starting_) ready_event_.watch<&Master::worker_ready>(loop_, starting_->ready.get(), EV_READ | EV_PERSIST, *this);
  loop_.post([this, failed = !starting_] {
    if (failed) load_failed();
    children_ended();  // those that did while the program was executed
  });
  loop_.run();
  return exit_status_;
}

void Master::worker_ready(short) {
  char word;
  const ssize_t got = read(starting_->ready.get(), &word, 1);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  ready_event_.remove();
  if (got == 1) return loaded();
  if (!starting_ended_) {
    int status = 0;
    waitpid(starting_->pid, &status, 0);
    starting_ended_ = exit_status(status);
  }
  load_failed();
}

void Master::loaded() {
  StartedWorker worker = std::move(*starting_);
  starting_.reset();
  children_.reload_succeeded();
  start_programs();
  notice(fmt::format("New worker ({}) forked", worker.pid));
  children_.add(
      {.link = worker.link.release(), .pid = worker.pid, .started = std::time(nullptr), .version = haproxy_version});
  end_oldest_workers();
  notice("Loading success.");
  settle("Ready.");
  if (starting_ended_) ended(*children_.remove(worker.pid), *starting_ended_);
}

void Master::load_failed() {
  const bool first = !handover_.reexecuted();
  if (first) exit_status_ = starting_ended_.value_or(1);
  starting_.reset();
  if (first) return loop_.stop();
  children_.reload_failed();
  settings_.kept = handover_.kept();
  settings_.mark.reset();
  settings_.provides = true;
  if (stopping_) return leave_when_alone();
  warn("Loading failure!");
  settle("Reload failed, the former configuration is in force.");
}

void Master::settle(std::string_view status) {
  log::end_of_startup(log::Introduction::still_to_come);
  handover_.tidy_command_line();
  cli_.start();
  listen_to_worker();
  watch_files();
  daemon_.ready();
  systemd_.say(ready_message(getpid(), status));
  watchdog();
  leave_when_alone();
  if (!stopping_) go_on_reloading();
}

void Master::start_programs() {
  for (const model::Program& program : settings_.programs) {
    if (handover_.reexecuted() && !program.start_on_reload) continue;
    const auto pid = start_program(program);
    if (!pid) {
      alert(fmt::format("[haproxy.main()] Cannot fork program '{}'.", program.name));
      continue;
    }
    notice(fmt::format("New program '{}' ({}) forked", program.name, *pid));
    children_.add({.kind = Child::Kind::program, .pid = *pid, .started = std::time(nullptr), .name = program.name});
  }
}

void Master::end_oldest_workers() {
  if (!settings_.max_reloads) return;
  for (const Child& child : children_.all())
    if (child.kind == Child::Kind::worker && static_cast<uint32_t>(child.reloads) > *settings_.max_reloads)
      kill(child.pid, SIGTERM);
}

void Master::reload(Done done) {
  if (starting_ || worker_reload_.asking()) return waiting_.push_back(std::move(done));
  file_watch_.note();
  notice("Reloading HAProxy");
  systemd_.say(reloading_message(monotonic_us()));
  const Child* worker = children_.current_worker();
  const bool may_stay = worker && settings_.programs.empty() && !handover_.replaced();
  const auto way = settings_.provides ? WorkerReload::Way::provided : WorkerReload::Way::itself;
  const auto finished = [this, done](InPlace outcome, const std::string& answer) {
    reloaded_in_place(outcome, answer, done);
  };
  if (!may_stay || !worker_reload_.ask(*worker, way, finished)) done(execute());
}

void Master::reloaded_in_place(InPlace outcome, const std::string& answer, const Done& done) {
  if (stopping_) return done({});
  if (outcome == InPlace::not_here) {
    const std::string failure = execute();
    for (const Done& each : std::exchange(waiting_, {})) each(failure);
    return done(failure);
  }
  if (outcome == InPlace::done) {
    children_.reloaded_in_place();
    end_oldest_workers();
    notice("Loading success.");
    systemd_.say(ready_message(getpid(), "Ready."));
  } else {
    children_.count_reload();
    children_.reload_failed();
    warn("Loading failure!");
    systemd_.say(ready_message(getpid(), "Reload failed, the former configuration is in force."));
  }
  done(answer.ends_with("\n\n") ? answer.substr(0, answer.size() - 1) : answer);
  go_on_reloading();
}

void Master::go_on_reloading() {
  if (!waiting_.empty())
    return reload([all = std::exchange(waiting_, {})](const std::string& answer) {
      for (const Done& each : all) each(answer);
    });
  if (std::exchange(check_again_, false)) check();
}

void Master::listen_to_worker() {
  const Child* worker = children_.current_worker();
  if (!worker || worker->link < 0) return worker_event_.remove();
  worker_event_.watch<&Master::worker_asks>(loop_, worker->link, EV_READ | EV_PERSIST, *this);
}

void Master::worker_asks(short) {
  const Child* worker = children_.current_worker();
  char words[64];
  const ssize_t got = worker ? recv(worker->link, words, sizeof words, MSG_DONTWAIT) : 0;
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return worker_event_.remove();
  const std::string_view said(words, static_cast<size_t>(got));
  if (stopping_) return;
  if (said.find(admin::wants_reload) != said.npos)
    reload([](const std::string&) {});
  else if (said.find(admin::wants_check) != said.npos)
    check();
}

void Master::check() {
  check_again_ = starting_ || worker_reload_.asking();
  if (check_again_) return;
  const auto finished = [this](InPlace, const std::string&) {
    if (!stopping_) go_on_reloading();
  };
  if (const Child* worker = children_.current_worker())
    worker_reload_.ask(*worker, WorkerReload::Way::provided_check, finished);
}

std::string Master::execute() {
  const base::Error error = handover_.execute(children_, cli_.descriptors(), settings_.kept);
  std::string text = fmt::format("Failed to reexecute the master process [{}]: {}", getpid(), error.text);
  warn(text);
  systemd_.say(ready_message(getpid(), text));
  return text + "\n";
}

void Master::signalled(int signal) {
  switch (signal) {
    case SIGTERM:
    case SIGINT:
    case SIGUSR1: stop(signal); break;
    case SIGUSR2:
    case SIGHUP: reload([](const std::string&) {}); break;
    case SIGTTIN:
    case SIGTTOU: tell_children(signal); break;
    case SIGCHLD: children_ended(); break;
    default: break;
  }
}

void Master::stop(int signal) {
  stopping_ = true;
  file_watch_.stop();
  warn("Exiting Master process...");
  systemd_.say(stopping_message);
  tell_children(signal);
  if (!starting_) leave_when_alone();
}

void Master::tell_children(int signal) const {
  for (const Child& child : children_.all()) kill(child.pid, signal);
  if (starting_ && !starting_ended_) kill(starting_->pid, signal);
}

void Master::children_ended() {
  int status = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (starting_ && pid == starting_->pid) {
      starting_ended_ = exit_status(status);
      continue;
    }
    if (const auto child = children_.remove(pid)) ended(*child, exit_status(status));
  }
}

void Master::ended(const Child& child, int status) {
  listen_to_worker();
  if (child.link >= 0) close(child.link);
  const bool current = children_.is_current(child);
  const bool grave = current && (child.kind == Child::Kind::program || status >= 128);
  log::console(grave ? log::ConsoleLevel::alert : log::ConsoleLevel::warning, describe_end(child, current, status));
  // How it ends by itself or by our signal is no failure, but who interrupts shall see that.
  const bool failed = current && status != 0 && status != terminated;
  if (failed && (settings_.kept.exit_on_failure || stopping_)) {
    if (!exit_status_) exit_status_ = status;
    if (status != interrupted) {
      alert("exit-on-failure: killing every processes with SIGTERM");
      tell_children(SIGTERM);
    }
  }
  if (!starting_) leave_when_alone();
}

void Master::leave_when_alone() {
  // Without a worker there is nothing to do but to wait for a reload that brings one, where a failure is not the end.
  if (!children_.all().empty() || (!settings_.kept.exit_on_failure && !stopping_)) return;
  warn(fmt::format("All workers exited. Exiting... ({})", exit_status_));
  loop_.stop();
}

void Master::watchdog() {
  if (!systemd_.watchdog()) return;
  systemd_.say(alive_message, true);
  watchdog_timer_.arm(*systemd_.watchdog());
}

void Master::watch_files() {
  if (!settings_.kept.reload_on_change || stopping_) return;
  if (const base::Status watched = file_watch_.start(settings_.mark); !watched) warn(cannot_watch(watched.error()));
}

int run_master(std::shared_ptr<const model::Model> model, const Options& options, Handover& handover, Daemon& daemon,
               const std::vector<model::Bind>& binds) {
  Signals::block(master_signals);
  Children children(getpid(), std::time(nullptr));
  if (handover.reexecuted()) {
    children = Children::from_text(handover.processes(), getpid(), std::time(nullptr));
    for (const Child& child : children.all())
      if (child.link >= 0) fcntl(child.link, F_SETFD, FD_CLOEXEC);
  }
  auto sockets = open_master_sockets(binds, handover.take_listeners());
  if (!sockets) {
    alert("[haproxy.main()] Some protocols failed to start their listeners! Exiting.");
    if (!handover.reexecuted()) return 1;
    model.reset();
    sockets.emplace();
  }
  if (const std::string names = names_of(binds); !names.empty()) setenv("HAPROXY_MASTER_CLI", names.c_str(), 1);
  Master::Settings settings;
  std::optional<StartedWorker> starting;
  if (model) {
    const model::Global& global = model->global;
    settings = {{global.exit_on_failure, global.reload_on_change}, global.max_reloads, model->programs};
    settings.provides = gives_up_rights(global);
    if (global.reload_on_change)
      if (auto mark = mark_of_read(options.files, model->sources)) settings.mark = std::move(*mark);
    std::vector<int> of_master;
    for (const MasterSocket& socket : *sockets) of_master.push_back(socket.fd.get());
    auto worker = start_worker(std::move(model), options, daemon, children, of_master);
    if (worker)
      starting = std::move(*worker);
    else
      alert("[haproxy.main()] Cannot fork.");
    if (!worker && !handover.reexecuted()) return 1;
    malloc_trim(0);  // What the configuration took is the worker's now.
  }
  base::set_workers(1);
  return Master(handover, daemon, options, std::move(*sockets), std::move(children), std::move(settings))
      .run(std::move(starting));
}

}  // namespace ddbproxy::app
