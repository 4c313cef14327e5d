#include "config/expect_reader.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <fmt/format.h>

#include "base/regex.h"
#include "base/text.h"

namespace ddbproxy::config {

using model::CheckExpect;
using model::CheckHeaderPattern;
using model::CheckStatus;
using Match = CheckExpect::Match;

namespace {

/// The kinds of pattern, each with the languages that have it.
struct MatchRow {
  std::string_view word;
  ScriptKind kind;
  Match match;
};
constexpr MatchRow matches[] = {
    {"binary", ScriptKind::tcp, Match::binary},    {"string", ScriptKind::tcp, Match::string},
    {"rstring", ScriptKind::tcp, Match::rstring},  {"string-lf", ScriptKind::tcp, Match::string_lf},
    {"rbinary", ScriptKind::tcp, Match::rbinary},  {"binary-lf", ScriptKind::tcp, Match::binary_lf},
    {"string", ScriptKind::http, Match::body},     {"rstring", ScriptKind::http, Match::rbody},
    {"string-lf", ScriptKind::http, Match::body},  {"status", ScriptKind::http, Match::status},
    {"rstatus", ScriptKind::http, Match::rstatus}, {"hdr", ScriptKind::http, Match::header},
    {"fhdr", ScriptKind::http, Match::header},
};

/// The results that a script may ask for by name, and in which of its words.
struct StatusRow {
  std::string_view word, name;
  CheckStatus status;
};
constexpr StatusRow statuses[] = {
    {"ok-status", "L4OK", CheckStatus::l4_ok},
    {"ok-status", "L6OK", CheckStatus::l6_ok},
    {"ok-status", "L7OK", CheckStatus::l7_ok},
    {"ok-status", "L7OKC", CheckStatus::l7_ok_conditionally},
    {"error-status", "L4CON", CheckStatus::l4_connection},
    {"error-status", "L6RSP", CheckStatus::l6_response},
    {"error-status", "L7OKC", CheckStatus::l7_ok_conditionally},
    {"error-status", "L7RSP", CheckStatus::l7_response},
    {"error-status", "L7STS", CheckStatus::l7_status},
    {"tout-status", "L4TOUT", CheckStatus::l4_timeout},
    {"tout-status", "L6TOUT", CheckStatus::l6_timeout},
    {"tout-status", "L7TOUT", CheckStatus::l7_timeout},
};

constexpr std::string_view tcp_kinds =
    "min-recv, '[!]binary', '[!]string', '[!]rstring', '[!]string-lf''[!]rbinary', '[!]binary-lf' or comment";
constexpr std::string_view http_kinds =
    "min-recv, [!]string', '[!]rstring', '[!]string-lf', '[!]status', '[!]rstatus', [!]hdr, [!]fhdr or comment";

constexpr std::pair<std::string_view, CheckHeaderPattern::Method> methods[] = {
    {"str", CheckHeaderPattern::Method::str}, {"beg", CheckHeaderPattern::Method::beg},
    {"end", CheckHeaderPattern::Method::end}, {"sub", CheckHeaderPattern::Method::sub},
    {"reg", CheckHeaderPattern::Method::reg},
};

}  // namespace

bool ExpectReader::fail(std::string_view text, size_t at) {
  line_.alert(fmt::format("'{}' : {}", line_.keyword(), text), at);
  return false;
}

bool ExpectReader::missing(std::string_view word, std::string_view what) {
  return fail(fmt::format("'{}' expects {} as argument.", word, what));
}

std::optional<model::CheckStep> ExpectReader::read() {
  step_.where = line_.where(0);
  if (line_.peek().empty()) {
    fail("expects at least a matching pattern as arguments.");
    return {};
  }
  while (!line_.peek().empty())
    if (!read_word()) return {};
  if (!has_pattern_) {
    fail("pattern not found.");
    return {};
  }
  return std::move(step_);
}

bool ExpectReader::read_word() {
  CheckExpect& expect = step_.expect;
  const size_t at = line_.position();
  const std::string_view word = line_.take();
  if (word == "min-recv") {
    if (line_.peek().empty()) return missing(word, "a integer");
    const long long value = std::strtoll(std::string(line_.take()).c_str(), nullptr, 10);
    if (value < -1 || value > INT_MAX) return fail("'min-recv' expects -1 or an integer from 0 to INT_MAX.");
    expect.min_recv = static_cast<int>(value);
    return true;
  }
  if (word == "comment") {
    if (line_.peek().empty()) return missing(word, "a string");
    step_.comment = line_.take();
    return true;
  }
  if (word == "on-success" || word == "on-error") {
    if (line_.peek().empty()) return missing(word, "a string");
    return read_words(word == "on-success" ? expect.on_success : expect.on_error);
  }
  if (word == "ok-status" || word == "error-status" || word == "tout-status") return read_status(word);
  if (word == "status-code") {
    if (line_.peek().empty()) return missing(word, "an expression");
    expect.status_code = read_check_expression(line_, "status-code");
    return expect.status_code != nullptr;
  }
  return read_match(word, at);
}

bool ExpectReader::read_words(model::CheckWords& words) {
  auto text = read_check_text(line_, line_.take());
  if (!text) return false;
  words.text = std::move(*text);
  return true;
}

bool ExpectReader::read_status(std::string_view word) {
  if (line_.peek().empty()) return missing(word, "a string");
  const std::string_view name = line_.take();
  CheckExpect& expect = step_.expect;
  auto& status = word == "ok-status"      ? expect.ok_status
                 : word == "error-status" ? expect.error_status
                                          : expect.timeout_status;
  for (const StatusRow& row : statuses)
    if (row.word == word && row.name == name) {
      status = row.status;
      return true;
    }
  const char* supported = word == "ok-status"      ? "'L4OK', 'L6OK', 'L7OK' or 'L7OKC'"
                          : word == "error-status" ? "'L4CON', 'L6RSP', 'L7RSP' or 'L7STS'"
                                                   : "'L4TOUT', 'L6TOUT' or 'L7TOUT'";
  return fail(fmt::format("'{}' only supports {} status (got '{}')..", word, supported, name));
}

bool ExpectReader::read_match(std::string_view word, size_t at) {
  bool negated = false;
  while (word.starts_with('!')) {
    negated = true;
    word.remove_prefix(1);
    if (word.empty()) word = line_.take();
  }
  for (const MatchRow& row : matches) {
    if (row.kind != kind_ || row.word != word) continue;
    if (has_pattern_) return fail("only on pattern expected.", at);
    has_pattern_ = true;
    step_.expect.match = row.match;
    step_.expect.negated = negated;
    if (row.match == Match::header) return read_header(word);
    if (line_.peek().empty()) return missing(word, "a <pattern>");
    const std::string_view pattern = line_.take();
    if (!word.ends_with("-lf")) {
      step_.expect.pattern = {.text = std::string(pattern)};
      return read_pattern(row.match);
    }
    auto text = read_check_text(line_, pattern);
    if (!text) return false;
    step_.expect.pattern = std::move(*text);
    step_.expect.pattern.hex = row.match == Match::binary_lf;
    return true;
  }
  return fail(fmt::format("'only supports {} but got '{}' as argument..",
                          kind_ == ScriptKind::tcp ? tcp_kinds : http_kinds, word),
              at);
}

bool ExpectReader::compile(std::string_view pattern, std::shared_ptr<const base::Regex>& regex, bool ignore_case) {
  auto compiled = base::Regex::compile(pattern, ignore_case);
  if (!compiled) return fail(compiled.error().text + ".");
  regex = std::make_shared<const base::Regex>(std::move(*compiled));
  return true;
}

bool ExpectReader::read_pattern(Match match) {
  CheckExpect& expect = step_.expect;
  switch (match) {
    case Match::rstring:
    case Match::rstatus:
    case Match::rbody:
    case Match::rbinary: return compile(expect.pattern.text, expect.regex);
    case Match::status: return read_codes(expect.pattern.text);
    case Match::binary: {
      auto bytes = base::read_hex(expect.pattern.text);
      if (!bytes) return fail(fmt::format("invalid binary string ({}).", bytes.error().text));
      expect.pattern.text = std::move(*bytes);
      return true;
    }
    case Match::string:
    case Match::string_lf:
    case Match::binary_lf:
    case Match::body:
    case Match::header:
    case Match::mysql_greeting:
    case Match::mysql_answer:
    case Match::ldap_answer:
    case Match::spop_answer:
    case Match::agent_line: break;
  }
  return true;
}

/// "200,300-399". A number that is missing counts as 0.
bool ExpectReader::read_codes(std::string_view text) {
  std::string_view rest = text;
  const auto take_number = [&rest] {
    long long number = 0;
    for (; !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; rest.remove_prefix(1))
      number = std::min<long long>(number * 10 + (rest[0] - '0'), INT_MAX);
    return static_cast<int>(number);
  };
  while (!rest.empty()) {
    const int from = take_number();
    int to = from;
    if (rest.starts_with('-')) {
      rest.remove_prefix(1);
      to = take_number();
    }
    if (to < from) return fail(fmt::format("invalid range of status codes '{}'.", text));
    if (!rest.empty() && rest[0] != ',')
      return fail(fmt::format("invalid character '{}' in the list of status codes.", rest[0]));
    if (!rest.empty()) rest.remove_prefix(1);
    step_.expect.codes.emplace_back(from, to);
  }
  return true;
}

bool ExpectReader::read_header(std::string_view word) {
  CheckExpect& expect = step_.expect;
  expect.full_value = word == "fhdr";
  const std::string_view first = line_.take();
  if ((first != "name" && first != "name-lf") || line_.peek().empty())
    return fail(fmt::format("'{}' expects at the name keyword as first argument followed by a pattern.", word));
  if (!read_header_pattern(word, expect.name, first == "name-lf")) return false;
  if (line_.peek() != "value" && line_.peek() != "value-lf") return true;
  const bool format = line_.take() == "value-lf";
  if (line_.peek().empty()) return fail(fmt::format("'{}' expect a pattern with the value keyword.", word));
  return read_header_pattern(word, expect.value.emplace(), format);
}

/// "[-m <method>] <pattern>"
bool ExpectReader::read_header_pattern(std::string_view word, CheckHeaderPattern& pattern, bool format) {
  if (line_.peek() == "-m") {
    line_.take();
    const std::string_view name = line_.take();
    const auto* method =
        std::find_if(std::begin(methods), std::end(methods), [&](auto& row) { return row.first == name; });
    if (method == std::end(methods))
      return fail(fmt::format("'{}' : '-m' only supports 'str', 'beg', 'end', 'sub' or 'reg' (got '{}').", word, name));
    pattern.method = method->second;
  }
  if (line_.peek().empty())
    return fail(fmt::format("'{}' expects at the name keyword as first argument followed by a pattern.", word));
  const std::string_view said = line_.take();
  if (format) {
    auto text = read_check_text(line_, said);
    if (!text) return false;
    pattern.text = std::move(*text);
    return true;
  }
  pattern.text.text = said;
  const bool is_name = &pattern == &step_.expect.name;
  return pattern.method != CheckHeaderPattern::Method::reg || compile(pattern.text.text, pattern.regex, is_name);
}

}  // namespace ddbproxy::config
