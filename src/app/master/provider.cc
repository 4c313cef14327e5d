#include "app/master/provider.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <deque>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "app/limits.h"
#include "app/provision.h"
#include "app/sources.h"
#include "net/listener.h"
#include "net/socket_passing.h"

namespace ddbproxy::app {
namespace {

class Conductor {
 public:
  Conductor(int link, const Options& options, bool only_check) : link_(link), options_(options) {
    provision_.only_check = only_check;
  }

  /// The worker's answer; empty: it could not be asked.
  std::string conduct() {
    read();
    const std::string answer = ask();
    const bool done = answer.starts_with("Reloaded ");
    for (const net::PendingName& name : names_)
      if (done)
        rename(name.temporary.c_str(), name.path.c_str());
      else
        unlink(name.temporary.c_str());
    return answer;
  }

 private:
  void read() {
    std::string culprit;
    auto sources = load_sources(options_.files, culprit);
    if (!sources) {
      provision_.unreadable = sources.error().text;
      return;
    }
    provision_.sources = *sources;
    ParseOptions options = parse_options_of(options_);
    options.outside = &provision_.outside;
    options.running = std::make_shared<const model::Model>();  // what its servers are the worker knows
    const ParseResult parsed = parse(std::move(*sources), options);
    if (parsed.model && !provision_.only_check) open(*parsed.model);
  }

  void open(const model::Model& model) {
    net::InheritedSockets known;  // to the worker
    if (auto sockets = net::receive_sockets(fmt::format("sockpair@{}", link_))) known.add(std::move(*sockets));
    for_each_place(model, thread_count(model.global), !options_.no_reuseport,
                   [&](const model::Bind& bind, const model::Bind::Listener& listener, net::ListenOptions how) {
                     if (listener.inherited_fd >= 0 || known.take(bind, listener.address)) return;
                     how.pending = &names_;
                     auto opened = net::open_listener(bind, listener, how);
                     if (!opened) {
                       provision_.not_opened.emplace(net::socket_place(bind, listener), opened.error());
                       return;
                     }
                     given_.push_back({opened->get(), names_of_place_.emplace_back(bind.interface),
                                       names_of_place_.emplace_back(bind.network_namespace)});
                     opened_.push_back(std::move(*opened));
                   });
  }

  std::string ask() {
    auto connection = net::connect_through(link_);
    if (!connection) return {};
    constexpr std::string_view command = "_reload\n";
    if (send(connection->get(), command.data(), command.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(command.size()))
      return {};
    if (!send_provision(connection->get(), provision_, given_)) return {};
    std::string answer;
    char buffer[4096];
    for (ssize_t got; (got = ::read(connection->get(), buffer, sizeof buffer)) != 0;) {
      if (got < 0 && errno != EINTR) break;
      if (got > 0) answer.append(buffer, static_cast<size_t>(got));
    }
    return answer;
  }

  int link_;
  const Options& options_;
  Provision provision_;
  std::vector<base::Fd> opened_;
  std::deque<std::string> names_of_place_;
  std::vector<net::GivenSocket> given_;
  std::vector<net::PendingName> names_;
};

/// The child's life.
[[noreturn]] void run(int answer_to, int link, const Options& options, bool only_check) {
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGHUP, SIGQUIT, SIGTTIN, SIGTTOU, SIGCHLD})
    std::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const std::string answer = Conductor(link, options, only_check).conduct();
  for (std::string_view rest = answer; !rest.empty();) {
    const ssize_t written = write(answer_to, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    rest.remove_prefix(static_cast<size_t>(written));
  }
  _exit(0);
}

}  // namespace

base::Result<Provider> start_provider(const Child& worker, const Options& options, bool only_check) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return base::Error::from_errno(errno);
  Provider provider;
  provider.answer.reset(ends[0]);
  const base::Fd write_end(ends[1]);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  std::fflush(nullptr);
  provider.pid = fork();
  if (provider.pid < 0) return base::Error::from_errno(errno);
  if (provider.pid == 0) run(write_end.get(), worker.link, options, only_check);
  return provider;
}

}  // namespace ddbproxy::app
