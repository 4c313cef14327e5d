// Load for the bench: a server that echoes, sends or swallows, and clients that measure it through a proxy.
//
//   load serve PORT
//   load echo  PORT CLIENTS SIZE SECONDS         round trips of SIZE bytes
//   load down  PORT STREAMS TOTAL_BYTES          server to client
//   load up    PORT STREAMS TOTAL_BYTES          client to server
//   load conn  PORT CLIENTS SECONDS              connect, 64 bytes each way, close
//   load idle  PORT CONNECTIONS                  opens them, prints "ready", keeps them until its input ends
//
// A client prints one line of JSON: {"units":N,"seconds":S,"p50_us":..,"p99_us":..}. Bulk counts bytes as units.
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t block = 256 * 1024;
char buffer[block];

/// The first bytes of each connection tell the server what it is for.
struct Order {
  char what;  // 'E' echo messages of `size`, 'D' send `size` bytes, 'U' swallow `size` bytes and answer with one
  char padding[7];
  uint64_t size;
};

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void set_nodelay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) die("connect");
  set_nodelay(fd);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

void watch(int epoll, int fd, uint32_t events, int how = EPOLL_CTL_ADD) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (epoll_ctl(epoll, how, fd, &event) < 0) die("epoll_ctl");
}

// ---- the server

struct Served {
  Order order{};
  size_t order_bytes = 0;
  uint64_t left = 0;     // of this message, upload or download
  uint64_t to_send = 0;  // echo bytes owed
};

/// False when the connection is over.
bool serve_some(int fd, Served& s, uint32_t& events) {
  for (;;) {
    if (s.order.what == 'D' && s.order_bytes == sizeof s.order) {
      while (s.left) {
        const ssize_t n = send(fd, buffer, std::min<uint64_t>(s.left, block), MSG_NOSIGNAL);
        if (n < 0) return errno == EAGAIN && (events = EPOLLOUT);
        s.left -= static_cast<uint64_t>(n);
      }
      shutdown(fd, SHUT_WR);
      s.order.what = 'X';
    }
    while (s.to_send) {
      const ssize_t n = send(fd, buffer, std::min<uint64_t>(s.to_send, block), MSG_NOSIGNAL);
      if (n < 0) return errno == EAGAIN && (events = EPOLLOUT);
      s.to_send -= static_cast<uint64_t>(n);
    }
    events = EPOLLIN;
    ssize_t n;
    if (s.order_bytes < sizeof s.order) {
      n = recv(fd, reinterpret_cast<char*>(&s.order) + s.order_bytes, sizeof s.order - s.order_bytes, 0);
      if (n > 0 && (s.order_bytes += static_cast<size_t>(n)) == sizeof s.order) s.left = s.order.size;
    } else {
      n = recv(fd, buffer, block, 0);
      if (n > 0 && s.order.what == 'E') {
        uint64_t got = static_cast<uint64_t>(n);
        while (got >= s.left) {
          got -= s.left;
          s.to_send += s.order.size;
          s.left = s.order.size;
        }
        s.left -= got;
      }
      if (n > 0 && s.order.what == 'U' && (s.left -= static_cast<uint64_t>(n)) == 0) s.to_send = 1;
    }
    if (n == 0) return false;
    if (n < 0) return errno == EAGAIN;
  }
}

void serve(int port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 || listen(listener, 16384) < 0)
    die("bind");
  const int epoll = epoll_create1(0);
  watch(epoll, listener, EPOLLIN);
  std::unordered_map<int, Served> connections;
  std::vector<epoll_event> ready(512);
  for (;;) {
    const int count = epoll_wait(epoll, ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[static_cast<size_t>(i)].data.fd;
      if (fd == listener) {
        int client;
        while ((client = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0) {
          set_nodelay(client);
          connections[client] = {};
          watch(epoll, client, EPOLLIN);
        }
        continue;
      }
      uint32_t events = EPOLLIN;
      if (serve_some(fd, connections[fd], events)) {
        if (events != EPOLLIN || ready[static_cast<size_t>(i)].events & EPOLLOUT)
          watch(epoll, fd, events, EPOLL_CTL_MOD);
      } else {
        close(fd);
        connections.erase(fd);
      }
    }
  }
}

// ---- the clients

struct Result {
  uint64_t units = 0;
  double seconds = 0;
  std::vector<float> latencies;  // microseconds

  double percentile(double p) {
    if (latencies.empty()) return 0;
    const auto at = latencies.begin() + static_cast<ptrdiff_t>(p * static_cast<double>(latencies.size() - 1));
    std::nth_element(latencies.begin(), at, latencies.end());
    return *at;
  }
  void print() {
    std::printf("{\"units\":%llu,\"seconds\":%.4f,\"p50_us\":%.1f,\"p99_us\":%.1f}\n",
                static_cast<unsigned long long>(units), seconds, percentile(0.5), percentile(0.99));
  }
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

struct Client {
  int fd = -1;
  uint64_t received = 0, sent = 0;
  Clock::time_point asked;
};

/// Sends what the kernel takes of the message under way.
void send_message(Client& c, uint64_t size) {
  while (c.sent < size) {
    const ssize_t n = send(c.fd, buffer, std::min<uint64_t>(size - c.sent, block), MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) return;
      die("send");
    }
    c.sent += static_cast<uint64_t>(n);
  }
}

void order(int fd, char what, uint64_t size) {
  const Order o{what, {}, size};
  if (send(fd, &o, sizeof o, MSG_NOSIGNAL) != sizeof o) die("send order");
}

