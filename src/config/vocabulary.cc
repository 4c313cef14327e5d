// The vocabulary as include/ddbproxy/keywords.h shows it, from the rows of all tables.
#include <deque>
#include <fmt/format.h>
#include <map>
#include <string>
#include <tuple>

#include <ddbproxy/keywords.h>

#include "config/rule_reader.h"
#include "config/tables.h"

namespace ddbproxy {
namespace {

using namespace config;

/// Of each combination of sections that rows have, so that views of it stay valid. For keywords() alone, which asks
/// once.
std::string_view letters(uint16_t sections) {
  static std::map<uint16_t, std::string> known;
  const auto [text, added] = known.try_emplace(sections);
  if (added)
    for (const auto& [bit, letter] : {std::pair{in_defaults, 'D'},
                                      {in_frontend, 'F'},
                                      {in_listen, 'L'},
                                      {in_backend, 'B'},
                                      {in_global, 'G'},
                                      {in_resolvers, 'R'},
                                      {in_program, 'P'},
                                      {in_peers, 'S'},
                                      {in_userlist, 'U'},
                                      {in_http_errors, 'E'},
                                      {in_mailers, 'M'},
                                      {in_ring, 'I'},
                                      {in_log_forward, 'W'}})
      if (sections & bit) text->second += letter;
  return text->second;
}

std::string_view mode_name(Needs mode) { return mode == Needs::any ? "both" : mode == Needs::tcp ? "tcp" : "http"; }

template <class Target>
void append(const Table<Target>& table, const std::string& before, std::vector<KeywordInfo>& out,
            std::deque<std::string>& names) {
  for (const Keyword<Target>& row : table.rows) {
    if (row.rulesets) continue;  // its actions have rows of their own
    if (row.words) {
      append(*row.words, before + std::string(row.name) + " ", out, names);
      continue;
    }
    const std::string_view name = before.empty() ? row.name : names.emplace_back(before + std::string(row.name));
    out.push_back(
        {table.kind, name, row.syntax, letters(row.sections), mode_name(row.mode), row.support, row.doc, row.own});
  }
  if (table.next) append(*table.next, before, out, names);
}

/// The actions of each ruleset: a row for every one that it takes.
void append_actions(std::vector<KeywordInfo>& out, std::deque<std::string>& names) {
  constexpr std::tuple<Rulesets, std::string_view> rulesets[] = {
      {of_http_request, "DFLB"}, {of_http_response, "DFLB"}, {of_http_after_response, "DFLB"},
      {of_connection, "DFL"},    {of_request, "DFLB"},       {of_session, "DFL"},
      {of_response, "DLB"}};
  for (const auto& [ruleset, sections] : rulesets) {
    const std::string_view kind = names.emplace_back(fmt::format("{} action", name_of(ruleset)));
    for (const auto* table : {&action_table, &http_action_table})
      for (const Keyword<RuleDraft>& row : table->rows)
        if (row.rulesets & ruleset)
          out.push_back({kind, names.emplace_back(fmt::format("{} {}", name_of(ruleset), row.name)), row.syntax,
                         sections, mode_name(ruleset & of_http ? Needs::http : Needs::any), support_of(row, ruleset),
                         row.doc});
  }
}

}  // namespace

const std::vector<KeywordInfo>& keywords() {
  static std::deque<std::string> names;  // of more than one word; the rows hold the others
  static const std::vector<KeywordInfo> all = [] {
    std::vector<KeywordInfo> rows;
    for (const auto* table : global_tables()) append(*table, "", rows, names);
    for (const auto* table : proxy_tables()) append(*table, "", rows, names);
    append_actions(rows, names);
    for (const auto* table : resolvers_tables()) append(*table, "", rows, names);
    for (const auto* table : program_tables()) append(*table, "", rows, names);
    for (const auto* table : peers_tables()) append(*table, "", rows, names);
    for (const auto* table : userlist_tables()) append(*table, "", rows, names);
    for (const auto* table : http_errors_tables()) append(*table, "", rows, names);
    for (const auto* table : mailers_tables()) append(*table, "", rows, names);
    for (const auto* table : ring_tables()) append(*table, "", rows, names);
    for (const auto* table : log_forward_tables()) append(*table, "", rows, names);
    for (const auto* table : bind_tables()) append(*table, "", rows, names);
    for (const auto* table : server_tables()) append(*table, "", rows, names);
    return rows;
  }();
  return all;
}

}  // namespace ddbproxy
