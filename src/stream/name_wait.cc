#include "stream/name_wait.h"

#include <algorithm>

#include "live/names/name_lookups.h"
#include "sample/expression.h"
#include "stream/worker.h"

namespace ddbproxy::stream {

using sample::Answer;
using sample::Value;

namespace {

void ask(const model::Rule& rule, Evaluation& e, std::string_view name) {
  const auto wait = std::make_shared<NameWait>(NameWait{&rule, e.stream, &e.state, false, {}});
  e.extras().names.push_back(wait);
  Worker& worker = *e.worker;
  live::NameQuery query{.section = rule.name.resolvers, .name = std::string(name)};
  if (rule.name.family == AF_INET) query.preferred = live::RecordType::a;
  query.asker = wait.get();
  query.done = [wait, &worker](const std::optional<Address>& address) {
    worker.post([wait, address] {
      wait->over = true;
      wait->address = address;
      if (wait->stream) wait->stream->resume();
    });
  };
  e.state.hooks.look_up_name(std::move(query));
}

}  // namespace

void forget(NameWait& wait) {
  wait.stream = nullptr;
  if (!wait.over) wait.state->hooks.forget_name(&wait);
}

bool resolve_name(const model::Rule& rule, Evaluation& e) {
  if (!e.worker || !e.state.hooks.look_up_name) return true;
  auto& names = e.extras().names;
  const auto known = std::find_if(names.begin(), names.end(), [&](const auto& each) { return each->rule == &rule; });
  if (known == names.end()) {
    Value name;
    // Who may not wait does not ask, either.
    if (e.final || rule.expression->evaluate_as(e, name, sample::Type::string) != Answer::found) return true;
    ask(rule, e, name.text);
    return false;
  }
  if (!(*known)->over) return e.final;
  if (const auto& address = (*known)->address; address && rule.variable) {
    Value value;
    value.set_address(*address);
    e.set_variable(*rule.variable, value);
  }
  return true;
}

}  // namespace ddbproxy::stream
