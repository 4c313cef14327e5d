// A keyword is one row of one table: its name, where it may stand, how many words it takes, how it is read, and what it
// is for.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include <ddbproxy/keywords.h>

#include "config/line.h"

namespace ddbproxy::config {

/// Where a keyword may stand (a set of bits).
enum Sections : uint16_t {
  in_global = 1,
  in_defaults = 2,
  in_frontend = 4,
  in_listen = 8,
  in_backend = 16,
  in_resolvers = 32,
  in_program = 64,
  in_userlist = 128,
  in_http_errors = 256,
  in_mailers = 512,
  in_ring = 1024,
  in_log_forward = 2048,
  in_peers = 4096,
  client_side = in_defaults | in_frontend | in_listen,
  server_side = in_defaults | in_listen | in_backend,
  everywhere = client_side | server_side,
};

enum class Needs : uint8_t { any, tcp, http };

/// What haproxy says of a keyword in a section that lacks the side it is for (see misplaced.cc).
enum class Misplaced : uint8_t {
  ignored,          ///< warning: 'X' ignored because backend 'b' has no frontend capability; only the first word of X
  option_ignored,   ///< the same of the last word: 'X' of `option X`
  timeout_ignored,  ///< warning: 'timeout X' will be ignored because ...
  plain_ignored,    ///< the same without the quotes; of both only when the line is right otherwise
  refused,          ///< alert: 'X' not allowed because ...
  silent,           ///< nothing
  read,             ///< nothing: the row is read all the same
};

/// Which prefixes a keyword takes.
enum class Prefixes : uint8_t { none, no, no_and_default };

inline constexpr int any_number = -1;

template <class Target>
struct Table;

/// One row. Target is what the row's parse writes: model::Global, model::Proxy, model::Bind, model::Server, ...
/// `max_args` counts the words after the keyword (any_number: not checked); too few words are the reader's to report,
/// since haproxy words each differently: `expects` is for that.
template <class Target>
struct Keyword {
  std::string_view name;  ///< One word; several with blanks between in a table of groups are not needed: see `words`.
  std::string_view syntax;
  uint16_t sections = everywhere;
  Needs mode = Needs::any;
  int max_args = any_number;
  Support support = Support::yes;
  /// Reads the words of the line into the target; reports through the line. Null when support is planned or `words` is
  /// set.
  void (*parse)(Line& line, Target& target) = nullptr;
  std::string_view doc;  ///< One sentence of our own.
  Prefixes prefixes = Prefixes::none;
  Misplaced misplaced = Misplaced::ignored;
  std::string_view hint;     ///< Appended to the warning of `ignored`: " Maybe you want 'fullconn' instead ?"
  std::string_view expects;  ///< "an integer argument.": what a reader says when the value is missing.
  bool dynamic = false;      ///< Of an option of `server`: `add server` takes it, too.
  uint8_t rulesets = 0;      ///< Of an action: where it may stand; of a line: whose actions it takes (rule_reader.h).
  bool bracketed = false;    ///< Of an action: its name goes on in brackets, "set-var(txn.x)", or with a number.
  bool own = false;          ///< haproxy 2.6 does not know it.
  bool later = false;  ///< Planned, but refused only when the section is whole: it may turn out to have no effect.
  const Table<Target>* words = nullptr;  ///< The second words: "timeout" has client, connect, ...
};

/// Rows of one topic, sorted by name.
template <class Target>
struct Table {
  std::string_view kind;  ///< As KeywordInfo::kind.
  std::span<const Keyword<Target>> rows;
  /// For a table of second words: says that line.word() is none of them.
  void (*unknown)(Line& line, Target& target) = nullptr;
  const Table* next = nullptr;  ///< More rows of the same words, of another topic.

  const Keyword<Target>* find(std::string_view name) const {
    const auto row = std::lower_bound(rows.begin(), rows.end(), name, [](auto& r, auto n) { return r.name < n; });
    if (row != rows.end() && row->name == name) return &*row;
    return next ? next->find(name) : nullptr;
  }
};

/// Every table proves it with a static_assert: sorted, documented, and carried out exactly when it says so.
template <class Target, size_t n>
constexpr bool in_order(const Keyword<Target> (&rows)[n]) {
  for (size_t i = 0; i < n; ++i) {
    if (i && !(rows[i - 1].name < rows[i].name)) return false;
    if (rows[i].doc.empty()) return false;
    if (rows[i].support != Support::planned && !rows[i].parse && !rows[i].words) return false;
  }
  return true;
}

/// Looks through several tables in their order.
template <class Target>
const Keyword<Target>* find(std::span<const Table<Target>* const> tables, std::string_view name) {
  for (const auto* table : tables)
    if (const auto* row = table->find(name)) return row;
  return nullptr;
}

}  // namespace ddbproxy::config
