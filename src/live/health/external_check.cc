#include "live/health/external_check.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/backend.h"
#include "log/console.h"

namespace ddbproxy::live {
namespace {

/// The first address that clients come to, of a proxy that has any.
Address first_listener(const model::Proxy& proxy) {
  if (proxy.frontend)
    for (const model::Bind& bind : proxy.frontend->binds)
      for (const model::Bind::Listener& listener : bind.listeners)
        if (!listener.address.empty()) return listener.address;
  return {};
}

std::string host_of(const Address& address) {
  return address.empty() ? "" : address.is_ip() ? address.host() : std::string(address.path());
}
std::string port_of(const Address& address) { return address.is_ip() ? std::to_string(address.port()) : ""; }
std::string or_not_used(std::string text) { return text.empty() ? "NOT_USED" : text; }

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// The program that a name without a slash means.
std::string find_program(const std::string& command, const std::string& path) {
  if (command.find('/') != command.npos || path.empty()) return command;
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find(':', at), path.size());
    const std::string candidate = fmt::format("{}/{}", path.substr(at, end - at), command);
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
    at = end + 1;
  }
  return command;
}

/// Programs that were killed while their check went, and whose end nobody has seen. Control thread.
std::vector<pid_t>& orphans() {
  static std::vector<pid_t> pids;
  return pids;
}

/// Forgets those that have ended; never waits.
void bury(std::vector<pid_t>& pids) {
  std::erase_if(pids, [](pid_t pid) { return waitpid(pid, nullptr, WNOHANG) != 0; });
}

}  // namespace

std::vector<std::string> external_check_arguments(const Server& server) {
  const Backend& backend = server.backend();
  const Address proxy = first_listener(backend.config()), address = server.address();
  return {backend.settings().checks.command, or_not_used(host_of(proxy)), or_not_used(port_of(proxy)), host_of(address),
          or_not_used(port_of(address))};
}

std::vector<std::string> external_check_environment(const Server& server) {
  const Backend& backend = server.backend();
  const Address proxy = first_listener(backend.config()), address = server.address();
  std::vector<std::string> environment;
  const std::pair<const char*, std::string> own[] = {
      {"PATH", backend.settings().checks.path},
      {"HAPROXY_PROXY_NAME", backend.name()},
      {"HAPROXY_PROXY_ID", std::to_string(backend.config().id)},
      {"HAPROXY_PROXY_ADDR", host_of(proxy)},
      {"HAPROXY_PROXY_PORT", port_of(proxy)},
      {"HAPROXY_SERVER_NAME", server.name()},
      {"HAPROXY_SERVER_ID", std::to_string(server.id())},
      {"HAPROXY_SERVER_ADDR", host_of(address)},
      {"HAPROXY_SERVER_PORT", port_of(address)},
      {"HAPROXY_SERVER_MAXCONN", std::to_string(server.maxconn())},
      {"HAPROXY_SERVER_CURCONN", std::to_string(server.current_sessions())},
      {"HAPROXY_SERVER_SSL", "0"},
      {"HAPROXY_SERVER_PROTO", "tcp"},
  };
  for (const auto& [name, value] : own) environment.push_back(fmt::format("{}={}", name, value));
  return environment;
}

ExternalCheck::~ExternalCheck() {
  cancel();
  kill_leaving();
  orphans().insert(orphans().end(), leaving_.begin(), leaving_.end());
}

/// They had time until now to end by themselves.
void ExternalCheck::kill_leaving() {
  bury(leaving_);
  for (const pid_t pid : leaving_) kill(pid, SIGKILL);
}

std::optional<CheckResult> ExternalCheck::start() {
  bury(orphans());
  kill_leaving();
  std::vector<std::string> arguments = external_check_arguments(server_);
  std::vector<std::string> environment = external_check_environment(server_);
  const model::CheckSettings& settings = server_.backend().settings().checks;
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error = posix_spawn(&pid_, find_program(settings.command, settings.path).c_str(), nullptr, &attributes,
                                pointers(arguments).data(), pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  if (error) {
    pid_ = -1;
    // As haproxy reports a child that could not become the program; no memory and no process are another matter.
    if (error == EAGAIN || error == ENOMEM)
      return CheckResult{.status = CheckStatus::socket_error, .description = std::strerror(error)};
    log::console(log::ConsoleLevel::alert,
                 fmt::format("Failed to exec process for external health check: {}. Aborting.", std::strerror(error)));
    return CheckResult{.status = CheckStatus::program_error, .code = 255};
  }
  process_.reset(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  if (!process_) {
    const int code = errno;
    cancel();
    return CheckResult{.status = CheckStatus::socket_error, .description = std::strerror(code)};
  }
  event_.watch<&ExternalCheck::on_ended>(loop_, process_.get(), EV_READ, *this);
  return std::nullopt;
}

void ExternalCheck::on_ended(short) {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  process_.reset();
  CheckResult result{.status = CheckStatus::program_error, .code = -1};
  if (WIFEXITED(status)) {
    result.code = WEXITSTATUS(status);
    result.passed = result.code == 0;
    if (result.passed) result.status = CheckStatus::program_ok;
  }
  listener_.ended(result);
}

void ExternalCheck::end_by(int signal) {
  event_.remove();
  process_.reset();
  if (pid_ <= 0) return;
  kill(pid_, signal);
  leaving_.push_back(pid_);
  pid_ = -1;
}

CheckResult ExternalCheck::time_out() {
  end_by(SIGTERM);
  return {.status = CheckStatus::program_timeout};
}

void ExternalCheck::cancel() { end_by(SIGKILL); }

}  // namespace ddbproxy::live
