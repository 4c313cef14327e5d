// Listening sockets open as haproxy opens them, and fail in its words.
#include "net/listener.h"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>

using namespace ddbproxy;

namespace {

base::Result<base::Fd> open_at(const Address& address, const model::Bind& bind = {}) {
  return net::open_listener(bind, model::Bind::Listener{.address = address}, net::ListenOptions{});
}

/// A directory that goes with its contents.
struct Directory {
  Directory() {
    char name[] = "/tmp/ddbproxy-listener-XXXXXX";
    REQUIRE(mkdtemp(name));
    path = name;
  }
  ~Directory() { std::filesystem::remove_all(path); }
  std::string path;
};

}  // namespace

TEST_CASE("a listener on port 0 tells the port that it got, and accepts") {
  auto fd = open_at(Address::ipv4(INADDR_LOOPBACK, 0));
  REQUIRE(fd);
  const Address at = net::local_address(fd->get());
  CHECK(at.port() != 0);
  CHECK((fcntl(fd->get(), F_GETFL) & O_NONBLOCK));
  CHECK((fcntl(fd->get(), F_GETFD) & FD_CLOEXEC));
  base::Fd client(socket(AF_INET, SOCK_STREAM, 0));
  CHECK(connect(client.get(), at.data(), at.size()) == 0);
}

TEST_CASE("with SO_REUSEPORT two listeners share a port, and not with a socket that lacks it") {
  auto first = open_at(Address::ipv4(INADDR_LOOPBACK, 0));
  REQUIRE(first);
  const Address at = net::local_address(first->get());
  CHECK(open_at(at));
  net::ListenOptions alone;
  alone.reuse_port = false;
  auto second = net::open_listener({}, model::Bind::Listener{.address = at}, alone);
  REQUIRE_FALSE(second);
  CHECK(second.error().text == "cannot bind socket (Address already in use) for [" + at.text() + "]");
}

TEST_CASE("an address of another machine fails in haproxy's words") {
  auto fd = open_at(Address::ipv4(0x0a636363, 80));
  REQUIRE_FALSE(fd);
  CHECK(fd.error().text == "cannot bind socket (Cannot assign requested address) for [10.99.99.99:80]");
}

TEST_CASE("an unknown interface is a warning only") {
  model::Bind bind;
  bind.interface = "nope0";
  std::string warning;
  auto fd = net::open_listener(bind, model::Bind::Listener{.address = Address::ipv4(INADDR_LOOPBACK, 0)}, {}, &warning);
  CHECK(fd);
  CHECK(warning == "cannot bind receiver to device 'nope0' (No such device) for [127.0.0.1:0]");
}

TEST_CASE("a UNIX socket takes the place of the one before, with the mode it was given") {
  Directory directory;
  const std::string path = directory.path + "/s.sock";
  model::Bind bind;
  bind.mode = 0600;
  auto first = open_at(Address::unix_path(path), bind);
  REQUIRE(first);
  auto second = open_at(Address::unix_path(path), bind);
  REQUIRE(second);
  struct stat found;
  REQUIRE(stat(path.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  const Address at = Address::unix_path(path);
  base::Fd client(socket(AF_UNIX, SOCK_STREAM, 0));
  REQUIRE(connect(client.get(), at.data(), at.size()) == 0);
  CHECK(base::Fd(accept(second->get(), nullptr, nullptr)));
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path), {}) == 1);
}

TEST_CASE("UNIX sockets that cannot be fail in haproxy's words, and leave the path alone") {
  auto fd = open_at(Address::unix_path("/nonexistent/x.sock"));
  REQUIRE_FALSE(fd);
  CHECK(fd.error().text == "cannot bind UNIX socket (No such file or directory) [/nonexistent/x.sock]");
  Directory directory;
  fd = open_at(Address::unix_path(directory.path));
  REQUIRE_FALSE(fd);
  CHECK(std::filesystem::is_directory(directory.path));
}

TEST_CASE("an inherited socket is taken over, and what is none is refused") {
  auto parent = open_at(Address::ipv4(INADDR_LOOPBACK, 0));
  REQUIRE(parent);
  auto taken = net::open_listener({}, model::Bind::Listener{.address = {}, .inherited_fd = dup(parent->get())}, {});
  REQUIRE(taken);
  CHECK(net::local_address(taken->get()) == net::local_address(parent->get()));
  base::Fd file(open("/dev/null", O_RDONLY));
  auto refused = net::open_listener({}, model::Bind::Listener{.address = {}, .inherited_fd = file.get()}, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text.ends_with("Socket operation on non-socket."));
}

