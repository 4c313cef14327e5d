// What an agent's line orders: words in any order, as the manual has them for `agent-check`. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ddbproxy::live {

struct AgentAnswer {
  enum class State : uint8_t { none, up, down };
  State state = State::none;
  std::string state_word;  ///< "up", "stopped", as it was written
  enum class Mode : uint8_t { none, ready, drain, maint };
  Mode mode = Mode::none;  ///< The last one of them.
  std::optional<std::string> weight, maxconn;
  std::string unknown;      ///< The first word that is none of an agent's.
  std::string description;  ///< What follows a sharp.
};

AgentAnswer read_agent_answer(std::string_view line);

}  // namespace ddbproxy::live
