#include "config/stick_reader.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>
#include <optional>

#include <ddbproxy/peers.h>

#include "config/acl_reader.h"
#include "config/context.h"
#include "config/keyword.h"
#include "config/name_reader.h"
#include "config/readers.h"
#include "config/suggest.h"
#include "sample/expression.h"
#include "sample/places.h"
#include "sticky/key.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;
using model::StickData;
using model::StickTable;
using Kind = model::StickDataRow::Kind;

/// No text that a sample can be is longer.
constexpr uint32_t longest_key = 16384;
constexpr unsigned long most_of_a_kind = 100;

/// In the name of the line's word: `stick-table`, or `table` of a `peers` section.
bool complain(Line& line, const std::string& text, size_t at = Line::last_taken) {
  line.alert(fmt::format("{}: {}", line.keyword(), text), at);
  return false;
}

bool read_type(Line& line, StickTable& table, bool& known) {
  struct Type {
    std::string_view name;
    StickTable::KeyType type;
    uint32_t size;
  };
  constexpr Type types[] = {{"ip", StickTable::KeyType::ip, 4},
                            {"ipv6", StickTable::KeyType::ipv6, 16},
                            {"integer", StickTable::KeyType::integer, 4},
                            {"string", StickTable::KeyType::string, 31},
                            {"binary", StickTable::KeyType::binary, 32}};
  const std::string_view word = line.take();
  const auto found =
      std::find_if(std::begin(types), std::end(types), [&](const Type& each) { return each.name == word; });
  if (found == std::end(types)) return complain(line, fmt::format("unknown type '{}'.", word));
  table.key_type = found->type;
  table.key_size = found->size;
  known = true;
  const bool text = found->type == StickTable::KeyType::string || found->type == StickTable::KeyType::binary;
  if (!text || line.peek() != "len") return true;
  line.take();
  const std::string length(line.take());
  const long number = std::atol(length.c_str());
  if (number == 0) return complain(line, fmt::format("unknown type '{}'.", length));
  table.key_size = static_cast<uint32_t>(std::min<unsigned long>(static_cast<unsigned long>(number), longest_key));
  return true;
}

bool read_size(Line& line, StickTable& table) {
  if (line.peek().empty()) return complain(line, "missing argument after 'size'.", line.position() - 1);
  const std::string_view word = line.take();
  const size_t at = parse_size(word, table.size);
  if (at < word.size())
    return complain(line, fmt::format("unexpected character '{}' in argument of 'size'.", word[at]));
  return true;
}

bool read_expire(Line& line, StickTable& table) {
  if (line.peek().empty()) return complain(line, "missing argument after 'expire'.", line.position() - 1);
  const std::string_view word = line.take();
  const auto reading = read_duration(line, word, std::chrono::milliseconds(1));
  using Outcome = base::DurationReading::Outcome;
  if (reading.outcome == Outcome::bad_character)
    return complain(line, fmt::format("unexpected character '{}' in argument of 'expire'.", word[reading.bad_at]));
  if (reading.outcome == Outcome::overflow) {
    line.report(Severity::alert,
                fmt::format("parsing [{}]: {}: timer overflow in argument <{}> to <expire>, maximum value is "
                            "2147483647 ms (~24.8 days).",
                            line.place(), line.keyword(), word));
    return false;
  }
  table.expire = std::chrono::ceil<std::chrono::milliseconds>(reading.value);
  return true;
}

