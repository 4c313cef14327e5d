#include "stream/sticking.h"

#include <algorithm>

#include "live/backend.h"
#include "sample/acl.h"
#include "sample/expression.h"
#include "sticky/key.h"

namespace ddbproxy::stream {
namespace {

using sample::Answer;
using sample::Value;
using sticky::Layout;
using sticky::Pin;
using sticky::StickData;
using sticky::Table;
using sticky::Tick;

/// As many as haproxy keeps.
constexpr size_t most_learned = 8;

std::optional<std::string_view> key_of(const sample::Expression& expression, const Table& table,
                                       Evaluation& evaluation) {
  Value value;
  if (expression.evaluate(evaluation, value) != Answer::found) return {};
  return sticky::key_of(value, table.kind(), evaluation.scratch);
}

live::Server* server_of(const Pin& pin, const Evaluation& evaluation) {
  const live::BackendConfig& config = *evaluation.backend;
  const Layout& layout = pin.table()->layout();
  live::Server* server = nullptr;
  if (const std::string* name = pin.entry()->name(layout))
    server = pin.table()->kind().by_address ? config.backend.look_up_address(*name) : config.backend.look_up(*name);
  if (!server)
    if (const uint64_t id = pin.get(StickData::server_id, 0))
      server = config.backend.look_up_id(static_cast<uint32_t>(id));
  if (!server) return nullptr;
  const bool runs = server->oper_state() != live::OperState::stopped && !server->in_maintenance();
  return runs || evaluation.keeps_to_down ? server : nullptr;
}

void keep(Evaluation& evaluation, const model::StickRule& rule, Table& table, std::string_view key) {
  auto& learning = evaluation.extras().learning;
  const auto same = [&](const Extras::Learning& each) { return each.table == &table; };
  if (learning.size() >= most_learned || (!rule.match && std::any_of(learning.begin(), learning.end(), same))) return;
  learning.push_back({&table, std::string(key)});
}

}  // namespace

std::pair<StickData, uint32_t> place_of(const Layout& layout, StickData data, uint32_t at) {
  if (layout.has(data)) return {data, at};
  switch (data) {
    case StickData::gpc0: return {StickData::gpc, 0};
    case StickData::gpc1: return {StickData::gpc, 1};
    case StickData::gpc0_rate: return {StickData::gpc_rate, 0};
    case StickData::gpc1_rate: return {StickData::gpc_rate, 1};
    case StickData::gpt0: return {StickData::gpt, 0};
    default: return {data, at};
  }
}

void count_gpc(const Layout& layout, sticky::Entry& entry, StickData data, uint32_t at, Tick now) {
  const StickData rate = data == StickData::gpc0   ? StickData::gpc0_rate
                         : data == StickData::gpc1 ? StickData::gpc1_rate
                                                   : StickData::gpc_rate;
  for (const StickData each : {data, rate}) {
    const auto [stored, place] = place_of(layout, each, at);
    if (place < layout.count(stored)) entry.add(layout, stored, now, 1, place);
  }
}

bool track(const model::Rule& rule, Evaluation& evaluation) {
  sticky::Tracked& slot = evaluation.extras().tracked[rule.slot];
  if (slot) return true;
  Value value;
  const Answer answer = rule.expression->evaluate(evaluation, value);
  if (!evaluation.final && (answer == Answer::not_yet || (answer == Answer::found && value.may_change))) return false;
  if (answer != Answer::found) return true;
  Table& table = *evaluation.generation.table(rule.table.index);
  const auto key = sticky::key_of(value, table.kind(), evaluation.scratch);
  if (!key) return true;
  const Tick now = sticky::tick_of(base::now());
  slot = sticky::Tracked(table.pin_or_make(*key, now), now);
  return true;
}

void change_tracked(const model::Rule& rule, Evaluation& evaluation) {
  Pin* pin = evaluation.tracked(rule.slot);
  if (!pin) return;
  const Tick now = sticky::tick_of(base::now());
  const Layout& layout = pin->table()->layout();
  if (rule.action == model::Rule::Action::sc_inc_gpc) {
    count_gpc(layout, *pin->entry(), rule.data, rule.at, now);
    pin->table()->changed(*pin->entry());
  } else {
    Value value;
    value.set_integer(rule.number);
    if (rule.expression && rule.expression->evaluate_as(evaluation, value, sample::Type::integer) != Answer::found)
      return;
    const auto [data, at] = place_of(layout, rule.data, rule.at);
    pin->set(data, now, static_cast<uint64_t>(value.number), at);
  }
  pin->touch(now);
}

live::Server* find_sticky_server(Evaluation& evaluation, live::Server* wanted) {
  for (const model::StickRule& rule : evaluation.backend->settings().stick_rules) {
    if (rule.of_response || (rule.condition && !rule.condition->holds(evaluation))) continue;
    Table& table = *evaluation.generation.table(rule.table.index);
    if (const auto key = key_of(*rule.expression, table, evaluation)) {
      if (rule.match)
        if (const Pin pin = table.pin(*key, sticky::tick_of(base::now())); pin && !wanted)
          wanted = server_of(pin, evaluation);
      if (rule.store) keep(evaluation, rule, table, *key);
    }
    evaluation.scratch.clear();
  }
  return wanted;
}

void learn_server(Evaluation& evaluation) {
  for (const model::StickRule& rule : evaluation.backend->settings().stick_rules) {
    if (!rule.of_response || (rule.condition && !rule.condition->holds(evaluation))) continue;
    Table& table = *evaluation.generation.table(rule.table.index);
    if (const auto key = key_of(*rule.expression, table, evaluation)) keep(evaluation, rule, table, *key);
    evaluation.scratch.clear();
  }
  const live::Server* server = evaluation.server;
  if (!*evaluation.its_extras) return;
  auto learning = std::exchange(evaluation.extras().learning, {});
  if (!server || server->config().non_stick || learning.empty()) return;
  const Tick now = sticky::tick_of(base::now());
  for (const Extras::Learning& each : learning) {
    Pin pin = each.table->pin_or_make(each.key, now);
    if (!pin) continue;
    pin.set(StickData::server_id, now, server->id());
    if (!pin.stores(StickData::server_key)) continue;
    const std::string* before = pin.entry()->name(each.table->layout());
    const std::string name = each.table->kind().by_address ? server->address().text() : server->name();
    if (!before || *before != name) pin.entry()->set_name(each.table->layout(), sticky::kept_name(name));
  }
}

}  // namespace ddbproxy::stream
