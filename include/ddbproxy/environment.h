// The variables that a configuration is read with, as a value: nothing here changes those of the process.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ddbproxy {

/// Names and their values, in the order in which they came. A plain value.
class Environment {
 public:
  Environment() = default;
  Environment(std::initializer_list<std::pair<std::string_view, std::string_view>> variables);
  /// A copy of what the process has now. Not while another thread changes that.
  static Environment of_process();

  /// The value, until the next change; empty when there is no such variable.
  std::optional<std::string_view> get(std::string_view name) const;
  /// One that exists keeps its place, another becomes the last. False, and nothing is changed, when no variable can
  /// have this name: it is empty or has a '='.
  bool set(std::string_view name, std::string_view value);
  /// The same, but one that exists keeps its value.
  bool preset(std::string_view name, std::string_view value);
  /// False, and nothing is changed, when no variable can have this name.
  bool unset(std::string_view name);
  /// Drops all but those that are named, and what is no variable.
  void keep_only(std::span<const std::string> names);

  /// Each as "NAME=value". What a process was given may also hold a name twice, where the first counts, or texts that
  /// are no variables.
  const std::vector<std::string>& entries() const { return entries_; }

  bool operator==(const Environment&) const = default;

 private:
  std::vector<std::string> entries_;
};

}  // namespace ddbproxy
