#include "proxy_fixture.h"

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/time.h>

namespace ddbproxy::test {
namespace {

void limit_waiting(int fd) {
  const timeval limit{10, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

}  // namespace

Peer::Peer(int accepted) : fd(accepted) {
  if (fd) limit_waiting(fd.get());
}

Peer Peer::connect(const Address& to) {
  Peer peer(socket(to.family(), SOCK_STREAM, 0));
  if (::connect(peer.fd.get(), to.data(), to.size())) peer.close();
  return peer;
}

bool Peer::say(std::string_view text) const {
  return send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

std::string Peer::hear(size_t size) const {
  std::string heard;
  char buffer[65536];
  while (heard.size() < size) {
    const ssize_t n = recv(fd.get(), buffer, std::min(sizeof buffer, size - heard.size()), 0);
    if (n <= 0) break;
    heard.append(buffer, static_cast<size_t>(n));
  }
  return heard;
}

void Peer::reset() {
  net::reset_on_close(fd.get());
  fd.reset();
}

Server::Server(int backlog) {
  auto opened = net::open_listener({}, model::Bind::Listener{.address = Address::ipv4(INADDR_LOOPBACK, 0)}, {});
  REQUIRE(opened);
  ::listen(opened->get(), backlog);
  fd_ = std::move(*opened);
  address_ = net::local_address(fd_.get());
}

Peer Server::accept() const {
  pollfd wait{fd_.get(), POLLIN, 0};
  if (poll(&wait, 1, 10'000) != 1) return Peer();
  return Peer(::accept(fd_.get(), nullptr, nullptr));
}

ProxyFixture::ProxyFixture() : proxy(*model->proxies.emplace_back(std::make_unique<model::Proxy>())) {
  log_.reset(socket(AF_INET, SOCK_DGRAM, 0));
  limit_waiting(log_.get());
  const Address any = Address::ipv4(INADDR_LOOPBACK, 0);
  REQUIRE(::bind(log_.get(), any.data(), any.size()) == 0);
  proxy.name = "p";
  proxy.is_listen = true;
  proxy.timeouts.connect = model::Milliseconds{5000};
  proxy.timeouts.client = proxy.timeouts.server = model::Milliseconds{20'000};
  proxy.log.style = model::LogStyle::tcp;
  proxy.log.targets.emplace_back().address = net::local_address(log_.get());
  proxy.log.targets.back().format = model::LogTarget::Format::raw;
  proxy.frontend.emplace().maxconn = 1000;
  proxy.frontend->binds.emplace_back();
  proxy.backend.emplace();
}

ProxyFixture::~ProxyFixture() {
  if (workers) workers->stop();
}

void ProxyFixture::add_server(const Address& address, std::string name) {
  model::Server& server = proxy.backend->servers.emplace_back();
  server.name = std::move(name);
  server.address = address;
  server.id = static_cast<uint32_t>(proxy.backend->servers.size());
}

void ProxyFixture::start() {
  base::set_workers(2);
  state = std::make_unique<live::State>(model);
  live::Listener& listener = frontend().listeners().emplace_back();
  listener.bind = &proxy.frontend->binds.front();
  auto opened = net::open_listener(*listener.bind, model::Bind::Listener{.address = Address::ipv4(INADDR_LOOPBACK, 0)},
                                   net::listen_options(model->global, *proxy.frontend));
  REQUIRE(opened);
  listener.fd = std::move(*opened);
  listener.address = net::local_address(listener.fd.get());
  workers = std::make_unique<stream::Workers>(*state, 2, factories);
  state->process.pipes.limit = model->global.nosplice ? 0 : 64;
  workers->start();
  workers->listen(frontend().current());
}

Peer ProxyFixture::client() const { return Peer::connect(frontend().listeners().front().address); }

std::string ProxyFixture::log_line() const {
  char buffer[4096];
  const ssize_t n = recv(log_.get(), buffer, sizeof buffer, 0);
  std::string line(buffer, n > 0 ? static_cast<size_t>(n) : 0);
  while (line.ends_with('\n')) line.pop_back();
  // "127.0.0.1:1 [date] p p/s 1/0/2 5 -- 1/1/0/0/0 0/0" becomes "p/s -- 1/1/0/0/0 0/0".
  std::vector<std::string> words;
  for (size_t at = 0; at < line.size();) {
    const size_t blank = std::min(line.find(' ', at), line.size());
    words.push_back(line.substr(at, blank - at));
    at = blank + 1;
  }
  if (words.size() < 9) return line;
  const size_t first = words.size() - 6;
  return words[first] + " " + words[first + 3] + " " + words[first + 4] + " " + words[first + 5];
}

}  // namespace ddbproxy::test
