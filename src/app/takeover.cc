#include "app/takeover.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "log/console.h"

namespace ddbproxy::app {
namespace {

base::Status write_pidfile(const std::string& path, pid_t pid) {
  unlink(path.c_str());
  const base::Fd file(::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644));
  const std::string text = fmt::format("{}\n", pid);
  if (!file || write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return base::Error{errno, fmt::format("[haproxy.main()] Cannot create pidfile {}", path)};
  return base::ok();
}

/// All but the standard ones and `kept`: listening sockets above all, which must not outlive the process.
void close_all_but(int kept) {
  close_range(STDERR_FILENO + 1, static_cast<unsigned>(kept) - 1, 0);
  close_range(static_cast<unsigned>(kept) + 1, ~0U, 0);
}

/// False when the process ends instead.
bool told_to_go_on(int parent) {
  char word;
  return read(parent, &word, 1) == 1;
}

}  // namespace

Takeover::~Takeover() {
  if (completed_) return;
  child_.reset();
  if (child_pid_ < 0)
    put_back();
  else
    waitpid(child_pid_, nullptr, 0);
}

base::Status Takeover::inherit() {
  if (options_.overwrote_sockets_from)
    log::console(log::ConsoleLevel::warning, "-x option already set, overwriting the value");
  // What haproxy's master names when there is nobody to ask.
  if (options_.sockets_from.empty() || options_.sockets_from == "/dev/null") return base::ok();
  auto sockets = net::receive_sockets(options_.sockets_from);
  if (!sockets) {
    log::console(log::ConsoleLevel::warning, sockets.error().text);
    return base::Error{0, "Failed to get the sockets from the old process!"};
  }
  inherited_.add(std::move(*sockets));
  return base::ok();
}

base::Result<base::Fd> Takeover::open(const model::Bind& bind, const model::Bind::Listener& listener,
                                      net::ListenOptions options) {
  options.inherited = &inherited_;
  // Nobody loses by a moment without a name, except where an old process still answers at it.
  if (!options_.old_pids.empty()) options.pending = &names_;
  auto fd = net::open_listener(bind, listener, options);
  while (!fd && fd.error().code == EADDRINUSE && wait_for_port()) fd = net::open_listener(bind, listener, options);
  return fd;
}

bool Takeover::wait_for_port() {
  if (options_.old_pids.empty() || patience_-- <= 0) return false;
  paused_old_ = true;
  tell_old(SIGTTOU);
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return true;
}

void Takeover::tell_old(int signal) const {
  for (const pid_t pid : options_.old_pids) kill(pid, signal);
}

void Takeover::put_back() const {
  for (const net::PendingName& name : names_) unlink(name.temporary.c_str());
  if (paused_old_) tell_old(SIGTTIN);
}

base::Status Takeover::prepare() {
  inherited_.drop_rest();
  if (pidfile_.empty() && options_.old_pids.empty()) return base::ok();
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return base::Error::from_errno(errno);
  child_.reset(ends[0]);
  base::Fd own(ends[1]);
  child_pid_ = fork();
  if (child_pid_ < 0) return base::Error{errno, "[haproxy.main()] Cannot fork."};
  if (child_pid_ > 0) return base::ok();

  close_all_but(own.get());
  if (!told_to_go_on(own.get())) {
    put_back();
    _exit(1);
  }
  base::Status done = pidfile_.empty() ? base::ok() : write_pidfile(pidfile_, in_charge_);
  for (const net::PendingName& name : names_)
    if (done && rename(name.temporary.c_str(), name.path.c_str()))
      done = base::Error{errno, "cannot switch final and temporary UNIX sockets [" + name.path + "]"};
  if (done) {
    tell_old(options_.terminate_old ? SIGTERM : SIGUSR1);
    _exit(0);
  }
  [[maybe_unused]] const ssize_t told = write(own.get(), done.error().text.data(), done.error().text.size());
  shutdown(own.get(), SHUT_WR);
  told_to_go_on(own.get());  // Until its sockets are closed, the old processes cannot listen again.
  put_back();
  _exit(1);
}

base::Status Takeover::complete() {
  completed_ = child_pid_ < 0;
  if (completed_) return base::ok();
  [[maybe_unused]] const ssize_t asked = send(child_.get(), "", 1, MSG_NOSIGNAL);
  std::string error;
  char buffer[4096];
  for (ssize_t n; (n = read(child_.get(), buffer, sizeof buffer)) > 0;) error.append(buffer, static_cast<size_t>(n));
  if (!error.empty()) return base::Error{0, error};
  completed_ = true;
  int status = 0;
  waitpid(child_pid_, &status, 0);
  if (status) return base::Error{0, "[haproxy.main()] The old process could not be told to go."};
  return base::ok();
}

}  // namespace ddbproxy::app
