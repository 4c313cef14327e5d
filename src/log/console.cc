#include "log/console.h"

#include <limits.h>
#include <unistd.h>

#include <atomic>

#include <fmt/format.h>

#include <ddbproxy/version.h>

#include "base/guarded.h"

namespace ddbproxy::log {
namespace {

struct Said {
  std::string startup;
  bool introduced = false;
  bool starting = true;
};

base::Guarded<Said>& said() {
  static base::Guarded<Said> value;
  return value;
}

std::atomic<bool> silent{false};

std::string_view prefix(ConsoleLevel level) {
  switch (level) {
    case ConsoleLevel::diag: return "[DIAG]    ";
    case ConsoleLevel::notice: return "[NOTICE]  ";
    case ConsoleLevel::warning: return "[WARNING] ";
    case ConsoleLevel::alert: return "[ALERT]   ";
  }
  return "";
}

std::string executable() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  return length > 0 ? std::string(path, static_cast<size_t>(length)) : "ddbproxy";
}

std::string introduction() {
  return console_line(ConsoleLevel::notice, fmt::format("haproxy version is {}", haproxy_version)) +
         console_line(ConsoleLevel::notice, fmt::format("path to executable is {}", executable()));
}

}  // namespace

std::string console_line(ConsoleLevel level, std::string_view text) {
  return fmt::format("{} ({}) : {}\n", prefix(level), getpid(), text);
}

void console(ConsoleLevel level, std::string_view text) {
  said().with([&](Said& s) {
    std::string out;
    if (!s.introduced && level >= ConsoleLevel::warning) {
      out = introduction();
      s.introduced = true;
    }
    out += console_line(level, text);
    if (s.starting) s.startup += out;
    // One write a message, so that those of two processes do not mix.
    if (silent.load(std::memory_order_relaxed)) return;
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, out.data(), out.size());
  });
}

void silence_console(bool on) { silent.store(on, std::memory_order_relaxed); }

std::string startup_log() {
  return said().with([](Said& s) { return s.startup; });
}

void end_of_startup() {
  said().with([](Said& s) { s.starting = false; });
}

}  // namespace ddbproxy::log
