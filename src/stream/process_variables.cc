#include "stream/process_variables.h"

#include <algorithm>

#include "sample/log_format.h"
#include "stream/evaluation.h"

namespace ddbproxy::stream {

void set_process_variables(live::State& state, const live::Generation& generation, const live::Generation* before) {
  sample::Scratch scratch(generation.global().bufsize);
  Evaluation on(scratch, state, generation);
  on.final = true;
  for (const model::ProcessVariable& setting : generation.global().variables) {
    if (before) {
      const auto& known = before->global().variables;
      if (std::any_of(known.begin(), known.end(), [&](const auto& each) { return each.text == setting.text; }))
        continue;
    }
    sample::Value value;
    std::string text;
    if (setting.format) {
      setting.format->append(text, sample::StreamFacts(), sample::LineContext{.samples = &on, .dashes = false});
      value.set_string(text);
    } else if (setting.expression->evaluate(on, value) != sample::Answer::found) {
      continue;
    }
    state.variables.set(*setting.variable, value, generation.global().variable_limits);
    scratch.clear();
  }
}

}  // namespace ddbproxy::stream