/// One kind of data, with what stands in its brackets; `has_argument`: it has brackets.
bool read_stored(Line& line, StickTable& table, std::string_view name, bool has_argument, std::string_view argument) {
  const auto wrong = [&](std::string_view what) { return complain(line, fmt::format("{} '{}'.", what, name)); };
  const int number = model::find_stick_data(name);
  if (number < 0) {
    Suggestion suggestion(name);
    for (const auto& row : model::stick_data_rows) suggestion.consider(row.name);
    line.alert(fmt::format("{}: unknown store option '{}'.", line.keyword(), name)).suggestion = suggestion.best();
    return false;
  }
  const model::StickDataRow& row = model::stick_data_rows[static_cast<size_t>(number)];
  StickTable::Stored stored{.count = 1};
  const bool rate = row.kind == Kind::rate;
  if (!row.several && !rate && has_argument) return wrong("unexpected argument to store option");
  if ((row.several || rate) && !has_argument) return wrong("missing argument to store option");
  if (row.several) {
    const size_t comma = std::min(argument.find(','), argument.size());
    const unsigned long count = std::strtoul(std::string(argument.substr(0, comma)).c_str(), nullptr, 10);
    if (count < 1 || count > most_of_a_kind)
      return wrong(fmt::format("array size is out of allowed range (1-{}) for store option", most_of_a_kind));
    stored.count = static_cast<uint32_t>(count);
    argument.remove_prefix(comma);
    if (!argument.empty() && !rate) return wrong("unexpected argument to store option");
    if (argument.empty() && rate) return wrong("missing argument to store option");
    if (rate) argument = argument.substr(1, argument.find(',', 1) - 1);
  }
  if (rate) {
    const auto reading = read_duration(line, argument, std::chrono::milliseconds(1));
    using Outcome = base::DurationReading::Outcome;
    if (argument.empty() || reading.outcome == Outcome::bad_character || reading.outcome == Outcome::overflow)
      return wrong("error when processing store option");
    stored.period = std::chrono::ceil<std::chrono::milliseconds>(reading.value);
  }
  StickTable::Stored& before = table.data[static_cast<size_t>(number)];
  if (before.count)
    line.report(Severity::warning, fmt::format("parsing [{}]: {}: store option '{}' already enabled, ignored.",
                                               line.place(), line.keyword(), name));
  else
    before = stored;
  return true;
}

bool read_store(Line& line, StickTable& table) {
  std::string_view rest = line.take();
  while (!rest.empty()) {
    const size_t end = std::min(rest.find_first_of(",("), rest.size());
    const std::string_view name = rest.substr(0, end);
    std::string_view argument;
    const bool has_argument = end < rest.size() && rest[end] == '(';
    rest.remove_prefix(end);
    if (has_argument) {
      const size_t close = rest.find(')');
      if (close == rest.npos)
        return complain(line, fmt::format("missing closing parenthesis after store option '{}'.", name));
      argument = rest.substr(1, close - 1);
      rest.remove_prefix(std::min(rest.find(',', close), rest.size()));
    }
    if (!rest.empty()) rest.remove_prefix(1);
    if (!read_stored(line, table, name, has_argument, argument)) return false;
  }
  return true;
}

/// Kinds of which the one takes the place of the others.
bool judge_overrides(Line& line, const StickTable& table) {
  struct Override {
    StickData whole, first, second;
    const char *name, *others;
  };
  constexpr Override overrides[] = {
      {StickData::gpt, StickData::gpt0, StickData::gpt0, "gpt", "gpt0"},
      {StickData::gpc, StickData::gpc0, StickData::gpc1, "gpc", "gpc[0/1]"},
      {StickData::gpc_rate, StickData::gpc0_rate, StickData::gpc1_rate, "gpc_rate", "gpc[0/1]_rate"}};
  for (const Override& each : overrides)
    if (table.stored(each.whole).count && (table.stored(each.first).count || table.stored(each.second).count))
      return complain(line,
                      fmt::format("simultaneous usage of '{0}' and '{1}' in a same table is not permitted as '{0}' "
                                  "overrides '{1}'.",
                                  each.name, each.others));
  return true;
}

