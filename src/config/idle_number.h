// Numbers of the section "global" that shape only what nothing accepted can ask for: read for their errors.
#pragma once

#include <climits>
#include <fmt/format.h>
#include <set>
#include <string>
#include <string_view>

#include <ddbproxy/model.h>

#include "config/context.h"
#include "config/readers.h"

namespace ddbproxy::config {

/// What haproxy says of a number outside these limits, and of none; no words: none is taken as 0.
struct IdleLimits {
  int least = INT_MIN, most = INT_MAX;
  std::string_view expects = {};
  std::string_view missing = "an integer argument.";
  bool once = false;  ///< A value other than 0 stays.
};
/// Of a word that haproxy carries out and that has no like here: it is judged, and its writer told.
inline void say_no_effect(Line& line, std::string_view word) {
  line.say(Severity::notice,
           fmt::format("'{}' has no effect in ddbproxy: it is about how haproxy works inside.", word));
}
inline void say_no_effect(Line& line) { say_no_effect(line, line.keyword()); }

inline constexpr IdleLimits any_idle_number{}, single_idle_number{.once = true},
    positive_idle_number{0, INT_MAX, "a positive numeric value."};

template <const IdleLimits& limits = any_idle_number>
void idle_number(Line& line, model::Global&) {
  std::set<std::string>& given = line.context().given;
  if (limits.once && given.contains(line.keyword())) return say_already_specified(line);
  if (line.peek().empty()) {
    if (!limits.missing.empty())
      line.alert(fmt::format("'{}' expects {}", line.keyword(), limits.missing), line.position());
    return;
  }
  const std::string word(line.take());
  const auto value = wrapped_number(word);
  if (limits.once && value != 0) given.insert(line.keyword());
  if (value < limits.least || value > limits.most)
    line.alert(fmt::format("'{}' expects {}", line.keyword(), limits.expects));
  else
    loose_number(line, word);
}

}  // namespace ddbproxy::config
