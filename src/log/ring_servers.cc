#include "log/ring_servers.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>

#include "log/rings.h"
#include "net/connector.h"
#include "net/socket.h"

namespace ddbproxy::log {
namespace {

constexpr auto pause_between_tries = base::Milliseconds(1000);
/// Bytes that are made ready at a time.
constexpr size_t piece = 16384;

Address address_of(const model::Server& server) {
  Address address = server.address;
  if (server.port) address.set_port(server.port);
  return address;
}

std::string name_of(const model::Ring& section, size_t number) {
  return fmt::format("{}/{}", section.name, section.proxy->backend->servers[number].name);
}

}  // namespace

RingServer::RingServer(net::Loop& loop, std::shared_ptr<Ring> ring, const model::Ring& section, size_t number)
    : loop_(loop),
      ring_(std::move(ring)),
      name_(name_of(section, number)),
      address_(address_of(section.proxy->backend->servers[number])),
      source_(section.proxy->backend->servers[number].source),
      framing_(section.framings[number]),
      connect_timeout_(section.proxy->timeouts.connect),
      server_timeout_(section.proxy->timeouts.server),
      at_(ring_->oldest()) {
  timeout_.bind<&RingServer::too_slow>(loop, *this);
  retry_.bind<&RingServer::connect>(loop, *this);
  retry_.fire_soon();
}

bool RingServer::serves(const model::Ring& section, size_t number) const {
  const model::Server& server = section.proxy->backend->servers[number];
  const model::Timeouts& timeouts = section.proxy->timeouts;
  const auto same_source = [&] {
    return source_.has_value() == server.source.has_value() &&
           (!source_ || (source_->address == server.source->address && source_->ports == server.source->ports &&
                         source_->interface == server.source->interface));
  };
  return name_ == name_of(section, number) && address_ == address_of(server) && framing_ == section.framings[number] &&
         connect_timeout_ == timeouts.connect && server_timeout_ == timeouts.server && same_source();
}

void RingServer::connect() {
  net::ConnectOptions options;
  options.source = source_ ? &*source_ : nullptr;
  net::ConnectStart start = net::start_connect(address_, options);
  if (!start) return lost();
  socket_ = std::move(start.fd);
  if (connect_timeout_ && connect_timeout_->count()) timeout_.arm(*connect_timeout_);
  event_.watch<&RingServer::on_decided>(loop_, socket_.get(), EV_WRITE, *this);
}

void RingServer::on_decided(short) {
  if (net::take_error(socket_.get())) return lost();
  timeout_.cancel();
  connected_ = true;
  say();
}

void RingServer::go_on() {
  if (connected_ && unsent_.empty()) say();
}

/// What it says means nothing; that it has closed does. False then.
bool RingServer::hear() {
  char bytes[1024];
  for (;;) {
    const ssize_t count = recv(socket_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (count > 0) continue;
    return count < 0 && (errno == EAGAIN || errno == EINTR);
  }
}

void RingServer::on_event(short happened) {
  if ((happened & EV_READ) && !hear()) return lost();
  say();
}

void RingServer::say() {
  for (;;) {
    while (sent_ < unsent_.size()) {
      const ssize_t count =
          send(socket_.get(), unsent_.data() + sent_, unsent_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count >= 0) {
        sent_ += static_cast<size_t>(count);
        timeout_.cancel();
        continue;
      }
      if (errno != EAGAIN && errno != EINTR) return lost();
      if (server_timeout_ && server_timeout_->count() && !timeout_.armed()) timeout_.arm(*server_timeout_);
      event_.watch<&RingServer::on_event>(loop_, socket_.get(), EV_READ | EV_WRITE, *this);
      return;
    }
    unsent_.clear();
    sent_ = 0;
    message_.clear();
    while (unsent_.size() < piece && ring_->read(at_, message_)) {
      if (framing_ == model::LogFraming::octet_count)
        fmt::format_to(std::back_inserter(unsent_), "{} {}", message_.size(), message_);
      else
        unsent_.append(message_) += '\n';
      message_.clear();
    }
    if (unsent_.empty()) break;
  }
  event_.watch<&RingServer::on_event>(loop_, socket_.get(), EV_READ, *this);
}

void RingServer::lost() {
  connected_ = false;
  timeout_.cancel();
  event_.remove();
  socket_.reset();
  unsent_.clear();
  sent_ = 0;
  retry_.arm(pause_between_tries);
}

RingServers::~RingServers() { set_ring_listener(nullptr); }

void RingServers::adopt(const model::Model& model) {
  set_ring_listener(this);
  std::vector<std::unique_ptr<RingServer>> before = std::move(servers_);
  servers_.clear();
  for (const auto& section : model.rings)
    for (size_t number = 0; number < section->framings.size(); ++number) {
      const auto same = std::ranges::find_if(
          before, [&](const auto& each) { return each && each->name() == name_of(*section, number); });
      if (same != before.end() && (*same)->serves(*section, number)) {
        servers_.push_back(std::move(*same));
        continue;
      }
      servers_.push_back(std::make_unique<RingServer>(loop_, find_ring(section->name), *section, number));
      // Another address gets what the old one did not.
      if (same != before.end()) servers_.back()->go_on_from((*same)->position());
    }
}

std::shared_ptr<void> RingServers::watch(std::function<void()> look) {
  auto watcher = std::make_shared<std::function<void()>>(std::move(look));
  std::erase_if(watchers_, [](const auto& each) { return each.expired(); });
  watchers_.push_back(watcher);
  return watcher;
}

// A burst of messages costs the loop one turn.
void RingServers::written() {
  if (!told_.exchange(true)) loop_.post([this] { tell(); });
}

void RingServers::tell() {
  told_ = false;
  for (const auto& server : servers_) server->go_on();
  // Those that look may leave, and others come.
  const auto watchers = watchers_;
  for (const auto& each : watchers)
    if (const auto watcher = each.lock()) (*watcher)();
}

}  // namespace ddbproxy::log
