// The watch on one listening socket.
#include "stream/acceptor.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>

#include "live/connect_failure.h"
#include "stream/admission.h"
#include "stream/doorkeeper.h"

namespace ddbproxy::stream {
namespace {

// How many clients one wake-up lets in before the worker's other connections have their turn (tune.maxaccept).
constexpr uint32_t default_max_accept = 4;
// Each so many wake-ups it is found out how many clients come at a time.
constexpr uint32_t look_interval = 8;
// How long accepting rests when the system has no descriptor or memory for another client.
constexpr base::Milliseconds shortage_rest{100};

bool is_shortage(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS; }

}  // namespace

Acceptor::Acceptor(Doorkeeper& door, const live::FrontendConfig& config, live::Listener& listener)
    : door_(door), admission_(door.admission()), config_(config), listener_(listener) {
  rested_.bind<&Acceptor::on_rested>(door.worker().loop(), *this);
}

void Acceptor::open() {
  state_ = State::accepting;
  rested_.cancel();
  // Level-triggered: a client left behind is announced again.
  readable_.watch<&Acceptor::on_clients>(door_.worker().loop(), listener_.fd.get(), EV_READ | EV_PERSIST, *this);
}

void Acceptor::close() {
  state_ = State::off;
  readable_.remove();
  rested_.cancel();
}

void Acceptor::take_the_waiting() {
  // As many as the queue holds, not as many as come: under a flood the end would not come.
  for (int left = listener_.backlog; left && state_ == State::accepting && accept_one() == Attempt::accepted; --left) {
  }
}

void Acceptor::room_made() {
  if (state_ == State::waiting) on_rested();
}

void Acceptor::on_rested() {
  open();
  if (accepted_) on_clients(0);
}

void Acceptor::on_clients(short) {
  const uint32_t configured = config_.generation.global().maxaccept,
                 most = configured ? configured : default_max_accept;
  // To ask once more than there are clients costs a twentieth of what one of them does: the system has a socket ready
  // before it looks. So no more are let in than came at a time lately; who is left outside is announced again.
  const bool all = ++wake_ups_ % look_interval == 0;
  const uint32_t wanted = all ? most : std::min(at_a_time_, most);
  for (uint32_t left = wanted; left && state_ == State::accepting; --left) {
    switch (accept_one()) {
      case Attempt::accepted: break;
      case Attempt::nobody: at_a_time_ = std::max(1u, wanted - left); return;
      case Attempt::full: wait_for_room(); break;
      case Attempt::too_fast: rest(admission_.excess_rate(config_, base::now())); break;
      case Attempt::no_resources: rest(shortage_rest); break;
    }
  }
  if (all) at_a_time_ = most;
  // The socket may stay silent, so nothing else would bring this client in.
  if (accepted_ && state_ == State::accepting) rest(base::Milliseconds{1});
}

Acceptor::Attempt Acceptor::accept_one() {
  if (!accepted_) {
    if (admission_.excess_rate(config_, base::now()).count()) return Attempt::too_fast;
    if (!admission_.has_room(config_.frontend, listener_)) return Attempt::full;
    if (const Attempt attempt = take_client(); attempt != Attempt::accepted) return attempt;
  }
  // Only now, so that a worker that finds nobody is never counted as a connection.
  if (!admission_.claim(config_.frontend, listener_)) return Attempt::full;
  door_.let_in(std::move(accepted_), config_, listener_, accepted_peer_);
  return Attempt::accepted;
}

Acceptor::Attempt Acceptor::take_client() {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  accepted_.reset(accept4(listener_.fd.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (accepted_) {
    shortage_reported_ = false;
    accepted_peer_ = Address::from_sockaddr(reinterpret_cast<sockaddr*>(&peer), size);
    return Attempt::accepted;
  }
  if (!is_shortage(errno)) return Attempt::nobody;  // taken by another process, or gone again
  report_shortage(errno);
  return Attempt::no_resources;
}

void Acceptor::wait_for_room() {
  state_ = State::waiting;
  readable_.remove();
  admission_.wait_for_room(door_.worker().slot());
  // Whoever left before the line above did not see this worker wait; so look once more.
  if (admission_.has_room(config_.frontend, listener_)) open();
}

void Acceptor::rest(base::Milliseconds delay) {
  state_ = State::resting;
  readable_.remove();
  rested_.arm(std::max(delay, base::Milliseconds{1}));
}

void Acceptor::report_shortage(int error) {
  live::ProcessCounters& process = door_.worker().state().process;
  process.accept_failures.fetch_add(1, std::memory_order_relaxed);
  if (std::exchange(shortage_reported_, true)) return;
  config_.logger.write(log::emerg, fmt::format("Proxy {} reached {}", config_.frontend.name(),
                                               live::shortage_words(error, process.maxsock)));
}

}  // namespace ddbproxy::stream