bool read_options(Line& line, StickTable& table, bool& typed) {
  while (!line.done() && !line.peek().empty()) {
    const std::string_view word = line.take();
    if (word == "type") {
      if (!read_type(line, table, typed)) return false;
    } else if (word == "size") {
      if (!read_size(line, table)) return false;
    } else if (word == "expire") {
      if (!read_expire(line, table)) return false;
    } else if (word == "nopurge") {
      table.nopurge = true;
    } else if (word == "peers" && line.context().section != in_peers) {
      if (line.peek().empty()) return complain(line, "missing argument after 'peers'.");
      table.peers = line.take();
    } else if (word == "srvkey") {
      const std::string_view kind = line.take();
      table.by_address = kind == "addr";
      if (kind != "name" && kind != "addr") {
        line.alert(fmt::format("{} : unknown server key type '{}'.", line.keyword(), kind));
        return false;
      }
    } else if (word == "store") {
      if (!read_store(line, table)) return false;
    } else {
      return complain(line, fmt::format("unknown argument '{}'.", word));
    }
  }
  return true;
}

/// What stands behind the name; nothing after a report.
std::optional<StickTable> read_table(Line& line) {
  StickTable table;
  table.where = line.where();
  bool typed = false;
  if (!read_options(line, table, typed)) return {};
  if (!table.size) return complain(line, "missing size."), std::nullopt;
  if (!typed) return complain(line, "missing type."), std::nullopt;
  if (!judge_overrides(line, table)) return {};
  table.number = line.context().tables_read++;
  return table;
}

std::string name_in(const model::TableName& table, const Proxy& proxy) { return table.name.value_or(proxy.name); }

/// Null after a report of `missing`.
StickTable* find_named(Context& context, const Proxy& proxy, model::TableName& table, const Location& where,
                       const std::string& missing) {
  const std::string name = name_in(table, proxy);
  if (const model::TableRef* found = context.find_table(name)) {
    table.index = found->number;
    return found->settings;
  }
  Suggestion suggestion(name);
  for (const model::TableRef& each : context.tables()) suggestion.consider(each.name);
  context.diagnostics.add(Severity::alert, where, missing).suggestion = suggestion.best();
  return nullptr;
}

void resolve_rules(Context& context, const Proxy& proxy, model::Rules& rules) {
  for (model::Rule& rule : rules) {
    if (rule.action == model::Rule::Action::track_sc) resolve_tracked_table(context, proxy, rule);
    if (rule.action == model::Rule::Action::do_resolve)
      resolve_name_servers(context, proxy, rule.name.resolvers, rule.where);
  }
}

}  // namespace

void read_stick_table(Line& line, Proxy& proxy) {
  if (line.context().section == in_defaults)
    return void(line.alert("'stick-table' is not supported in 'defaults' section.", 0));
  for (const auto& other : line.context().model->proxies)
    if (other->stick_table && other->name == proxy.name)
      return void(
          line.alert(fmt::format("stick-table name '{}' conflicts with table declared in {} '{}' at {}.", proxy.name,
                                 other->kind(), other->name, other->stick_table->where.file_and_line())));
  proxy.stick_table = read_table(line);
}

void read_peers_table(Line& line, model::Peers& section) {
  std::string name(line.take());
  auto table = read_table(line);
  if (!table) return;
  for (const model::PeersTable& other : section.tables)
    if (other.name == name) {
      line.report(Severity::notice, fmt::format("table '{}/{}' is there already, at {}; this one is never used.",
                                                section.name, name, other.settings.where.file_and_line()));
      return;
    }
  section.tables.push_back({std::move(name), std::move(*table)});
}

void read_table_name(Line& line, model::TableName& table) {
  if (line.peek() != "table") return;
  line.take();
  table.name = line.take();
}

