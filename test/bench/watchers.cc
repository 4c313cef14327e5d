// People who watch: clients that load the statistics page again each second, and as many that ask for `show stat`.
//
//   watchers PAGE_SOCKET API_SOCKET CLIENTS       prints "ready", goes on until its input ends
//
// At the end it prints one line of JSON: {"answers":N,"p50_ms":..,"p99_ms":..}.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds interval{1000};

std::atomic<bool> over{false};
std::mutex mutex;
std::vector<double> all_milliseconds;

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

/// Asks, and reads to the end of the connection.
void ask(const char* path, std::string_view question) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) die("connect");
  if (send(fd, question.data(), question.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(question.size())) die("send");
  char buffer[65536];
  size_t length = 0;
  for (ssize_t n; (n = recv(fd, buffer, sizeof buffer, 0)) > 0;) length += static_cast<size_t>(n);
  if (length < 1000) die("an answer is too short");
  close(fd);
}

/// The first question comes after `first`, so that not all ask at once.
void watch(const char* path, std::string_view question, Clock::duration first) {
  std::vector<double> milliseconds;
  for (auto next = Clock::now() + first; !over; next += interval) {
    std::this_thread::sleep_until(next);
    const auto began = Clock::now();
    ask(path, question);
    milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
  }
  const std::lock_guard lock(mutex);
  all_milliseconds.insert(all_milliseconds.end(), milliseconds.begin(), milliseconds.end());
}

double percentile(double p) {
  if (all_milliseconds.empty()) return 0;
  return all_milliseconds[static_cast<size_t>(p * static_cast<double>(all_milliseconds.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: see the top of watchers.cc\n"), 1;
  const int clients = std::atoi(argv[3]);
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    const auto first = interval * i / clients;
    threads.emplace_back(watch, argv[1], "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", first);
    threads.emplace_back(watch, argv[2], "show stat\n", first + interval / clients / 2);
  }
  std::printf("ready\n");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  over = true;
  for (std::thread& thread : threads) thread.join();
  std::sort(all_milliseconds.begin(), all_milliseconds.end());
  std::printf("{\"answers\":%zu,\"p50_ms\":%.2f,\"p99_ms\":%.2f}\n", all_milliseconds.size(), percentile(0.5),
              percentile(0.99));
}
