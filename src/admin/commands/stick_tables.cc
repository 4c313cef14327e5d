// What stick tables hold: show table, set table, clear table.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fmt/format.h>
#include <vector>

#include "admin/runs.h"
#include "live/state.h"
#include "sticky/key.h"
#include "sticky/table.h"

namespace ddbproxy::admin {
namespace {

using model::StickData;
using sticky::Entry;
using sticky::Table;
using sticky::Tick;
using Kind = model::StickDataRow::Kind;

/// Up to so many entries are listed in the order of their keys, as haproxy does; more in no order, piece by piece.
constexpr uint32_t most_in_order = 10000;
constexpr size_t most_filters = 4;

enum class Action : uint8_t { show, set, clear };

Tick now_tick() { return sticky::tick_of(base::now()); }

struct Filter {
  StickData data{};
  std::string_view operation;
  int64_t value = 0;

  bool holds(uint64_t found) const {
    const auto number = static_cast<int64_t>(found);
    if (operation == "eq") return number == value;
    if (operation == "ne") return number != value;
    if (operation == "le") return number <= value;
    if (operation == "ge") return number >= value;
    if (operation == "lt") return number < value;
    return number > value;
  }
};
using Filters = std::vector<Filter>;

/// The whole word; false when it is no number.
bool read_number(const std::string& word, int64_t& number) {
  if (word.empty()) return false;
  char* end = nullptr;
  errno = 0;
  number = std::strtoll(word.c_str(), &end, 10);
  if (errno == ERANGE && word[0] != '-') number = static_cast<int64_t>(std::strtoull(word.c_str(), &end, 10));
  return *end == '\0';
}

/// "data.gpc0"
int data_of(std::string_view word) { return word.starts_with("data.") ? model::find_stick_data(word.substr(5)) : -1; }

void append_data(std::string& out, const Table& table, const Entry& entry, size_t number, Tick now) {
  const auto data = static_cast<StickData>(number);
  const model::StickDataRow& row = model::stick_data_rows[number];
  const auto back = std::back_inserter(out);
  for (uint32_t at = 0; at < table.layout().count(data); ++at) {
    // "gpc" is gpc0, gpc1 ..., and "gpc_rate" gpc0_rate, gpc1_rate ...
    if (row.several)
      fmt::format_to(back, " {}{}{}", row.name.substr(0, 3), at, row.name.substr(3));
    else
      fmt::format_to(back, " {}", row.name);
    if (row.kind == Kind::rate) fmt::format_to(back, "({})", table.layout().period(data));
    if (row.kind == Kind::name) {
      const std::string* name = entry.name(table.layout());
      fmt::format_to(back, "={}", name ? std::string_view(*name) : "-");
    } else {
      fmt::format_to(back, "={}", entry.get(table.layout(), data, now, at));
    }
  }
}

void append_entry(std::string& out, const Table& table, const Entry& entry, Tick now) {
  fmt::format_to(std::back_inserter(out), "{}: key=", static_cast<const void*>(&entry));
  sticky::append_key(out, entry.key(table.layout()), table.kind());
  fmt::format_to(std::back_inserter(out), " use={} exp={}", entry.pins(), table.time_left(entry, now));
  for (size_t i = 0; i < model::stick_data_rows.size(); ++i) append_data(out, table, entry, i, now);
  out += '\n';
}

std::string header(Table& table) {
  constexpr std::string_view types[] = {"ip", "ipv6", "integer", "string", "binary"};
  table.expire(now_tick());
  return fmt::format("# table: {}, type: {}, size:{}, used:{}\n", table.name(),
                     types[static_cast<size_t>(table.kind().key_type)], table.size(), table.used());
}

bool fits(const Table& table, const Entry& entry, const Filters& filters, Tick now) {
  return std::all_of(filters.begin(), filters.end(),
                     [&](const Filter& each) { return each.holds(entry.get(table.layout(), each.data, now)); });
}

/// The table is kept until the last piece of its list is out.
Answer list_entries(std::shared_ptr<Table> table, Filters filters) {
  Answer answer = Answer::document(header(*table));
  const Tick now = now_tick();
  if (table->used() > most_in_order) {
    answer.more = [table = std::move(table), filters = std::move(filters),
                   shard = size_t{0}](std::string& out) mutable {
      const Tick later = now_tick();
      table->for_each(shard, [&](Entry& entry) {
        if (fits(*table, entry, filters, later)) append_entry(out, *table, entry, later);
      });
      return ++shard < table->shards();
    };
    return answer;
  }
  std::vector<std::pair<std::string, std::string>> lines;
  for (size_t shard = 0; shard < table->shards(); ++shard)
    table->for_each(shard, [&](Entry& entry) {
      if (!fits(*table, entry, filters, now)) return;
      std::string line;
      append_entry(line, *table, entry, now);
      lines.emplace_back(entry.key(table->layout()), std::move(line));
    });
  std::sort(lines.begin(), lines.end());
  for (const auto& line : lines) answer.text += line.second;
  return answer;
}

Answer clear_entries(Table& table, const Filters& filters) {
  const Tick now = now_tick();
  for (size_t shard = 0; shard < table.shards(); ++shard) {
    std::vector<std::string> keys;
    table.for_each(shard, [&](Entry& entry) {
      if (fits(table, entry, filters, now)) keys.emplace_back(entry.key(table.layout()));
    });
    for (const std::string& key : keys) table.remove(key, now);
  }
  return Answer::done();
}

/// `set table <table> key <key> [data.<type> <value>]*`. As in haproxy, what stands in front of a wrong word is done.
Answer set_entry(Call& call, Table& table, const std::string& key) {
  const Tick now = now_tick();
  sticky::Pin pin = table.pin_or_make(key, now);
  if (!pin) return Answer::error("Unable to allocate a new entry\n");
  for (size_t i = 5; !call.word(i).empty(); i += 2) {
    if (!call.word(i).starts_with("data.")) return Answer::error("\"data.<type>\" followed by a value expected\n");
    const int number = data_of(call.word(i));
    if (number < 0) return Answer::error("Unknown data type\n");
    const auto data = static_cast<StickData>(number);
    if (!pin.stores(data)) return Answer::error("Data type not stored in this table\n");
    int64_t value = 0;
    if (!read_number(call.word(i + 1), value)) return Answer::error("Require a valid integer value to store\n");
    pin.set(data, now, static_cast<uint64_t>(value));
  }
  return Answer::done();
}

/// `... key <key>`
Answer by_key(Call& call, Table& table, Action action) {
  if (call.word(4).empty()) return Answer::error("Key value expected\n");
  sticky::KeyReading key = sticky::read_key(call.word(4), table.kind());
  if (!key.error.empty()) {
    constexpr std::string_view verbs[] = {"Showing", "Inserting", "Removing"};
    if (key.error.starts_with(' ')) key.error.insert(0, verbs[static_cast<size_t>(action)]);
    return Answer::error(key.error);
  }
  const Tick now = now_tick();
  switch (action) {
    case Action::set: return set_entry(call, table, key.bytes);
    case Action::clear:
      if (table.remove(key.bytes, now) == Table::Removal::pinned)
        return Answer::error("Entry currently in use, cannot remove\n");
      return Answer::done();
    case Action::show: break;
  }
  std::string line;
  table.with(key.bytes, now, [&](Entry& entry) { append_entry(line, table, entry, now); });
  return line.empty() ? Answer::done() : Answer::document(header(table) + line);
}

/// Reads `data.<type> <operator> <value>`, again and again; haproxy's message when something is wrong.
std::string read_filters(Call& call, const Table& table, Filters& filters) {
  size_t at = 3;
  for (; filters.size() < most_filters && !call.word(at).empty(); at += 3) {
    const auto wrong = [&](std::string_view text) {
      return fmt::format("Filter entry #{}: {}\n", filters.size() + 1, text);
    };
    const int number = data_of(call.word(at));
    if (number < 0) return wrong("Unknown data type");
    Filter filter{static_cast<StickData>(number), call.word(at + 1)};
    if (!table.layout().has(filter.data)) return wrong("Data type not stored in this table");
    constexpr std::string_view operations[] = {"eq", "ne", "le", "ge", "lt", "gt"};
    const auto known = std::find(std::begin(operations), std::end(operations), filter.operation);
    if (known == std::end(operations))
      return wrong("Require and operator among \"eq\", \"ne\", \"le\", \"ge\", \"lt\", \"gt\"");
    filter.operation = *known;
    if (!read_number(call.word(at + 2), filter.value)) return wrong("Require a valid integer value to compare against");
    filters.push_back(filter);
  }
  if (call.word(at).empty()) return {};
  return fmt::format("Detected extra data in filter, {}{} word of input, after '{}'\n", at + 1, "th",
                     call.word(at - 1));
}

Answer usage(Action action) {
  switch (action) {
    case Action::show:
      return Answer::error(
          "Optional argument only supports \"data.<store_data_type>\" <operator> <value> and key <key>\n");
    case Action::set: return Answer::error("Required arguments: <table> key <key> [data.<store_data_type> <value>]*\n");
    case Action::clear: break;
  }
  return Answer::error(
      "Required arguments: <table> \"data.<store_data_type>\" <operator> <value> or <table> key <key>\n");
}

Answer run(Call& call, Action action) {
  const auto& tables = call.runtime.state.generation().tables();
  if (call.word(2).empty()) {
    if (action != Action::show) return usage(action);
    std::string list;
    // The last one first, as haproxy has it.
    for (auto table = tables.rbegin(); table != tables.rend(); ++table) list += header(**table);
    return Answer::document(list);
  }
  const auto found =
      std::find_if(tables.begin(), tables.end(), [&](const auto& each) { return each->name() == call.word(2); });
  if (found == tables.end()) return Answer::error("No such table\n");
  const std::string& word = call.word(3);
  if (word == "key") return by_key(call, **found, action);
  if (action == Action::set) {
    if (word.empty()) return Answer::done();
    return word.starts_with("data.")
               ? Answer::error("content-based lookup is only supported with the \"show\" and \"clear\" actions\n")
               : usage(action);
  }
  Filters filters;
  if (!word.empty()) {
    if (!word.starts_with("data.")) return usage(action);
    if (const std::string error = read_filters(call, **found, filters); !error.empty()) return Answer::error(error);
  }
  return action == Action::show ? list_entries(*found, std::move(filters)) : clear_entries(**found, filters);
}

}  // namespace

Answer run_show_table(Call& call) { return run(call, Action::show); }
Answer run_set_table(Call& call) { return run(call, Action::set); }
Answer run_clear_table(Call& call) { return run(call, Action::clear); }

}  // namespace ddbproxy::admin
