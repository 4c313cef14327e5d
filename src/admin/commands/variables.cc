// Variables of the process: get var, set var.
#include <arpa/inet.h>
#include <fmt/format.h>

#include "admin/runs.h"
#include "config/runtime_expression.h"
#include "live/state.h"
#include "sample/cast.h"
#include "sample/method.h"
#include "stream/evaluation.h"

namespace ddbproxy::admin {
namespace {

/// What cannot be shown is a dot.
std::string printable(std::string_view text) {
  std::string shown(text);
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~') c = '.';
  return shown;
}

std::string shown(const sample::Value& value) {
  switch (value.type) {
    case sample::Type::boolean:
    case sample::Type::integer: return fmt::format("{}", value.number);
    case sample::Type::ipv4:
    case sample::Type::ipv6: return value.address().host();
    case sample::Type::method: {
      // As 2.6: of a name that is none of these it makes OPTIONS.
      const std::string_view usual = sample::usual_method(value.text);
      return std::string(usual.empty() ? sample::usual_methods.front() : usual);
    }
    // As in haproxy, up to the first zero byte.
    case sample::Type::binary: return printable(value.text.substr(0, value.text.find('\0')));
    default: return printable(value.text);
  }
}

}  // namespace

Answer run_get_var(Call& call) {
  const std::string& name = call.word(2);
  if (name.empty()) return Answer::error("Missing process-wide variable identifier.\n");
  std::string error;
  const auto variable = sample::parse_variable(name, error);
  sample::Scratch scratch;
  sample::Value value;
  if (!variable || variable->scope != sample::Scope::process ||
      !call.runtime.state.variables.get(*variable, value, scratch))
    return Answer::error("Variable not found.\n");
  return Answer::info(fmt::format("{}: type={} value=<{}>", name, sample::name_of(value.type), shown(value)));
}

/// set var <name> [expr|fmt] <what>; without either word it is an expression, as "set var proc.x int(7)".
Answer run_set_var(Call& call) {
  const std::string& name = call.word(2);
  if (name.empty()) return Answer::error("Missing process-wide variable identifier.\n");
  std::string error;
  const auto variable = sample::parse_variable(name, error);
  if (!variable) return Answer::error(error + "\n");
  if (variable->scope != sample::Scope::process)
    return Answer::error(
        fmt::format("'set var': cannot set variable '{}', only scope 'proc' is permitted here.\n", name));
  const std::string& kind = call.word(3);
  live::State& state = call.runtime.state;
  sample::Scratch scratch(state.model().global.bufsize);
  stream::Evaluation on(scratch, state, state.generation());
  on.final = true;
  sample::Value value;
  std::string text;
  if (call.has(4) && kind != "expr" && kind != "fmt")
    return Answer::error(fmt::format("'set var': arg type must be either 'expr' or 'fmt' but got '{}'.\n", kind));
  if (call.has(4) && kind == "fmt") {
    const auto format = config::read_runtime_format(call.word(4), state.model(), error);
    if (!format) return Answer::error(error + "\n");
    format->append(text, sample::StreamFacts(), sample::LineContext{.samples = &on, .dashes = false});
    value.set_string(text);
  } else {
    const size_t first = call.has(4) ? 4 : 3;
    const auto words = call.words.subspan(std::min(first, call.words.size()));
    const auto expression =
        config::read_runtime_expression(words, fmt::format("set-var({})", name), state.model(), error);
    if (!expression) return Answer::error(error + "\n");
    if (expression->evaluate(on, value) != sample::Answer::found) return Answer::done();
  }
  state.variables.set(*variable, value, state.model().global.variable_limits);
  return Answer::done();
}

}  // namespace ddbproxy::admin
