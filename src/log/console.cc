// Writes to stderr as haproxy does, and remembers what was said during start-up.
#include "log/console.h"

#include <fmt/format.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <ddbproxy/version.h>

#include "base/guarded.h"

namespace ddbproxy::log {
namespace {

struct Console {
  bool silent = false;
  bool starting = true;
  bool introduced = false;
  std::string said;  // during start-up
};

base::Guarded<Console>& shared() {
  static base::Guarded<Console> console;
  return console;
}

std::string_view label(ConsoleLevel level) {
  switch (level) {
    case ConsoleLevel::diag: return "[DIAG]";
    case ConsoleLevel::notice: return "[NOTICE]";
    case ConsoleLevel::warning: return "[WARNING]";
    case ConsoleLevel::alert: return "[ALERT]";
  }
  return "";
}

/// The path that the kernel was given, as haproxy shows it: a link named haproxy stays one.
std::string_view executable() {
  const auto path = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  return path ? path : "";
}

std::string introduction() {
  return console_line(ConsoleLevel::notice,
                      fmt::format("haproxy version is {} (ddbproxy {})", haproxy_version, version)) +
         console_line(ConsoleLevel::notice, fmt::format("path to executable is {}", executable()));
}

}  // namespace

std::string console_line(ConsoleLevel level, std::string_view text) {
  return fmt::format("{:<10} ({}) : {}\n", label(level), getpid(), text);
}

void console(ConsoleLevel level, std::string_view text) {
  std::string line = console_line(level, text);
  shared().with([&](Console& console) {
    if (!console.introduced && level >= ConsoleLevel::warning) {
      line.insert(0, introduction());
      console.introduced = true;
    }
    if (console.starting) console.said += line;
    if (console.silent) return;
    // What a full pipe does not take is lost: there is nobody to tell.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
  });
}

void console_text(std::string_view text) {
  const std::string line = fmt::format("{}\n", text);
  shared().with([&](Console& console) {
    if (!console.silent) [[maybe_unused]]
      const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
  });
}

void silence_console(bool silent) {
  shared().with([&](Console& console) { console.silent = silent; });
}

std::string startup_log() {
  return shared().with([](const Console& console) { return console.said; });
}

void end_of_startup(Introduction introduction) {
  shared().with([&](Console& console) {
    console.starting = false;
    console.introduced |= introduction == Introduction::over;
  });
}

}  // namespace ddbproxy::log
