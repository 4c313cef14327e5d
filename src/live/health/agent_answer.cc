#include "live/health/agent_answer.h"

#include "base/text.h"

namespace ddbproxy::live {
namespace {

using Mode = AgentAnswer::Mode;
using Told = AgentAnswer::State;

constexpr std::pair<std::string_view, Told> states[] = {
    {"up", Told::up}, {"down", Told::down}, {"stopped", Told::down}, {"fail", Told::down}};
constexpr std::pair<std::string_view, Mode> modes[] = {
    {"ready", Mode::ready}, {"drain", Mode::drain}, {"maint", Mode::maint}};

constexpr std::string_view blanks = " \t,";
constexpr std::string_view maxconn = "maxconn:";

bool is_weight(std::string_view word) {
  return word[0] >= '0' && word[0] <= '9' && word.find('%') != std::string_view::npos;
}

void read_word(std::string_view word, AgentAnswer& answer) {
  for (const auto& [name, state] : states)
    if (base::equals_ignoring_case(word, name)) {
      answer.state = state;
      answer.state_word = word;
      return;
    }
  for (const auto& [name, mode] : modes)
    if (base::equals_ignoring_case(word, name)) return void(answer.mode = mode);
  if (is_weight(word))
    answer.weight = word;
  else if (base::equals_ignoring_case(word.substr(0, maxconn.size()), maxconn))
    answer.maxconn = word.substr(maxconn.size());
  else if (answer.unknown.empty())
    answer.unknown = word;
}

}  // namespace

AgentAnswer read_agent_answer(std::string_view line) {
  AgentAnswer answer;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    if (line.empty()) return answer;
    if (line[0] == '#') {
      line.remove_prefix(std::min(line.find_first_not_of(" \t", 1), line.size()));
      answer.description = line;
      return answer;
    }
    const std::string_view word = line.substr(0, line.find_first_of(blanks));
    read_word(word, answer);
    line.remove_prefix(word.size());
  }
}

}  // namespace ddbproxy::live
