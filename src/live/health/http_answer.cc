#include "live/health/http_answer.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

#include "base/regex.h"
#include "base/text.h"
#include "live/health/check_words.h"

namespace ddbproxy::live {
namespace {

using model::CheckExpect;
using model::CheckHeaderPattern;
using model::CheckStatus;
using Match = CheckExpect::Match;
using Outcome = Judgement::Outcome;
using Reading = HttpAnswer::Reading;

/// The next line without its end; nothing while it is not whole.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  if (end == rest.npos) return {};
  std::string_view line = rest.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  rest.remove_prefix(end + 1);
  return line;
}

/// "HTTP/1.0 200 OK"
bool read_status_line(std::string_view line, HttpAnswer& answer) {
  const size_t blank = line.find(' ');
  if (!line.starts_with("HTTP/") || blank == line.npos) return false;
  line.remove_prefix(blank + 1);
  const auto [end, error] = std::from_chars(line.data(), line.data() + std::min<size_t>(3, line.size()), answer.code);
  if (error != std::errc{} || end - line.data() != 3) return false;
  line.remove_prefix(3);
  answer.reason = base::trim(line);
  return true;
}

std::string_view header(const HttpAnswer& answer, std::string_view name) {
  for (const auto& [known, value] : answer.headers)
    if (base::equals_ignoring_case(known, name)) return value;
  return {};
}

/// False while the last chunk is missing.
bool read_chunks(std::string_view rest, std::string& body) {
  while (const auto line = take_line(rest)) {
    size_t size = 0;
    if (std::from_chars(line->data(), line->data() + line->size(), size, 16).ec != std::errc{}) return true;
    if (size == 0) return true;
    body += rest.substr(0, size);
    if (rest.size() <= size) return false;
    rest.remove_prefix(size);
    if (!take_line(rest)) return false;
  }
  return false;
}

bool read_body(std::string_view rest, HttpAnswer& answer) {
  if (answer.code == 204 || answer.code == 304) return true;
  if (base::equals_ignoring_case(header(answer, "transfer-encoding"), "chunked")) return read_chunks(rest, answer.body);
  const auto length = base::parse_integer(header(answer, "content-length"));
  answer.body = length && *length >= 0 ? rest.substr(0, static_cast<size_t>(*length)) : rest;
  return length && rest.size() >= static_cast<size_t>(std::max(*length, 0LL));
}

bool matches(const CheckHeaderPattern& pattern, std::string_view text, bool ignore_case) {
  const std::string& wanted = pattern.text.text;
  const auto same = [&](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return ignore_case ? lower(a) == lower(b) : a == b;
  };
  const bool fits = text.size() >= wanted.size();
  const auto length = static_cast<std::ptrdiff_t>(wanted.size());
  switch (pattern.method) {
    case CheckHeaderPattern::Method::str:
      return text.size() == wanted.size() && std::equal(wanted.begin(), wanted.end(), text.begin(), same);
    case CheckHeaderPattern::Method::beg: return fits && std::equal(wanted.begin(), wanted.end(), text.begin(), same);
    case CheckHeaderPattern::Method::end:
      return fits && std::equal(wanted.begin(), wanted.end(), text.end() - length, same);
    case CheckHeaderPattern::Method::sub:
      return std::search(text.begin(), text.end(), wanted.begin(), wanted.end(), same) != text.end() || wanted.empty();
    case CheckHeaderPattern::Method::reg: return pattern.regex->matches(text);
  }
  return false;
}

bool has_header(const HttpAnswer& answer, const CheckExpect& expect) {
  for (const auto& [name, value] : answer.headers) {
    if (!matches(expect.name, name, true)) continue;
    if (!expect.value) return true;
    if (expect.full_value) {
      if (matches(*expect.value, value, false)) return true;
      continue;
    }
    for (const std::string_view part : base::split(value, ','))
      if (matches(*expect.value, base::trim(part), false)) return true;
  }
  return false;
}

bool has_status(int code, const CheckExpect& expect) {
  if (expect.match == Match::rstatus) return expect.regex->matches(std::to_string(code));
  return std::any_of(expect.codes.begin(), expect.codes.end(),
                     [&](const auto& range) { return range.first <= code && code <= range.second; });
}

Judgement failed(const CheckExpect& expect, CheckStatus status, const HttpAnswer& answer, std::string_view words,
                 std::string_view comment) {
  std::string text = with_comment(expect.on_error.empty() ? std::string(words) : expect.on_error.text.text, comment);
  return {Outcome::failed,
          {.status = expect.error_status.value_or(status), .code = answer.code, .description = std::move(text)}};
}

}  // namespace

HttpAnswer read_http_answer(std::string_view bytes, bool closed) {
  HttpAnswer answer;
  constexpr std::string_view start = "HTTP/";
  if (bytes.substr(0, start.size()) != start.substr(0, bytes.size())) {
    answer.reading = Reading::malformed;
    return answer;
  }
  std::string_view rest = bytes;
  auto line = take_line(rest);
  if (!line) return answer;
  if (!read_status_line(*line, answer)) {
    answer.reading = Reading::malformed;
    return answer;
  }
  while ((line = take_line(rest)) && !line->empty()) {
    const size_t colon = line->find(':');
    if (colon == line->npos) {
      answer.reading = Reading::malformed;
      return answer;
    }
    answer.headers.emplace_back(line->substr(0, colon), base::trim(line->substr(colon + 1)));
  }
  if (!line) return answer;
  answer.reading = read_body(rest, answer) || closed ? Reading::whole : Reading::head;
  return answer;
}

Judgement judge_http(const CheckExpect& expect, std::string_view bytes, bool closed, std::string_view comment,
                     CheckMemory& memory) {
  const HttpAnswer answer = read_http_answer(bytes, closed);
  if (answer.reading == Reading::malformed || (answer.reading == Reading::partial && closed))
    return {Outcome::failed, {.status = CheckStatus::l7_response}};
  if (answer.reading == Reading::partial) return {};
  memory.code = answer.code;
  const Judgement met{Outcome::met, {}};
  const auto succeed = [&] {
    memory.description = expect.on_success.text.text;
    return met;
  };
  if (expect.match == Match::header || expect.match == Match::status || expect.match == Match::rstatus) {
    const bool found = expect.match == Match::header ? has_header(answer, expect) : has_status(answer.code, expect);
    return found != expect.negated ? succeed() : failed(expect, CheckStatus::l7_status, answer, answer.reason, comment);
  }
  const bool whole = answer.reading == Reading::whole;
  if (!whole && expect.min_recv > 0 && answer.body.size() < static_cast<size_t>(expect.min_recv)) return {};
  if (answer.body.empty())
    return whole ? failed(expect, CheckStatus::l7_response, answer, "HTTP content check could not find a response body",
                          comment)
                 : Judgement{};
  const bool found = expect.match == Match::rbody ? expect.regex->matches(answer.body)
                                                  : answer.body.find(expect.pattern.text) != answer.body.npos;
  if (!found && !whole && expect.min_recv == -1) return {};
  if (found != expect.negated) return succeed();
  return failed(expect, CheckStatus::l7_response, answer,
                expect.negated ? "HTTP check matched unwanted content" : "HTTP content check did not match", comment);
}

}  // namespace ddbproxy::live
