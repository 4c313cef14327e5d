#include "app/master/programs.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <grp.h>
#include <unistd.h>
#include <vector>

#include "log/console.h"

namespace ddbproxy::app {
namespace {

[[noreturn]] void fail(const std::string& text) {
  log::console(log::ConsoleLevel::alert, fmt::format("{}: {}", text, std::strerror(errno)));
  _exit(1);
}

[[noreturn]] void become(const model::Program& program) {
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (program.gid) {
    if (getgroups(0, nullptr) > 0 && geteuid() == 0) setgroups(0, nullptr);
    if (setgid(*program.gid)) fail(fmt::format("[{}] Cannot set gid {}", program.name, *program.gid));
  }
  if (program.uid && setuid(*program.uid)) fail(fmt::format("[{}] Cannot set uid {}", program.name, *program.uid));
  std::vector<std::string> words = program.command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  fail(fmt::format("Cannot execute {}", program.command[0]));
}

}  // namespace

base::Result<pid_t> start_program(const model::Program& program) {
  const pid_t pid = fork();
  if (pid < 0) return base::Error::from_errno(errno);
  if (pid == 0) become(program);
  return pid;
}

}  // namespace ddbproxy::app
