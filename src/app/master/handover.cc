#include "app/master/handover.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace ddbproxy::app {
namespace {

// haproxy's names, but for the last, which has what haproxy does not hand over.
constexpr const char *reexec_variable = "HAPROXY_MWORKER_REEXEC", *processes_variable = "HAPROXY_PROCESSES",
                     *own_variable = "DDBPROXY_MASTER";
/// What a master of haproxy says to itself, and what either tells its children.
constexpr const char* of_a_life[] = {
    reexec_variable, processes_variable,   own_variable,        "HAPROXY_MWORKER_WAIT_ONLY", "HAPROXY_MWORKER",
    "HAPROXY_CLI",   "HAPROXY_MASTER_CLI", "HAPROXY_LOCALPEER", "HAPROXY_CFGFILES",          "HAPROXY_STARTUP_VERSION"};

std::string take(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

constexpr std::string_view no_exit = "no-exit-on-failure", on_change = "reload-on-change";

/// "3,5,no-exit-on-failure|type=m;...": counts together with these processes only. A life as haproxy in between does
/// not know the variable, and passes it on.
std::string_view own_words(std::string_view text, std::string_view processes) {
  return text.ends_with(processes) ? text.substr(0, text.size() - processes.size()) : std::string_view();
}

bool is_about_predecessors(std::string_view word) {
  return word.starts_with("-sf") || word.starts_with("-st") || word.starts_with("-x");
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

std::vector<std::string> without_predecessors(const std::vector<std::string>& arguments) {
  std::vector<std::string> rest;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (i && arguments[i] == "--") {
      rest.insert(rest.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
      break;
    }
    if (!i || !is_about_predecessors(arguments[i])) {
      rest.push_back(arguments[i]);
    } else if (arguments[i].starts_with("-x")) {
      ++i;
    } else {
      while (i + 1 < arguments.size() && !arguments[i + 1].starts_with('-')) ++i;
    }
  }
  return rest;
}

Handover::Handover(int argc, char** argv) : argc_(argc), argv_(argv), arguments_(argv, argv + argc) {
  reexecuted_ = !take(reexec_variable).empty() && !take(processes_variable).empty();
  if (reexecuted_) {
    processes_ = take(processes_variable);
    const std::string own = take(own_variable);
    for (const std::string_view word : base::split(own_words(own, processes_), ',')) {
      if (word == no_exit)
        kept_.exit_on_failure = false;
      else if (word == on_change)
        kept_.reload_on_change = true;
      else if (const int fd = std::atoi(std::string(word).c_str()); fd > STDERR_FILENO)
        listeners_.emplace_back(fd);
    }
    for (const base::Fd& fd : listeners_) fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
    for (const char* name : of_a_life) unsetenv(name);
  }
  for (char** variable = environ; variable && *variable; ++variable) environment_.emplace_back(*variable);
  char path[PATH_MAX];
  if (getcwd(path, sizeof path)) directory_ = path;
}

void Handover::tidy_command_line() {
  const std::vector<std::string> rest = without_predecessors(arguments_);
  if (argc_ < 1 || rest.size() == arguments_.size()) return;
  // The words lie one behind the other.
  char* at = argv_[0];
  char* end = argv_[argc_ - 1] + std::strlen(argv_[argc_ - 1]);
  for (const std::string& word : rest) {
    std::memcpy(at, word.c_str(), word.size() + 1);
    at += word.size() + 1;
  }
  std::memset(at, 0, static_cast<size_t>(end - at));
}

bool Handover::replaced() const {
  const auto name = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  const std::string path = name && *name != '/' ? fmt::format("{}/{}", directory_, name) : name ? name : "";
  struct stat now {
  }, then{};
  return stat(path.c_str(), &now) || stat("/proc/self/exe", &then) || now.st_dev != then.st_dev ||
         now.st_ino != then.st_ino;
}

base::Error Handover::execute(const Children& children, const std::vector<int>& listeners, const Kept& kept) {
  std::vector<std::string> arguments = without_predecessors(arguments_);
  // As haproxy has it: so the next life is told whose place its worker takes, whichever of the two programs it is.
  std::vector<std::string> about;
  for (const Child& child : children.all()) about.push_back(fmt::to_string(child.pid));
  if (!about.empty()) about.insert(about.begin(), "-sf");
  if (const Child* worker = children.current_worker()) {
    about.emplace_back("-x");
    about.push_back(fmt::format("sockpair@{}", worker->link));
  }
  arguments.insert(arguments.begin() + 1, about.begin(), about.end());

  Children reloaded = children;
  reloaded.count_reload();
  std::vector<std::string> environment = environment_;
  environment.push_back(fmt::format("{}=1", reexec_variable));
  environment.push_back(fmt::format("{}={}", processes_variable, reloaded.to_text()));
  std::vector<std::string> own;
  for (const int fd : listeners) own.push_back(fmt::to_string(fd));
  if (!kept.exit_on_failure) own.emplace_back(no_exit);
  if (kept.reload_on_change) own.emplace_back(on_change);
  environment.push_back(fmt::format("{}={}{}", own_variable, fmt::join(own, ","), reloaded.to_text()));

  std::vector<int> passed_on = listeners;
  for (const Child& child : children.all())
    if (child.link >= 0) passed_on.push_back(child.link);
  const auto keep = [&](int flags) {
    for (const int fd : passed_on) fcntl(fd, F_SETFD, flags);
  };
  keep(0);
  if (!directory_.empty() && chdir(directory_.c_str())) return base::Error::from_errno(errno);
  const auto path = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  execve(path ? path : argv_[0], pointers(arguments).data(), pointers(environment).data());
  const int reason = errno;
  keep(FD_CLOEXEC);
  return base::Error::from_errno(reason);
}

}  // namespace ddbproxy::app
