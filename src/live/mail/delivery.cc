#include "live/mail/delivery.h"

#include <cerrno>
#include <sys/socket.h>

#include "net/connector.h"
#include "net/socket.h"

namespace ddbproxy::live {

Delivery::Delivery(net::Loop& loop, Listener& listener) : loop_(loop), listener_(listener) {
  timer_.bind<&Delivery::timed_out>(loop, *this);
  begin_.bind<&Delivery::begin>(loop, *this);
}

// Not at once: whoever asks for a mail is in the middle of a server's change.
void Delivery::start(Mail mail) {
  mail_ = std::move(mail);
  at_ = 0;
  closed_ = false;
  under_way_ = true;
  timer_.arm(mail_.timeout);
  begin_.fire_soon();
}

void Delivery::begin() {
  net::ConnectStart start = net::start_connect(mail_.server, {});
  if (!start) return end(false);
  socket_ = std::move(start.fd);
  event_.watch<&Delivery::on_decided>(loop_, socket_.get(), EV_WRITE, *this);
}

void Delivery::on_decided(short) {
  if (net::take_error(socket_.get())) return end(false);
  listen();
}

void Delivery::listen() { event_.watch<&Delivery::on_readable>(loop_, socket_.get(), EV_READ, *this); }

void Delivery::on_readable(short) {
  char bytes[4096];
  const ssize_t count = recv(socket_.get(), bytes, sizeof bytes, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return listen();
  if (count <= 0) {
    closed_ = true;
    return end(false);
  }
  answer_.append(bytes, static_cast<size_t>(count));
  switch (judge_mail_answer(answer_, mail_steps[at_].awaited)) {
    case MailAnswer::incomplete: return listen();
    case MailAnswer::bad: return end(false);
    case MailAnswer::good: break;
  }
  if (!mail_steps[at_].words) return end(true);
  say();
}

void Delivery::say() {
  unsent_ = mail_steps[at_].words(mail_, base::wall_now());
  answer_.clear();
  ++at_;
  send();
}

void Delivery::send() {
  while (!unsent_.empty()) {
    const ssize_t sent = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR))
      return event_.watch<&Delivery::on_writable>(loop_, socket_.get(), EV_WRITE, *this);
    if (sent < 0) return end(false);
    unsent_.erase(0, static_cast<size_t>(sent));
  }
  listen();
}

void Delivery::on_writable(short) { send(); }

// Reset, as haproxy does it, unless the server has closed: nothing is left to be said.
void Delivery::end(bool well) {
  if (!under_way_) return;
  under_way_ = false;
  timer_.cancel();
  begin_.cancel();
  event_.remove();
  char next;
  if (socket_ && !closed_ && recv(socket_.get(), &next, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
    net::reset_on_close(socket_.get());
  socket_.reset();
  answer_.clear();
  unsent_.clear();
  listener_.delivered(*this, well);
}

}  // namespace ddbproxy::live
