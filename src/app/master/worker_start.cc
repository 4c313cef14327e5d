#include "app/master/worker_start.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "admin/socket_server.h"
#include "app/process.h"

namespace ddbproxy::app {
namespace {

void unblock_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace

std::string names_of(const std::vector<model::Bind>& sockets) {
  std::string text;
  for (const model::Bind& bind : sockets)
    for (const auto& place : bind.listeners) {
      if (!text.empty()) text += ';';
      text += admin::socket_name(place.address);
    }
  return text;
}

base::Result<StartedWorker> start_worker(std::shared_ptr<const model::Model> model, const Options& options,
                                         Daemon& daemon, const Children& children, const std::vector<int>& of_master) {
  int pair[2], pipe[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) return base::Error::from_errno(errno);
  StartedWorker worker;
  worker.link.reset(pair[0]);
  UnderMaster under{getpid(), base::Fd(pair[1]), {}};
  if (pipe2(pipe, O_CLOEXEC)) return base::Error::from_errno(errno);
  worker.ready.reset(pipe[0]);
  base::Fd say_ready(pipe[1]);
  std::string names = names_of(model->global.stats_sockets);
  if (!names.empty()) names += ';';
  setenv("HAPROXY_CLI", fmt::format("{}sockpair@{}", names, under.link.get()).c_str(), 1);
  std::fflush(nullptr);
  worker.pid = fork();
  if (worker.pid < 0) return base::Error::from_errno(errno);
  if (worker.pid > 0) return worker;

  worker.link.reset();
  worker.ready.reset();
  for (const int fd : of_master) close(fd);
  const std::string before = options.sockets_from;
  for (const Child& child : children.all()) {
    if (child.link < 0) continue;
    if (before == fmt::format("sockpair@{}", child.link))
      under.link_of_before.reset(child.link);
    else
      close(child.link);
  }
  daemon.answer_to(std::move(say_ready));
  unblock_signals();
  const int status = Process(std::move(model), options, daemon, &under).run();
  std::exit(status);
}

}  // namespace ddbproxy::app
