// Judging what a server has answered so far by one expectation of a check's script. Pure.
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/check_script.h>

#include "live/server_words.h"

namespace ddbproxy::live {

/// What a script remembers from step to step.
struct CheckMemory {
  int code = 0;
  std::string description;   ///< of the step that passed last
  uint32_t bufsize = 16384;  ///< tune.bufsize
};

struct Judgement {
  enum class Outcome : uint8_t {
    unknown,  ///< More of the answer may decide it.
    met,
    failed,
  };
  Outcome outcome = Outcome::unknown;
  CheckResult result;  ///< when it failed; while it is unknown, the description may say why
};

/// MySQL's packets, LDAP's messages and frames of agents, which no text describes.
bool judged_by_protocol(model::CheckExpect::Match match);
/// `number` is the step's, as messages count; `comment` the one that is in force there. `closed`: nothing will follow.
Judgement judge(const model::CheckExpect& expect, std::string_view answer, bool closed, size_t number,
                std::string_view comment, CheckMemory& memory);

}  // namespace ddbproxy::live
