// The console: haproxy's prefix, and the memory of what was said during start-up.
#include "log/console.h"

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace ddbproxy;

TEST_CASE("the level is padded so that all messages begin in one column") {
  const std::string pid = "(" + std::to_string(getpid()) + ")";
  CHECK(log::console_line(log::ConsoleLevel::notice, "x") == "[NOTICE]   " + pid + " : x\n");
  CHECK(log::console_line(log::ConsoleLevel::warning, "x") == "[WARNING]  " + pid + " : x\n");
  CHECK(log::console_line(log::ConsoleLevel::alert, "x") == "[ALERT]    " + pid + " : x\n");
  CHECK(log::console_line(log::ConsoleLevel::diag, "x") == "[DIAG]     " + pid + " : x\n");
}

TEST_CASE("version and path come once, before the first warning, until the start is over") {
  log::silence_console(true);
  log::console(log::ConsoleLevel::notice, "before");
  CHECK(log::startup_log() == log::console_line(log::ConsoleLevel::notice, "before"));
  log::console(log::ConsoleLevel::warning, "first");
  log::console(log::ConsoleLevel::alert, "second");
  log::end_of_startup();
  log::console(log::ConsoleLevel::alert, "later");
  log::silence_console(false);

  const std::string said = log::startup_log();
  const size_t version = said.find("haproxy version is 2.6.12"), path = said.find("path to executable is ");
  const size_t first = said.find("first"), second = said.find("second");
  CHECK(version < path);
  CHECK(path < first);
  CHECK(first < second);
  CHECK(second != said.npos);
  CHECK(said.find("haproxy version is", version + 1) == said.npos);
  CHECK(said.find("later") == said.npos);
}
