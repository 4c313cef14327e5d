#include "admin/session.h"

#include <cerrno>
#include <sys/socket.h>

#include "admin/socket_server.h"

namespace ddbproxy::admin {
namespace {

constexpr size_t piece = 16384;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

Session::Session(SocketServer& server, net::Loop& loop, Runtime& runtime, base::Fd fd, Client client, Caller caller)
    : server_(server),
      loop_(loop),
      fd_(std::move(fd)),
      caller_(std::move(caller)),
      conversation_(runtime, client, [this] {
        // An answer that "comes later" may come at once, while go_on() is still asking for it.
        if (!going_on_) go_on();
      }) {
  idle_timer_.bind<&Session::expired>(loop_, *this);
  if (client.timeout.count()) idle_timer_.arm(client.timeout);
  want(Interest::read);
}

stream::StreamDescription Session::describe() const {
  const base::Instant now = base::now();
  stream::StreamDescription description;
  description.id = reinterpret_cast<uintptr_t>(this);
  description.frontend = "GLOBAL";
  description.facts.client = caller_.client;
  description.facts.frontend_address = caller_.socket;
  description.facts.bind_id = caller_.socket_number;
  description.facts.request_counter = caller_.request_number;
  description.facts.accepted = accepted_;
  description.facts.bytes_in = bytes_in_;
  description.facts.bytes_out = bytes_out_;
  description.age = std::chrono::duration_cast<base::Milliseconds>(std::chrono::system_clock::now() - accepted_);
  description.idle = base::Milliseconds{base::milliseconds_between(last_active_, now)};
  if (const auto timeout = conversation_.client().timeout; timeout.count())
    description.expires_in = timeout - description.idle;
  description.state = "established";
  description.client_fd = fd_.get();
  return description;
}

void Session::ready(short) { go_on(); }
void Session::expired() { close(); }

void Session::go_on() {
  if (closing_) return;
  going_on_ = true;
  const bool read_all = read();
  const Conversation::Next next = output_.empty() ? conversation_.advance(output_, piece) : Conversation::Next::output;
  const bool written_all = write();
  going_on_ = false;
  if (closing_) return;

  last_active_ = base::now();
  const auto timeout = conversation_.client().timeout;
  if (timeout.count()) idle_timer_.arm(timeout);
  if (!written_all) return want(Interest::write);
  switch (next) {
    case Conversation::Next::output: return want(Interest::write);
    case Conversation::Next::answer: return want(Interest::none);
    case Conversation::Next::either: return want(Interest::read);
    case Conversation::Next::end: return close();
    case Conversation::Next::leave:
      event_.remove();
      conversation_.taker()(std::move(fd_));
      return close();
    case Conversation::Next::input:
      if (read_all && conversation_.satisfied()) return close();
      return want(Interest::read);
  }
}

bool Session::read() {
  char buffer[4096];
  while (const size_t room = conversation_.room()) {
    const ssize_t got = ::recv(fd_.get(), buffer, std::min(room, sizeof buffer), 0);
    if (got > 0) {
      bytes_in_ += static_cast<size_t>(got);
      conversation_.receive({buffer, static_cast<size_t>(got)});
    } else if (got < 0 && would_block(errno)) {
      return true;
    } else {
      conversation_.end_of_input();
      return true;
    }
  }
  return false;
}

bool Session::write() {
  while (written_ < output_.size()) {
    const ssize_t sent = ::send(fd_.get(), output_.data() + written_, output_.size() - written_, MSG_NOSIGNAL);
    if (sent < 0) {
      if (would_block(errno)) return false;
      close();
      return false;
    }
    written_ += static_cast<size_t>(sent);
    bytes_out_ += static_cast<size_t>(sent);
    server_.count_bytes(static_cast<size_t>(sent));
  }
  output_.clear();
  written_ = 0;
  return true;
}

void Session::want(Interest interest) {
  if (interest == interest_) return;
  interest_ = interest;
  if (interest == Interest::none) return event_.remove();
  const short what = interest == Interest::read ? EV_READ : EV_WRITE;
  event_.watch<&Session::ready>(loop_, fd_.get(), static_cast<short>(what | EV_PERSIST), *this);
}

void Session::close() {
  if (closing_) return;
  closing_ = true;
  event_.remove();
  idle_timer_.cancel();
  fd_.reset();
  server_.retire(*this);
}

}  // namespace ddbproxy::admin