Result echo(int port, int clients, uint64_t size, double duration) {
  Result result;
  std::unordered_map<int, Client> all;
  const int epoll = epoll_create1(0);
  const bool large = size > 32768;
  for (int i = 0; i < clients; ++i) {
    Client c;
    c.fd = connect_to(port);
    order(c.fd, 'E', size);
    c.asked = Clock::now();
    send_message(c, size);
    watch(epoll, c.fd, large ? EPOLLIN | EPOLLOUT | EPOLLET : EPOLLIN);
    all[c.fd] = c;
  }
  const auto start = Clock::now();
  std::vector<epoll_event> ready(512);
  while (seconds_since(start) < duration) {
    const int count = epoll_wait(epoll, ready.data(), static_cast<int>(ready.size()), 100);
    for (int i = 0; i < count; ++i) {
      Client& c = all[ready[static_cast<size_t>(i)].data.fd];
      if (c.sent < size) send_message(c, size);
      for (;;) {
        const ssize_t n = recv(c.fd, buffer, block, 0);
        if (n == 0) die("the proxy closed a connection");
        if (n < 0) {
          if (errno != EAGAIN) die("recv");
          break;
        }
        c.received += static_cast<uint64_t>(n);
        if (c.received < size) continue;
        const auto now = Clock::now();
        result.latencies.push_back(std::chrono::duration<float, std::micro>(now - c.asked).count());
        ++result.units;
        c.received = c.sent = 0;
        c.asked = now;
        send_message(c, size);
        if (!large) break;
      }
    }
  }
  result.seconds = seconds_since(start);
  return result;
}

Result bulk(int port, int streams, uint64_t total, char direction) {
  Result result;
  const uint64_t each = total / static_cast<uint64_t>(streams);
  std::unordered_map<int, Client> all;
  const int epoll = epoll_create1(0);
  const auto start = Clock::now();
  for (int i = 0; i < streams; ++i) {
    Client c;
    c.fd = connect_to(port);
    order(c.fd, direction, each);
    watch(epoll, c.fd, direction == 'U' ? EPOLLIN | EPOLLOUT : EPOLLIN);
    all[c.fd] = c;
  }
  int open = streams;
  std::vector<epoll_event> ready(64);
  while (open) {
    const int count = epoll_wait(epoll, ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[static_cast<size_t>(i)].data.fd;
      Client& c = all[fd];
      if (direction == 'U' && c.sent < each) {
        send_message(c, each);
        if (c.sent == each) watch(epoll, fd, EPOLLIN, EPOLL_CTL_MOD);
        continue;
      }
      const ssize_t n = recv(fd, buffer, block, direction == 'D' ? MSG_TRUNC : 0);
      if (n < 0 && errno == EAGAIN) continue;
      if (n > 0) c.received += static_cast<uint64_t>(n);
      if (n > 0 && direction == 'D') continue;
      if (c.received != (direction == 'D' ? each : 1)) die("short transfer");
      result.units += each;
      epoll_ctl(epoll, EPOLL_CTL_DEL, fd, nullptr);
      close(fd);
      --open;
    }
  }
  result.seconds = seconds_since(start);
  return result;
}

Result connections(int port, int clients, double duration) {
  Result result;
  struct Attempt {
    Clock::time_point began;
    bool sent = false;
    size_t received = 0;
  };
  std::unordered_map<int, Attempt> all;
  const int epoll = epoll_create1(0);
  const sockaddr_in address = loopback(port);
  const auto begin = [&] {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) die("socket");
    all[fd] = {Clock::now()};
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 && errno != EINPROGRESS)
      die("connect");
    watch(epoll, fd, EPOLLOUT);
  };
  const auto start = Clock::now();
  for (int i = 0; i < clients; ++i) begin();
  std::vector<epoll_event> ready(256);
  struct {
    Order order{'E', {}, 64};
    char rest[64] = {};
  } message;
  while (seconds_since(start) < duration) {
    const int count = epoll_wait(epoll, ready.data(), static_cast<int>(ready.size()), 100);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[static_cast<size_t>(i)].data.fd;
      Attempt& a = all[fd];
      if (!a.sent) {
        if (send(fd, &message, sizeof message, MSG_NOSIGNAL) != sizeof message) die("send");
        a.sent = true;
        watch(epoll, fd, EPOLLIN, EPOLL_CTL_MOD);
        continue;
      }
      const ssize_t n = recv(fd, buffer, block, 0);
      if (n <= 0) die("recv");
      if ((a.received += static_cast<size_t>(n)) < 64) continue;
      result.latencies.push_back(std::chrono::duration<float, std::micro>(Clock::now() - a.began).count());
      ++result.units;
      all.erase(fd);
      close(fd);
      begin();
    }
  }
  result.seconds = seconds_since(start);
  return result;
}

void idle(int port, int count) {
  for (int i = 0; i < count; ++i) order(connect_to(port), 'E', 64);
  std::printf("ready\n");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  const std::string_view what = argc > 2 ? argv[1] : "";
  const auto number = [&](int i) { return i < argc ? std::strtoull(argv[i], nullptr, 10) : 0; };
  const int port = static_cast<int>(number(2)), clients = static_cast<int>(number(3));
  Result result;
  if (what == "serve")
    serve(port);
  else if (what == "echo")
    result = echo(port, clients, number(4), argc > 5 ? std::atof(argv[5]) : 1);
  else if (what == "down")
    result = bulk(port, clients, number(4), 'D');
  else if (what == "up")
    result = bulk(port, clients, number(4), 'U');
  else if (what == "conn")
    result = connections(port, clients, argc > 4 ? std::atof(argv[4]) : 1);
  else if (what == "idle")
    return idle(port, clients), 0;
  else
    return std::fprintf(stderr, "usage: see the top of load.cc\n"), 1;
  result.print();
}
