#include "app/master/children.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <sys/wait.h>

#include <ddbproxy/version.h>

#include "base/text.h"

namespace ddbproxy::app {
namespace {

/// The value behind "name=" in "type=w;fd=3;pid=4711"; empty when there is none.
std::string_view field(std::string_view text, std::string_view name) {
  for (const std::string_view part : base::split(text, ';'))
    if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
      return part.substr(name.size() + 1);
  return {};
}

template <class Number>
Number number_of(std::string_view text, Number otherwise) {
  std::from_chars(text.data(), text.data() + text.size(), otherwise);
  return otherwise;
}

constexpr std::string_view no_version = "(null)";

std::string row(pid_t pid, std::string_view type, std::string_view reloads, time_t age, std::string_view version) {
  const std::string uptime =
      fmt::format("{}d{:02}h{:02}m{:02}s", age / 86400, age / 3600 % 24, age / 60 % 60, age % 60);
  return fmt::format("{:<15} {:<15} {:<15} {:<15} {:<15}\n", pid, type, reloads, uptime, version);
}

}  // namespace

Children Children::from_text(std::string_view text, pid_t own_pid, time_t now) {
  Children children(own_pid, now);
  for (const std::string_view part : base::split(text, '|')) {
    const std::string_view type = field(part, "type");
    const int reloads = number_of(field(part, "reloads"), 0);
    const time_t started = number_of<time_t>(field(part, "timestamp"), now);
    if (type == "m") {
      children.reloads_ = reloads;
      children.failed_reloads_ = number_of(field(part, "failedreloads"), 0);
      children.started_ = started;
      continue;
    }
    const pid_t pid = number_of<pid_t>(field(part, "pid"), -1);
    if ((type != "w" && type != "e") || pid <= 0) continue;
    Child child;
    child.kind = type == "w" ? Child::Kind::worker : Child::Kind::program;
    child.link = number_of(field(part, "fd"), -1);
    child.pid = pid;
    child.reloads = reloads;
    child.started = started;
    child.name = field(part, "id");
    if (const std::string_view version = field(part, "version"); version != no_version) child.version = version;
    children.add(std::move(child));
  }
  return children;
}

std::string Children::to_text() const {
  const auto entry = [](char type, int link, pid_t pid, int reloads, int failed, time_t started, std::string_view name,
                        std::string_view version) {
    return fmt::format("|type={};fd={};pid={};reloads={};failedreloads={};timestamp={};id={};version={}", type, link,
                       pid, reloads, failed, started, name, version.empty() ? no_version : version);
  };
  std::string text = entry('m', -1, pid_, reloads_, failed_reloads_, started_, {}, {});
  for (const Child& child : all_)
    text += entry(static_cast<char>(child.kind), child.link, child.pid, child.reloads, 0, child.started, child.name,
                  child.version);
  return text;
}

void Children::add(Child child) {
  const auto older =
      std::find_if(all_.begin(), all_.end(), [&](const Child& other) { return other.reloads > child.reloads; });
  all_.insert(older, std::move(child));
}

std::optional<Child> Children::remove(pid_t pid) {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const Child& child) { return child.pid == pid; });
  if (found == all_.end()) return std::nullopt;
  Child child = std::move(*found);
  all_.erase(found);
  return child;
}

const Child* Children::current_worker() const {
  for (const Child& child : all_)
    if (child.kind == Child::Kind::worker && is_current(child)) return &child;
  return nullptr;
}

void Children::count_reload() {
  ++reloads_;
  for (Child& child : all_) ++child.reloads;
}

void Children::reloaded_in_place() {
  ++reloads_;
  for (Child& child : all_) child.reloads = is_current(child) ? 0 : child.reloads + 1;
  failed_reloads_ = 0;
}

std::string Children::show(time_t now) const {
  std::string text =
      fmt::format("#{:<14} {:<15} {:<15} {:<15} {:<15}\n", "<PID>", "<type>", "<reloads>", "<uptime>", "<version>");
  text +=
      row(pid_, "master", fmt::format("{} [failed: {}]", reloads_, failed_reloads_), now - started_, haproxy_version);
  const auto list = [&](Child::Kind kind, bool current, std::string_view title) {
    if (!title.empty()) text += title;
    for (const Child& child : all_) {
      if (child.kind != kind || is_current(child) != current) continue;
      text += row(child.pid, kind == Child::Kind::worker ? "worker" : child.name, fmt::to_string(child.reloads),
                  now - child.started, kind == Child::Kind::worker ? child.version : "-");
    }
  };
  const auto former = [&](Child::Kind kind) {
    return std::any_of(all_.begin(), all_.end(),
                       [&](const Child& child) { return child.kind == kind && !is_current(child); });
  };
  list(Child::Kind::worker, true, "# workers\n");
  if (former(Child::Kind::worker)) list(Child::Kind::worker, false, "# old workers\n");
  list(Child::Kind::program, true, "# programs\n");
  if (former(Child::Kind::program)) list(Child::Kind::program, false, "# old programs\n");
  return text;
}

pid_t Children::find_target(std::string_view prefix) const {
  prefix.remove_prefix(1);
  if (prefix.empty() || prefix == "master") return 0;
  const bool by_pid = prefix.starts_with('!');
  if (by_pid) prefix.remove_prefix(1);
  int number = -1;
  const auto read = std::from_chars(prefix.data(), prefix.data() + prefix.size(), number);
  if (read.ec != std::errc() || read.ptr != prefix.data() + prefix.size()) return -1;
  if (by_pid) {
    for (const Child& child : all_)
      if (child.kind == Child::Kind::worker && child.pid == number) return number;
    return -1;
  }
  // There is one worker of a generation, so its number is 1.
  if (number == 0) return 0;
  const Child* worker = current_worker();
  return number == 1 && worker ? worker->pid : -1;
}

std::string describe_end(const Child& child, bool current, int status) {
  const std::string who = child.kind == Child::Kind::worker ? "worker" : fmt::format("program '{}'", child.name);
  return fmt::format("{} {} ({}) exited with code {} ({})", current ? "Current" : "Former", who, child.pid, status,
                     status >= 128 ? strsignal(status - 128) : "Exit");
}

int exit_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

}  // namespace ddbproxy::app