void read_stick_rule(Line& line, Proxy& proxy, model::StickRule rule) {
  if (line.context().section == in_defaults) return void(line.alert("'stick' not allowed in 'defaults' section.", 0));
  rule.where = line.where(0);
  if (line.peek().empty()) return void(line.alert("'stick' expects a fetch method."));
  const size_t at = line.position();
  rule.expression = read_expression(line, "stick rule", "'stick': ");
  if (!rule.expression) return;
  const auto place = rule.of_response ? sample::Place::stick_store : sample::Place::use_server;
  if (!(rule.expression->places() & sample::at(place))) {
    const auto& fetch = *rule.expression->fetch().row;
    line.alert(fmt::format("'stick': fetch method '{}' extracts information from '{}', none of which is available {}.",
                           fetch.name, fetch.source.name, rule.of_response ? "for 'store-response'" : "during request"),
               at);
    return;
  }
  if (refuse_unanswered(line, *rule.expression)) return;
  read_table_name(line, rule.table);
  if (line.peek() == "if" || line.peek() == "unless") {
    const auto condition = read_condition(line, {"'stick': error detected while parsing sticking condition : ", "."});
    if (!condition) return;
    warn_of_conflicts(line, *condition, place, "", sample::at(place));
    rule.condition = condition;
  } else if (!line.peek().empty()) {
    return void(line.alert(fmt::format("'stick': unknown keyword '{}'.", line.peek()), line.position()));
  }
  if (proxy.backend) proxy.backend->stick_rules.push_back(std::move(rule));
}

void resolve_tracked_table(Context& context, const Proxy& proxy, model::Rule& rule) {
  const std::string name = name_in(rule.table, proxy);
  const StickTable* table = find_named(
      context, proxy, rule.table, rule.where,
      fmt::format("Proxy '{}': unable to find table '{}' referenced by track-sc{}.", proxy.name, name, rule.slot));
  if (table && !sticky::can_be_key(rule.expression->type(), table->key_type))
    context.diagnostics.add(
        Severity::alert, rule.where,
        fmt::format("Proxy '{}': stick-table '{}' uses a type incompatible with the 'track-sc{}' rule.", proxy.name,
                    name, rule.slot));
}

int find_table(const model::Model& model, std::string_view name) {
  for (const model::TableRef& each : model::tables_of(model))
    if (each.name == name) return each.number;
  return -1;
}

/// The section that a table is to be shared by must be there; without us in it, it is not.
void resolve_sharing(Context& context, Proxy& proxy) {
  if (!proxy.stick_table || proxy.stick_table->peers.empty()) return;
  const model::Peers* section = model::find_peers(*context.model, proxy.stick_table->peers);
  if (section && (section->disabled || !section->is_bare)) return;
  Suggestion suggestion(proxy.stick_table->peers);
  for (const auto& each : context.model->peers) suggestion.consider(each->name);
  context.diagnostics
      .add(Severity::alert, proxy.stick_table->where,
           section ? fmt::format("Proxy '{}': unable to find local peer '{}' in peers section '{}'.", proxy.name,
                                 section->local_name, section->name)
                   : fmt::format("Proxy '{}': unable to find sync peers '{}'.", proxy.name, proxy.stick_table->peers))
      .suggestion = section ? "" : suggestion.best();
}

void resolve_tables(Context& context, Proxy& proxy) {
  resolve_sharing(context, proxy);
  if (proxy.backend)
    for (model::StickRule& rule : proxy.backend->stick_rules) {
      const std::string name = name_in(rule.table, proxy);
      StickTable* table = find_named(context, proxy, rule.table, rule.where,
                                     fmt::format("Proxy '{}': unable to find stick-table '{}'.", proxy.name, name));
      if (!table) continue;
      if (!sticky::can_be_key(rule.expression->type(), table->key_type))
        context.diagnostics.add(
            Severity::alert, rule.where,
            fmt::format("Proxy '{}': type of fetch not usable with type of stick-table '{}'.", proxy.name, name));
      table->stored(StickData::server_id).count = table->stored(StickData::server_key).count = 1;
    }
  resolve_rules(context, proxy, proxy.request_rules);
  if (!proxy.frontend) return;
  resolve_rules(context, proxy, proxy.frontend->connection_rules);
  resolve_rules(context, proxy, proxy.frontend->session_rules);
}

}  // namespace ddbproxy::config