TEST_CASE("a socket that is taken over keeps nothing of what another line has set, where that is asked for") {
  const auto option = [](int fd, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    getsockopt(fd, level, name, &value, &size);
    return value;
  };
  const model::Bind::Listener place{.address = Address::ipv4(INADDR_LOOPBACK, 0)};
  model::Bind before;
  before.tcp_ut = model::Milliseconds{5000};
  before.defer_accept = true;
  net::ListenOptions options;
  options.keep_alive = {.on = true, .count = 3, .idle = std::chrono::seconds(33), .interval = std::chrono::seconds(5)};
  const auto first = net::open_listener(before, place, options);
  REQUIRE(first);
  for (const bool undo : {false, true}) {
    net::ListenOptions bare;
    bare.undo = undo;
    const auto second = net::open_listener({}, {.inherited_fd = dup(first->get())}, bare);
    REQUIRE(second);
    CHECK((option(second->get(), SOL_SOCKET, SO_KEEPALIVE) != 0) == !undo);
    CHECK((option(second->get(), IPPROTO_TCP, TCP_KEEPCNT) == 3) == !undo);
    CHECK((option(second->get(), IPPROTO_TCP, TCP_KEEPIDLE) == 33) == !undo);
    CHECK((option(second->get(), IPPROTO_TCP, TCP_KEEPINTVL) == 5) == !undo);
    CHECK((option(second->get(), IPPROTO_TCP, TCP_USER_TIMEOUT) != 0) == !undo);
    CHECK((option(second->get(), IPPROTO_TCP, TCP_DEFER_ACCEPT) != 0) == !undo);
  }
}

TEST_CASE("a socket that goes on by another line is set anew only where that says something else") {
  model::Bind before, after;
  net::ListenOptions of_before, of_after;
  CHECK(net::set_the_same(before, of_before, after, of_after));
  of_before.keep_alive.on = true;
  before.mss = 1000;
  CHECK_FALSE(net::set_the_same(before, of_before, after, of_before));
  CHECK_FALSE(net::set_the_same(before, of_before, before, of_after));
  after.backlog = 7;
  CHECK_FALSE(net::set_the_same(before, of_before, after, of_after));
  auto fd = net::open_listener(before, {.address = Address::ipv4(INADDR_LOOPBACK, 0)}, of_before);
  REQUIRE(fd);
  const auto keeps_alive = [&] {
    int on = -1;
    socklen_t size = sizeof on;
    getsockopt(fd->get(), SOL_SOCKET, SO_KEEPALIVE, &on, &size);
    return on;
  };
  CHECK(keeps_alive() == 1);
  CHECK(net::renew_listener(fd->get(), net::local_address(fd->get()), after, of_after));
  CHECK(keeps_alive() == 0);
}

TEST_CASE("lines that differ in what a socket keeps for good do not share one") {
  const model::Bind::Listener path{.address = Address::unix_path("/run/x.sock")};
  model::Bind bind, other;
  CHECK(net::socket_place(bind, path) == net::socket_place(other, path));
  other.mode = 0600;
  CHECK(net::socket_place(bind, path) != net::socket_place(other, path));
  const model::Bind::Listener port{.address = Address::ipv4(INADDR_LOOPBACK, 80)};
  CHECK(net::socket_place(bind, port) == net::socket_place(other, port));
  other.interface = "lo";
  CHECK(net::socket_place(bind, port) != net::socket_place(other, port));
}

TEST_CASE("a suspended listener refuses clients until it listens again") {
  auto any_port = open_at(Address::ipv4(INADDR_LOOPBACK, 0));
  REQUIRE(any_port);
  const Address at = net::local_address(any_port->get());
  any_port->reset();
  // A port that the kernel chose would be given up.
  auto fd = open_at(at);
  REQUIRE(fd);
  REQUIRE(net::suspend_listening(fd->get()));
  base::Fd refused(socket(AF_INET, SOCK_STREAM, 0));
  CHECK(connect(refused.get(), at.data(), at.size()) != 0);
  REQUIRE(net::resume_listening(fd->get(), 10));
  base::Fd client(socket(AF_INET, SOCK_STREAM, 0));
  CHECK(connect(client.get(), at.data(), at.size()) == 0);
}
