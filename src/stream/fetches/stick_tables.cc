// What stick tables store: sc_*, sc0_* .. sc2_*, src_*, table_* (manual 7.3.1, 7.3.3).
#include <algorithm>
#include <vector>

#include "sticky/key.h"
#include "stream/fetches/tables.h"
#include "stream/sticking.h"

namespace ddbproxy::stream {
namespace {

using sample::Answer;
using sample::Argument;
using sample::ArgumentKind;
using sample::Arguments;
using sample::Value;
using sticky::Entry;
using sticky::Layout;
using sticky::Pin;
using sticky::StickData;
using sticky::Table;
using sticky::Tick;

enum class Ask : uint8_t {
  read,
  kilobytes,
  add,
  clear,
  count_connection,
  is_tracked,
  trackers,
  trackers_and_us,
  in_table,
  expire,
  idle
};

/// What a fetch asks for, by the end of its name; a converter's, where it differs.
struct Question {
  std::string_view name;
  Ask ask;
  StickData data = {};
};
constexpr Question fetch_questions[] = {
    {"bytes_in_rate", Ask::read, StickData::bytes_in_rate},
    {"bytes_out_rate", Ask::read, StickData::bytes_out_rate},
    {"clr_gpc", Ask::clear, StickData::gpc},
    {"clr_gpc0", Ask::clear, StickData::gpc0},
    {"clr_gpc1", Ask::clear, StickData::gpc1},
    {"conn_cnt", Ask::read, StickData::conn_cnt},
    {"conn_cur", Ask::read, StickData::conn_cur},
    {"conn_rate", Ask::read, StickData::conn_rate},
    {"get_gpc", Ask::read, StickData::gpc},
    {"get_gpc0", Ask::read, StickData::gpc0},
    {"get_gpc1", Ask::read, StickData::gpc1},
    {"get_gpt", Ask::read, StickData::gpt},
    {"get_gpt0", Ask::read, StickData::gpt0},
    {"gpc0_rate", Ask::read, StickData::gpc0_rate},
    {"gpc1_rate", Ask::read, StickData::gpc1_rate},
    {"gpc_rate", Ask::read, StickData::gpc_rate},
    {"http_err_cnt", Ask::read, StickData::http_err_cnt},
    {"http_err_rate", Ask::read, StickData::http_err_rate},
    {"http_fail_cnt", Ask::read, StickData::http_fail_cnt},
    {"http_fail_rate", Ask::read, StickData::http_fail_rate},
    {"http_req_cnt", Ask::read, StickData::http_req_cnt},
    {"http_req_rate", Ask::read, StickData::http_req_rate},
    {"inc_gpc", Ask::add, StickData::gpc},
    {"inc_gpc0", Ask::add, StickData::gpc0},
    {"inc_gpc1", Ask::add, StickData::gpc1},
    {"kbytes_in", Ask::kilobytes, StickData::bytes_in_cnt},
    {"kbytes_out", Ask::kilobytes, StickData::bytes_out_cnt},
    {"sess_cnt", Ask::read, StickData::sess_cnt},
    {"sess_rate", Ask::read, StickData::sess_rate},
    {"tracked", Ask::is_tracked},
    {"trackers", Ask::trackers},
    {"updt_conn_cnt", Ask::count_connection, StickData::conn_cnt},
};
constexpr Question converter_questions[] = {
    {"expire", Ask::expire},
    {"gpc", Ask::read, StickData::gpc},
    {"gpc0", Ask::read, StickData::gpc0},
    {"gpc1", Ask::read, StickData::gpc1},
    {"gpt", Ask::read, StickData::gpt},
    {"gpt0", Ask::read, StickData::gpt0},
    {"idle", Ask::idle},
    {"server_id", Ask::read, StickData::server_id},
    // haproxy counts its own look at the entry.
    {"trackers", Ask::trackers_and_us},
};

/// Whose entry: the tracked one of a slot that the name has, or that an argument has, or that of the client's address.
enum class Whose : uint8_t { none, slot, named_slot, client, table };
struct TableFetch {
  Whose whose = Whose::none;
  int slot = 0;
  const Question* question = nullptr;
};

const Question* find_question(std::span<const Question> questions, std::string_view name) {
  const auto found =
      std::find_if(questions.begin(), questions.end(), [&](const Question& q) { return q.name == name; });
  return found == questions.end() ? nullptr : &*found;
}

TableFetch table_fetch_of(std::string_view name) {
  if (name == "table_avl" || name == "table_cnt") return {Whose::table, name == "table_avl", nullptr};
  TableFetch fetch;
  size_t begin = 0;
  if (name.starts_with("src_")) {
    fetch.whose = Whose::client;
    begin = 4;
  } else if (name.starts_with("sc_")) {
    fetch.whose = Whose::named_slot;
    begin = 3;
  } else if (name.starts_with("sc") && name.size() > 4 && name[2] >= '0' && name[2] <= '2' && name[3] == '_') {
    fetch.whose = Whose::slot;
    fetch.slot = name[2] - '0';
    begin = 4;
  }
  if (begin) fetch.question = find_question(fetch_questions, name.substr(begin));
  return fetch.question ? fetch : TableFetch();
}

/// By sample::FetchCall::number.
const std::vector<TableFetch>& table_fetches() {
  static const std::vector<TableFetch> all = [] {
    std::vector<TableFetch> by_number;
    for (const sample::Fetch* row : sample::fetches()) by_number.push_back(table_fetch_of(row->name));
    return by_number;
  }();
  return all;
}

bool give(Value& value, uint64_t number) { return value.set_integer(static_cast<int64_t>(number)), true; }

/// Carries a question out on an entry, which is pinned or locked. False: the table does not store it.
bool ask(const Question& question, uint32_t at, const Table& table, Entry& entry, Tick now, Value& value) {
  const Layout& layout = table.layout();
  const auto [data, place] = place_of(layout, question.data, at);
  switch (question.ask) {
    case Ask::trackers: return give(value, entry.pins());
    case Ask::trackers_and_us: return give(value, entry.pins() + 1);
    case Ask::in_table: return value.set_boolean(true), true;
    case Ask::expire: return give(value, table.time_left(entry, now));
    case Ask::idle: return give(value, table.idle_time(entry, now));
    default: break;
  }
  // As in haproxy, what is not stored can be raised, and stays 0.
  if (place >= layout.count(data)) return question.ask == Ask::add && give(value, 0);
  switch (question.ask) {
    case Ask::kilobytes: return give(value, entry.get(layout, data, now, place) >> 10);
    case Ask::add: count_gpc(layout, entry, question.data, at, now); break;
    case Ask::count_connection: entry.add(layout, data, now, 1); break;
    case Ask::clear: {
      give(value, entry.get(layout, data, now, place));
      entry.set(layout, data, now, 0, place);
      return true;
    }
    default: break;
  }
  return give(value, entry.get(layout, data, now, place));
}

bool changes(Ask ask) { return ask == Ask::add || ask == Ask::clear || ask == Ask::count_connection; }

/// Without an entry nothing was counted, whether or not the table stores it.
Answer ask_nobody(Value& value) {
  value.set_integer(0);
  return Answer::found;
}

Answer ask_by_key(const Question& question, uint32_t at, Table& table, std::string_view key, Tick now, Value& value) {
  bool stored = false;
  if (changes(question.ask)) {
    Pin pin = question.ask == Ask::clear ? table.pin(key, now) : table.pin_or_make(key, now);
    if (!pin) return question.ask == Ask::clear ? ask_nobody(value) : Answer::absent;
    stored = ask(question, at, table, *pin.entry(), now, value);
  } else if (!table.with(key, now, [&](Entry& entry) { stored = ask(question, at, table, entry, now, value); })) {
    return ask_nobody(value);
  }
  return stored ? Answer::found : Answer::absent;
}

Answer ask_tracked(Evaluation& evaluation, const Question& question, int64_t slot, uint32_t at, Table* table, Tick now,
                   Value& value) {
  Pin* pin = evaluation.tracked(slot);
  if (!pin) {
    if (question.ask != Ask::is_tracked) return Answer::absent;
    return value.set_boolean(false), Answer::found;
  }
  if (question.ask == Ask::is_tracked) return value.set_boolean(true), Answer::found;
  if (table && table != pin->table()) {
    // The same key elsewhere; keys of another kind are never the same.
    const auto &own = pin->table()->kind(), &other = table->kind();
    if (own.key_type != other.key_type || own.key_size != other.key_size) return ask_nobody(value);
    return ask_by_key(question, at, *table, pin->entry()->key(pin->table()->layout()), now, value);
  }
  const bool stored = ask(question, at, *pin->table(), *pin->entry(), now, value);
  if (changes(question.ask)) {
    pin->touch(now);
    pin->table()->changed(*pin->entry());
  }
  return stored ? Answer::found : Answer::absent;
}

/// As in haproxy, its lower 32 bits.
uint32_t place_of(const sample::Argument& argument) { return static_cast<uint32_t>(argument.number); }

}  // namespace

bool is_of_table(const sample::Fetch& row) { return table_fetches()[sample::number_of(row)].whose != Whose::none; }

Answer fetch_of_table(Evaluation& evaluation, const sample::FetchCall& call, Value& value) {
  const TableFetch& fetch = table_fetches()[call.number];
  if (fetch.whose == Whose::none) return Answer::absent;
  const Tick now = sticky::tick_of(base::now());
  // [<number>,] [<slot>,] [<table>]
  Arguments arguments = call.arguments;
  Table* table = nullptr;
  if (!arguments.empty() && (arguments.back().kind == ArgumentKind::table || arguments.back().index >= 0)) {
    table = evaluation.generation.table(arguments.back().index);
    arguments = arguments.first(arguments.size() - 1);
  }
  while (!arguments.empty() && arguments.back().kind != ArgumentKind::integer)
    arguments = arguments.first(arguments.size() - 1);
  if (fetch.whose == Whose::table) {
    table->expire(now);
    const uint32_t used = std::min(table->used(), table->size());
    return give(value, fetch.slot ? table->size() - used : used), Answer::found;
  }
  int64_t slot = fetch.slot;
  if (fetch.whose == Whose::named_slot && !arguments.empty()) {
    slot = arguments.back().number;
    arguments = arguments.first(arguments.size() - 1);
  }
  const uint32_t at = arguments.empty() ? 0 : place_of(arguments[0]);
  if (fetch.whose != Whose::client) return ask_tracked(evaluation, *fetch.question, slot, at, table, now, value);
  Value client;
  if (!evaluation.client || !client.set_address(evaluation.client->expand())) return Answer::absent;
  const auto key = sticky::key_of(client, table->kind(), evaluation.scratch);
  return key ? ask_by_key(*fetch.question, at, *table, *key, now, value) : Answer::absent;
}

bool convert_by_table(Evaluation& evaluation, const sample::Converter& converter, Arguments arguments, Value& value) {
  static constexpr Question in_table{"in_table", Ask::in_table};
  const bool is_in = converter.name == "in_table";
  if (!is_in && !converter.name.starts_with("table_")) return false;
  const std::string_view name = converter.name.substr(is_in ? 0 : 6);
  const Question* question = is_in ? &in_table : find_question(converter_questions, name);
  if (!question) question = find_question(fetch_questions, name);
  const Argument* table_argument = nullptr;
  const Argument* number = nullptr;
  for (const Argument& each : arguments)
    if (each.index >= 0)
      table_argument = &each;
    else if (each.kind == ArgumentKind::integer)
      number = &each;
  if (!question || !table_argument) return false;
  Table& table = *evaluation.generation.table(table_argument->index);
  const Tick now = sticky::tick_of(base::now());
  const auto key = sticky::key_of(value, table.kind(), evaluation.scratch);
  // Nothing is a key that no entry has.
  const bool is_text = table.kind().key_type >= model::StickTable::KeyType::string;
  const bool nothing = is_text && value.type >= sample::Type::string && value.text.empty();
  if (!key && !nothing) return false;
  const bool timed = question->ask == Ask::expire || question->ask == Ask::idle;
  const uint32_t at = number && !timed ? place_of(*number) : 0;
  Value answer;
  bool stored = false;
  if (key && table.with(*key, now, [&](Entry& entry) { stored = ask(*question, at, table, entry, now, answer); })) {
    if (stored) value = answer;
    return stored;
  }
  if (is_in) return value.set_boolean(false), true;
  if (timed) {
    if (number) value.set_integer(number->number);
    return number != nullptr;
  }
  return ask_nobody(value) == Answer::found;
}

}  // namespace ddbproxy::stream
