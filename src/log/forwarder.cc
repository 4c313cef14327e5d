#include "log/forwarder.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <sys/socket.h>

#include "log/logger.h"
#include "log/received.h"

namespace ddbproxy::log {
namespace {

std::atomic<uint64_t> received_messages{0};

constexpr uint32_t default_most_clients = 10;
/// Of one socket before others have their turn.
constexpr int at_a_time = 64;
constexpr auto pause_after_failure = base::Milliseconds(100);

/// Of messages by TCP, as haproxy has room for.
size_t longest_message(const model::Global& global) {
  return global.bufsize > global.maxrewrite + 1 ? global.bufsize - global.maxrewrite - 1 : 1;
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

uint64_t received() { return received_messages.load(std::memory_order_relaxed); }

/// A socket of datagrams, each one message.
class Forwarder::Source {
 public:
  Source(Forwarder& owner, base::Fd fd) : owner_(owner), fd_(std::move(fd)), bytes_(new char[size]) {}

  void start() { event_.watch<&Source::on_readable>(owner_.loop_, fd_.get(), EV_READ | EV_PERSIST, *this); }

 private:
  static constexpr size_t size = 65536;

  void on_readable(short) {
    for (int count = 0; count < at_a_time; ++count) {
      const ssize_t length = recv(fd_.get(), bytes_.get(), size, MSG_DONTWAIT);
      if (length < 0) return;
      owner_.take({bytes_.get(), static_cast<size_t>(length)});
    }
  }

  Forwarder& owner_;
  base::Fd fd_;
  std::unique_ptr<char[]> bytes_;
  net::Event event_;
};

/// A listening socket. It lets nobody in while the section has as many clients as it may, or the line has.
class Forwarder::Door {
 public:
  Door(Forwarder& owner, base::Fd fd, uint32_t most) : owner_(owner), fd_(std::move(fd)), most_(most) {
    rest_.bind<&Door::open>(owner.loop_, *this);
  }

  void open() {
    if (fd_ && !full()) event_.watch<&Door::on_clients>(owner_.loop_, fd_.get(), EV_READ | EV_PERSIST, *this);
  }
  void close() {
    event_.remove();
    rest_.cancel();
    fd_.reset();
  }
  void one_left() { --clients_; }

 private:
  bool full() const { return owner_.clients_.size() >= owner_.most_clients_ || (most_ && clients_ >= most_); }
  void on_clients(short);

  Forwarder& owner_;
  base::Fd fd_;
  const uint32_t most_;  // 0: as many as the section
  uint32_t clients_ = 0;
  net::Event event_;
  net::Timer rest_;
};

/// Who sends messages by TCP.
class Forwarder::Client {
 public:
  Client(Forwarder& owner, Door& door, base::Fd fd)
      : owner_(owner), door_(door), fd_(std::move(fd)), frames_(owner.longest_) {
    idle_.bind<&Client::leave>(owner.loop_, *this);
    rearm();
    event_.watch<&Client::on_readable>(owner.loop_, fd_.get(), EV_READ | EV_PERSIST, *this);
  }
  void out_of_memory(base::Memory) { leave(); }
  void close() {
    event_.remove();
    idle_.cancel();
    fd_.reset();
  }

 private:
  void rearm() {
    const auto& timeout = owner_.client_timeout_;
    if (timeout && timeout->count()) idle_.arm(*timeout);
  }

  void on_readable(short) {
    char bytes[16384];
    const ssize_t count = recv(fd_.get(), bytes, std::min(sizeof bytes, frames_.room()), MSG_DONTWAIT);
    if (count < 0 && would_block(errno)) return;
    // What is not a whole message by then is none.
    if (count <= 0) return leave();
    rearm();
    frames_.append({bytes, static_cast<size_t>(count)});
    for (std::string_view message;;) switch (frames_.next(message)) {
        case Frames::Next::message: owner_.take(message); break;
        case Frames::Next::more: return;
        case Frames::Next::broken: return leave();
      }
  }

  void leave() { owner_.leave(*this, door_); }

  Forwarder& owner_;
  Door& door_;
  base::Fd fd_;
  Frames frames_;
  net::Event event_;
  net::Timer idle_;
};

void Forwarder::Door::on_clients(short) {
  for (int count = 0; count < at_a_time; ++count) {
    if (full()) return event_.remove();
    base::Fd client(accept4(fd_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client) {
      if (would_block(errno) || errno == ECONNABORTED) return;
      event_.remove();
      return rest_.arm(pause_after_failure);
    }
    ++clients_;
    owner_.connections_.fetch_add(1, std::memory_order_relaxed);
    owner_.clients_.push_back(std::make_unique<Client>(owner_, *this, std::move(client)));
  }
}

Forwarder::Forwarder(net::Loop& loop, const model::LogForward& section, const model::Global& global)
    : loop_(loop),
      name_(section.name),
      log_lines_(section.proxy->log.targets),
      longest_(longest_message(global)),
      most_clients_(section.proxy->frontend->maxconn ? section.proxy->frontend->maxconn : default_most_clients),
      client_timeout_(section.proxy->timeouts.client) {
  for (const model::LogTarget& line : log_lines_) targets_.push_back(std::make_unique<Target>(line));
  burial_.bind<&Forwarder::bury>(loop, *this);
}

Forwarder::~Forwarder() = default;

void Forwarder::open(const model::LogForward& section, const Open& stream, const Open& datagram,
                     const std::function<void(const model::Bind&, const Address&, const base::Error&)>& failed) {
  const auto each = [&](const std::vector<model::Bind>& binds, const Open& how, const auto& keep) {
    for (const model::Bind& bind : binds)
      for (const model::Bind::Listener& place : bind.listeners) {
        auto fd = how(bind, place);
        if (fd)
          keep(bind, std::move(*fd));
        else
          failed(bind, place.address, fd.error());
      }
  };
  each(section.proxy->frontend->binds, stream, [&](const model::Bind& bind, base::Fd fd) {
    doors_.push_back(std::make_unique<Door>(*this, std::move(fd), bind.maxconn));
  });
  each(section.datagram_binds, datagram,
       [&](const model::Bind&, base::Fd fd) { sources_.push_back(std::make_unique<Source>(*this, std::move(fd))); });
}

void Forwarder::start() {
  for (const auto& source : sources_) source->start();
  for (const auto& door : doors_) door->open();
}

void Forwarder::close() {
  sources_.clear();
  for (const auto& door : doors_) door->close();
}

void Forwarder::take(std::string_view message) {
  received_messages.fetch_add(1, std::memory_order_relaxed);
  const Received read = read_received(message);
  const base::WallTime now = base::wall_now();
  for (const auto& target : targets_)
    if (!target->forward(read, now)) note_dropped();
}

// Not destroyed at once: it may be its own callback that says so.
void Forwarder::leave(Client& client, Door& door) {
  const auto found = std::ranges::find_if(clients_, [&](const auto& each) { return each.get() == &client; });
  if (found == clients_.end()) return;
  client.close();
  gone_.push_back(std::move(*found));
  clients_.erase(found);
  burial_.fire_soon();
  door.one_left();
  for (const auto& each : doors_) each->open();
}

void Forwarder::bury() { gone_.clear(); }

Forwarders::~Forwarders() {
  if (!thread_.joinable()) return;
  loop_->stop();
  thread_.join();
}

void Forwarders::open(
    const model::Model& model, const Forwarder::Open& stream, const Forwarder::Open& datagram,
    const std::function<void(std::string_view name, const model::Bind&, const Address&, const base::Error&)>& failed) {
  if (model.log_forwards.empty()) return;
  loop_ = std::make_unique<net::Loop>();
  for (const auto& section : model.log_forwards) {
    forwarders_.push_back(std::make_unique<Forwarder>(*loop_, *section, model.global));
    forwarders_.back()->open(*section, stream, datagram,
                             [&](const auto& bind, const Address& address, const base::Error& why) {
                               failed(section->name, bind, address, why);
                             });
  }
}

void Forwarders::start() {
  if (forwarders_.empty()) return;
  for (const auto& forwarder : forwarders_) forwarder->start();
  thread_ = std::thread([this] { loop_->run(); });
}

void Forwarders::close(const std::function<void(std::string_view name, uint64_t connections)>& closed) {
  if (!thread_.joinable()) return;
  for (const auto& forwarder : forwarders_) closed(forwarder->name(), forwarder->connections());
  loop_->post([this] {
    for (const auto& forwarder : forwarders_) forwarder->close();
  });
}

}  // namespace ddbproxy::log
