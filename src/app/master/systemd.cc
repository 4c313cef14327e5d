#include "app/master/systemd.h"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"

namespace ddbproxy::app {

std::string ready_message(pid_t main_pid, std::string_view status) {
  return fmt::format("READY=1\nMAINPID={}\nSTATUS={}", main_pid, status);
}

std::string reloading_message(int64_t monotonic_us) {
  // The moment is what Type=notify-reload asks for.
  return fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=Reloading the configuration.", monotonic_us);
}

std::optional<base::Milliseconds> watchdog_interval(const char* microseconds, const char* pid, pid_t own_pid) {
  if (!microseconds || (pid && std::strtol(pid, nullptr, 10) != own_pid)) return std::nullopt;
  int64_t value = 0;
  const char* end = microseconds + std::strlen(microseconds);
  const auto read = std::from_chars(microseconds, end, value);
  if (read.ec != std::errc() || read.ptr != end || value <= 0) return std::nullopt;
  return base::Milliseconds(std::max<int64_t>(1, value / 2000));
}

Systemd::Systemd(bool wanted) {
  if (!wanted) return;
  if (const char* socket = std::getenv("NOTIFY_SOCKET")) socket_ = socket;
  if (!socket_.empty())
    watchdog_ = watchdog_interval(std::getenv("WATCHDOG_USEC"), std::getenv("WATCHDOG_PID"), getpid());
}

void Systemd::say(std::string_view message, bool now) const {
  sockaddr_un address{};
  if (socket_.size() < 2 || socket_.size() >= sizeof address.sun_path || (socket_[0] != '/' && socket_[0] != '@'))
    return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_[0] == '@') address.sun_path[0] = '\0';
  const base::Fd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  constexpr timeval patience{1, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  // Nobody can be told that nobody was told.
  sendto(fd.get(), message.data(), message.size(), MSG_NOSIGNAL | (now ? MSG_DONTWAIT : 0),
         reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace ddbproxy::app
