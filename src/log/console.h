// The messages that also go to stderr while the process is in the foreground: "[WARNING]  (PID) : text".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ddbproxy::log {

enum class ConsoleLevel { diag, notice, warning, alert };

/// "[NOTICE]   (PID) : text\n", padded as haproxy does.
std::string console_line(ConsoleLevel level, std::string_view text);

/// Writes to stderr unless silenced. Before the first warning or alert of a process come the two lines that name the
/// version and the executable. Any thread.
void console(ConsoleLevel level, std::string_view text);

/// As console(), of a line that haproxy writes as it is.
void console_text(std::string_view text);

/// -q, and after start-up of a daemon.
void silence_console(bool silent);
/// What was said so far during start-up: `show startup-logs`.
std::string startup_log();
/// Ends the recording of startup_log(). A master is never done with starting: it introduces itself before its first
/// warning, whenever that comes, as haproxy's does.
enum class Introduction : uint8_t { over, still_to_come };
void end_of_startup(Introduction introduction = Introduction::over);

}  // namespace ddbproxy::log
