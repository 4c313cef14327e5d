// Environment: what getenv(), setenv() and unsetenv() do, on a list of its own.
#include <algorithm>
#include <unistd.h>

#include <ddbproxy/environment.h>

namespace ddbproxy {
namespace {

bool is_name(std::string_view name) { return !name.empty() && name.find('=') == name.npos; }

bool is_of(std::string_view entry, std::string_view name) {
  return !name.empty() && entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name);
}

}  // namespace

Environment::Environment(std::initializer_list<std::pair<std::string_view, std::string_view>> variables) {
  for (const auto& [name, value] : variables) set(name, value);
}

Environment Environment::of_process() {
  Environment environment;
  for (char** entry = environ; entry && *entry; ++entry) environment.entries_.emplace_back(*entry);
  return environment;
}

std::optional<std::string_view> Environment::get(std::string_view name) const {
  for (const std::string_view entry : entries_)
    if (is_of(entry, name)) return entry.substr(name.size() + 1);
  return {};
}

bool Environment::set(std::string_view name, std::string_view value) {
  if (!is_name(name)) return false;
  std::string entry(name);
  entry.append("=").append(value);
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](auto& each) { return is_of(each, name); });
  if (found == entries_.end())
    entries_.push_back(std::move(entry));
  else
    *found = std::move(entry);
  return true;
}

bool Environment::preset(std::string_view name, std::string_view value) {
  return is_name(name) && (get(name) || set(name, value));
}

bool Environment::unset(std::string_view name) {
  if (!is_name(name)) return false;
  std::erase_if(entries_, [&](auto& each) { return is_of(each, name); });
  return true;
}

void Environment::keep_only(std::span<const std::string> names) {
  std::erase_if(entries_, [&](auto& each) {
    return std::none_of(names.begin(), names.end(), [&](auto& name) { return is_of(each, name); });
  });
}

}  // namespace ddbproxy
