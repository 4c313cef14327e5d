#include "app/master/worker_reload.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "app/master/provider.h"
#include "net/socket_passing.h"

namespace ddbproxy::app {
namespace {

/// Names may have to be asked for.
constexpr base::Milliseconds longest{60'000};

}  // namespace

InPlace read_reload_answer(std::string_view answer) {
  if (answer.starts_with("Reloaded ")) return InPlace::done;
  const size_t end = answer.find('\n');
  if (!answer.starts_with("Reloading ") || end == answer.npos) return InPlace::not_here;
  answer.remove_prefix(end + 1);
  for (const std::string_view own_trouble : {"A restart is needed", "Not enough memory", "Cannot create a thread"})
    if (answer.starts_with(own_trouble)) return InPlace::not_here;
  return InPlace::refused;
}

WorkerReload::WorkerReload(net::Loop& loop, const Options& options) : loop_(loop), options_(options) {
  patience_.bind<&WorkerReload::too_late>(loop, *this);
}

bool WorkerReload::ask(const Child& worker, Way way, Done done) {
  provider_ = -1;
  if (way == Way::itself) {
    auto connection = net::connect_through(worker.link);
    constexpr std::string_view question = "reload\n";
    if (!connection || send(connection->get(), question.data(), question.size(), MSG_NOSIGNAL | MSG_DONTWAIT) !=
                           static_cast<ssize_t>(question.size()))
      return false;
    fcntl(connection->get(), F_SETFL, O_NONBLOCK);
    connection_ = std::move(*connection);
  } else {
    auto provider = start_provider(worker, options_, way == Way::provided_check);
    if (!provider) return false;
    provider_ = provider->pid;
    connection_ = std::move(provider->answer);
  }
  answer_.clear();
  done_ = std::move(done);
  event_.watch<&WorkerReload::readable>(loop_, connection_.get(), EV_READ | EV_PERSIST, *this);
  patience_.arm(longest);
  return true;
}

void WorkerReload::readable(short) {
  char buffer[4096];
  const ssize_t got = read(connection_.get(), buffer, sizeof buffer);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got > 0) return void(answer_.append(buffer, static_cast<size_t>(got)));
  finish(read_reload_answer(answer_));
}

void WorkerReload::too_late() {
  if (provider_ > 0) kill(provider_, SIGKILL);
  finish(InPlace::not_here);
}

void WorkerReload::finish(InPlace outcome) {
  event_.remove();
  patience_.cancel();
  connection_.reset();
  std::exchange(done_, nullptr)(outcome, answer_);
}

}  // namespace ddbproxy::app
