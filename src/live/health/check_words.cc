#include "live/health/check_words.h"

#include <fmt/format.h>

namespace ddbproxy::live {

using model::CheckStep;
using Match = model::CheckExpect::Match;

std::string expectation_words(const model::CheckExpect& expect) {
  switch (expect.match) {
    case Match::string: return fmt::format("string '{}'", expect.pattern.text);
    // haproxy prints the bytes as text, so up to a NUL.
    case Match::binary: return fmt::format("binary '{}'", expect.pattern.text.c_str());
    case Match::rstring: return "regex";
    case Match::rbinary: return "binary regex";
    case Match::string_lf: return "log-format string";
    case Match::binary_lf: return "log-format binary";
    case Match::status:
    case Match::rstatus:
    case Match::header:
    case Match::body:
    case Match::rbody:
    case Match::mysql_greeting:
    case Match::mysql_answer:
    case Match::ldap_answer:
    case Match::spop_answer:
    case Match::agent_line: break;
  }
  return "custom function";
}

std::string place_words(const CheckStep& step, size_t number, std::string_view comment) {
  if (step.kind == CheckStep::Kind::connect && step.connect.implicit) return " at initial connection step of tcp-check";
  std::string text = fmt::format(" at step {} of tcp-check (", number);
  switch (step.kind) {
    case CheckStep::Kind::connect:
      text += step.connect.port ? fmt::format("connect port {}", step.connect.port) : "connect";
      break;
    case CheckStep::Kind::send: text += "send"; break;
    case CheckStep::Kind::expect: text += "expect " + expectation_words(step.expect); break;
    case CheckStep::Kind::request:
    case CheckStep::Kind::variable:
    case CheckStep::Kind::comment: break;
  }
  text += ')';
  if (!comment.empty()) text += fmt::format(" comment: '{}'", comment);
  return text;
}

std::string with_comment(std::string text, std::string_view comment) {
  if (!comment.empty()) text += fmt::format(" comment: {}", comment);
  return text;
}

std::string result_words(const model::CheckWords& words, std::string_view answer) {
  if (!words.offset) return words.text.text;
  if (*words.offset >= answer.size()) return {};
  std::string_view text = answer.substr(*words.offset);
  text = text.substr(0, text.find('\0'));
  if (words.one_line) text = text.substr(0, text.find_first_of("\r\n"));
  return std::string(text);
}

}  // namespace ddbproxy::live
