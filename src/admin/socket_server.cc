#include "admin/socket_server.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "live/state.h"
#include "net/listener.h"

namespace ddbproxy::admin {
namespace {

constexpr base::Milliseconds default_timeout{10000};
constexpr base::Milliseconds pause_without_descriptors{100};

Client client_of(const model::Bind& bind, const model::Global& global) {
  Client client;
  client.granted = client.level = bind.level;
  client.may_take_sockets = bind.expose_listeners;
  client.timeout = global.stats_timeout.value_or(default_timeout);
  if (bind.severity_output == "number") client.severity_output = SeverityOutput::number;
  if (bind.severity_output == "string") client.severity_output = SeverityOutput::string;
  return client;
}

Client master_client(const model::Global& global) {
  model::Bind bind;
  bind.level = model::CliLevel::admin;
  bind.expose_listeners = true;
  Client client = client_of(bind, global);
  client.through_link = true;
  return client;
}

}  // namespace

std::string socket_name(const Address& address) {
  switch (address.family()) {
    case AF_INET: return "ipv4@" + address.text();
    case AF_INET6: return "ipv6@" + address.text();
    default: return address.is_abstract() ? address.text() : "unix@" + address.text();
  }
}

SocketServer::SocketServer(net::Loop& control, live::State& state, live::ServerStates& states, Services& services,
                           stats::ProcessInfo& info)
    : loop_(control), info_(info), runtime_{control, state, states, services, info_, {}, {}} {
  burial_.bind<&SocketServer::bury>(loop_, *this);
  pause_.bind<&SocketServer::resume>(loop_, *this);
  runtime_.describe_clients = [this] {
    std::vector<stream::StreamDescription> all;
    sessions_.for_each([&](Session& session) { all.push_back(session.describe()); });
    return all;
  };
}

SocketServer::~SocketServer() {
  bury();
  while (Session* session = sessions_.front()) delete session;
}

void SocketServer::listen(base::Fd socket, const model::Bind& bind, const model::Bind::Listener& place, int backlog) {
  auto& listener = *listeners_.emplace_back(std::make_unique<Listener>());
  listener.server = this;
  listener.bind = &bind;
  listener.place = &place;
  listener.backlog = backlog;
  listener.number = static_cast<uint32_t>(listeners_.size());
  listener.fd = std::move(socket);
  // Before the names of what it does not listen on itself.
  runtime_.sockets.insert(std::next(runtime_.sockets.begin(), listener.number - 1),
                          {socket_name(written_address(listener)), bind.level});
  info_.runtime_api_listeners = static_cast<uint32_t>(listeners_.size());
  if (accepting_) watch(listener);
}

void SocketServer::watch(Listener& listener) {
  if (paused_ && may_pause(listener)) return;
  listener.event.watch<&Listener::readable>(loop_, listener.fd.get(), EV_READ | EV_PERSIST, listener);
}

bool SocketServer::may_pause(const Listener& listener) {
  return listener.place->inherited_fd < 0 && !listener.place->address.is_unix();
}

bool SocketServer::pause() {
  if (paused_ || listeners_.empty()) return false;
  paused_ = true;
  for (auto& each : listeners_) {
    if (!may_pause(*each)) continue;
    each->event.remove();
    net::suspend_listening(each->fd.get());
  }
  return true;
}

bool SocketServer::resume_listening() {
  if (!paused_ || listeners_.empty()) return false;
  paused_ = false;
  for (auto& each : listeners_) {
    if (!may_pause(*each)) continue;
    net::resume_listening(each->fd.get(), each->backlog);
    if (accepting_) watch(*each);
  }
  return true;
}

Address SocketServer::written_address(const Listener& listener) const {
  // A UNIX socket was bound under another name and then renamed: only the configuration has its name.
  if (listener.place->address.is_unix()) return listener.place->address;
  return net::local_address(listener.fd.get());
}

base::Fd SocketServer::share(const model::Bind& bind, const model::Bind::Listener& place) const {
  const std::string wanted = net::socket_place(bind, place);
  for (const auto& listener : listeners_)
    if (net::socket_place(*listener->bind, *listener->place) == wanted)
      return base::Fd(fcntl(listener->fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  return {};
}

void SocketServer::forget_listeners() {
  runtime_.sockets.erase(runtime_.sockets.begin(),
                         runtime_.sockets.begin() + static_cast<ptrdiff_t>(listeners_.size()));
  listeners_.clear();
}

bool SocketServer::stop_listening() {
  const bool listened = !listeners_.empty();
  listeners_.clear();
  info_.runtime_api_listeners = 0;
  return listened;
}

std::vector<int> SocketServer::descriptors() const {
  std::vector<int> fds;
  for (const auto& listener : listeners_) fds.push_back(listener->fd.get());
  return fds;
}

bool SocketServer::full() const {
  return count_ >= runtime_.state.model().global.stats_maxconn.value_or(model::default_stats_maxconn);
}

void SocketServer::accept(Listener& listener) {
  while (!full()) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    base::Fd client(
        ::accept4(listener.fd.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client) {
      if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) return;
      runtime_.state.process.accept_failures.fetch_add(1, std::memory_order_relaxed);
      pause_.arm(pause_without_descriptors);
      break;
    }
    admit(std::move(client), client_of(*listener.bind, runtime_.state.model().global),
          Address::from_sockaddr(reinterpret_cast<sockaddr*>(&peer), size), net::local_address(listener.fd.get()),
          listener.number);
  }
  accepting_ = false;
  for (auto& each : listeners_) each->event.remove();
}

void SocketServer::resume() {
  if (accepting_ || full()) return;
  accepting_ = true;
  for (auto& each : listeners_) watch(*each);
}

void SocketServer::admit_master(base::Fd client) {
  admit(std::move(client), master_client(runtime_.state.model().global), {}, {}, 0);
}

void SocketServer::admit(base::Fd client, Client rights, const Address& peer, const Address& socket,
                         uint32_t socket_number) {
  // Counted as a connection that came, but not among those that maxconn limits and %ac shows.
  runtime_.state.process.total_connections.fetch_add(1, std::memory_order_relaxed);
  const uint64_t number = runtime_.state.process.total_requests.fetch_add(1, std::memory_order_relaxed);
  sessions_.push_back(
      *new Session(*this, loop_, runtime_, std::move(client), rights, Caller{peer, socket, socket_number, number}));
  info_.runtime_api_sessions = static_cast<uint32_t>(++count_);
  ++cumulated_;
}

void SocketServer::count_bytes(size_t sent) { runtime_.state.process.sent.local().all.add(sent); }

void SocketServer::retire(Session& session) {
  info_.runtime_api_sessions = static_cast<uint32_t>(--count_);
  retired_.push_back(session);
  burial_.arm(base::Milliseconds(0));
}

void SocketServer::bury() {
  while (Session* session = retired_.front()) delete session;
  resume();
}

}  // namespace ddbproxy::admin
