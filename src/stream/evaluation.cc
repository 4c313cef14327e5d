#include "stream/evaluation.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sample/expression.h"
#include "sample/log_format.h"
#include "stream/fetches/tables.h"

namespace ddbproxy::stream {

using sample::Answer;

namespace {

using Functions = std::vector<const FetchFunction*>;

void add(Functions& functions, std::span<const FetchFunction> table) {
  for (const FetchFunction& each : table)
    if (const sample::Fetch* row = sample::find_fetch(each.name)) functions[sample::number_of(*row)] = &each;
}

/// By sample::FetchCall::number; null: of a table, or absent.
Functions& functions() {
  static Functions all = [] {
    Functions by_number(sample::fetches().size());
    for (const auto table : {connection_answers, constant_answers, payload_answers, process_answers, tls_hello_answers})
      add(by_number, table);
    return by_number;
  }();
  return all;
}

}  // namespace

void add_fetches(std::span<const FetchFunction> table) { add(functions(), table); }

bool answers(std::string_view fetch) {
  const sample::Fetch* row = sample::find_fetch(fetch);
  return row && (functions()[sample::number_of(*row)] || is_of_table(*row));
}

Answer Evaluation::fetch(const sample::FetchCall& call, sample::Value& value) {
  const FetchFunction* function = functions()[call.number];
  return function ? function->answer(*this, call.arguments, value) : fetch_of_table(*this, call, value);
}

bool Evaluation::convert(const sample::Converter& converter, sample::Arguments arguments, sample::Value& value) {
  return convert_by_name(*this, converter, arguments, value);
}

sticky::Pin* Evaluation::tracked(int64_t slot) const {
  if (!its_extras || !*its_extras || slot < 0 || slot >= static_cast<int64_t>((*its_extras)->tracked.size()))
    return nullptr;
  sticky::Tracked& tracked = (*its_extras)->tracked[static_cast<size_t>(slot)];
  return tracked ? &tracked.pin() : nullptr;
}

std::string_view Evaluation::unique_id() {
  const sample::LogFormat* format = frontend ? frontend->settings().unique_id.get() : nullptr;
  if (!format || !stream || making_id_) return {};
  std::string& id = extras().unique_id;
  if (id.empty()) {
    making_id_ = true;
    format->append(id, stream->facts(), {.samples = this, .dashes = false});
    making_id_ = false;
  }
  return id;
}

sample::StreamFacts Evaluation::facts() const {
  if (stream) return stream->facts();
  sample::StreamFacts facts;
  if (!listener) return facts;
  facts.client = client->expand();
  facts.frontend_address = listener->address;
  facts.accepted = base::wall_now();
  facts.frontend = facts.backend = frontend->frontend.name();
  facts.server = "<NOSRV>";
  facts.bind_name = listener->name;
  facts.bind_id = listener->id;
  facts.termination[0] = 'P';
  facts.termination[1] = 'R';
  facts.actconn = state.process.current_connections;
  facts.feconn = frontend->frontend.current_sessions();
  return facts;
}

live::Priority Evaluation::priority() const {
  return its_extras && *its_extras ? (*its_extras)->priority : live::Priority();
}

Extras& Evaluation::extras() {
  if (!*its_extras) its_extras->reset(new Extras());
  return **its_extras;
}

live::Variables* Evaluation::variables_of(sample::Scope scope) const {
  if (of_check) return scope == sample::Scope::check || scope == sample::Scope::session ? of_check : nullptr;
  return its_extras && *its_extras ? &(*its_extras)->variables : nullptr;
}

Answer Evaluation::variable(const sample::Variable& variable, sample::Value& value) {
  if (variable.scope == sample::Scope::process)
    return state.variables.get(variable, value, scratch) ? Answer::found : Answer::absent;
  const live::Variables* variables = variables_of(variable.scope);
  return variables && variables->get(variable, value, scratch) ? Answer::found : Answer::absent;
}

bool Evaluation::has_variable(const sample::Variable& variable) const {
  if (variable.scope == sample::Scope::process) return state.variables.contains(variable);
  const live::Variables* variables = variables_of(variable.scope);
  return variables && variables->contains(variable);
}

bool Evaluation::set_variable(const sample::Variable& variable, const sample::Value& value) {
  const model::VariableLimits& limits = generation.global().variable_limits;
  if (variable.scope == sample::Scope::process) return state.variables.set(variable, value, limits);
  if (of_check) {
    live::Variables* variables = variables_of(variable.scope);
    return variables && variables->set(variable, value, limits, state.variables.total);
  }
  if (!its_extras || (session_only && variable.scope != sample::Scope::session)) return false;
  return extras().variables.set(variable, value, limits, state.variables.total);
}

void Evaluation::unset_variable(const sample::Variable& variable) {
  if (variable.scope == sample::Scope::process) return state.variables.unset(variable);
  if (live::Variables* variables = variables_of(variable.scope)) variables->unset(variable);
}

}  // namespace ddbproxy::stream
