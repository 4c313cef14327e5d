#include "live/health/expectation.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/regex.h"
#include "live/health/check_words.h"
#include "live/health/http_answer.h"
#include "live/health/spop_answer.h"

namespace ddbproxy::live {
namespace {

using model::CheckExpect;
using model::CheckStatus;
using Match = CheckExpect::Match;
using Outcome = Judgement::Outcome;

Judgement failed(CheckStatus status, int code, std::string description) {
  return {Outcome::failed, {.status = status, .code = code, .description = std::move(description)}};
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02X}", byte);
  return text;
}

uint32_t little_endian(std::string_view bytes, size_t at, size_t count) {
  uint32_t value = 0;
  for (size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// Where a packet of MySQL that begins at `at` ends; 0 while it is not whole.
size_t mysql_packet_end(std::string_view answer, size_t at) {
  if (answer.size() < at + 5) return 0;
  const size_t end = at + 4 + little_endian(answer, at, 3);
  return end <= answer.size() ? end : 0;
}

/// The packet at `at`: an error of the server's fails the check in its words.
Judgement judge_mysql(std::string_view answer, size_t at, bool closed, CheckMemory& memory) {
  const size_t end = mysql_packet_end(answer, at);
  if (!end) return closed ? failed(CheckStatus::l7_response, 0, "") : Judgement{};
  const std::string_view packet = answer.substr(at, end - at);
  if (static_cast<unsigned char>(packet[4]) != 0xff) {
    // The greeting names the server's version; the second packet changes nothing of that.
    if (at == 0 && packet.size() > 5) memory.description = packet.substr(5, packet.find('\0', 5) - 5);
    return {Outcome::met, {}};
  }
  if (packet.size() < 7) return failed(CheckStatus::l7_response, 0, "");
  return failed(CheckStatus::l7_status, static_cast<int>(little_endian(packet, 5, 2)), std::string(packet.substr(7)));
}

/// The length of a BER element, and where its content begins; nothing when it is cut short.
bool skip_ber_length(std::string_view answer, size_t& at) {
  if (at >= answer.size()) return false;
  const unsigned char first = static_cast<unsigned char>(answer[at++]);
  if (first & 0x80) at += first & 0x7f;
  return at < answer.size();
}

Judgement judge_ldap(std::string_view answer, CheckMemory& memory) {
  const Judgement foreign = failed(CheckStatus::l7_response, 0, "Not LDAPv3 protocol");
  size_t at = 1;
  // The message's length, its number 1, a bind response and its length, and an enumerated result of one byte.
  if (!skip_ber_length(answer, at) || answer.substr(at, 4) != std::string_view("\x02\x01\x01\x61", 4)) return foreign;
  at += 4;
  if (!skip_ber_length(answer, at) || answer.substr(at, 2) != std::string_view("\x0a\x01", 2) ||
      at + 2 >= answer.size())
    return foreign;
  const int code = static_cast<unsigned char>(answer[at + 2]);
  if (code) return failed(CheckStatus::l7_status, code, "See RFC: http://tools.ietf.org/html/rfc4511#section-4.1.9");
  memory.description = "Success";
  return {Outcome::met, {}};
}

/// A line that is cut short is none, and the check waits until its time is up.
Judgement judge_line(std::string_view answer, bool closed, CheckMemory& memory) {
  const size_t end = std::min(answer.find('\n'), answer.find('\r'));
  if (end == answer.npos)
    return closed ? Judgement{Outcome::unknown, {.description = "Ignoring incomplete line from agent"}} : Judgement{};
  memory.description = answer.substr(0, end);
  return {Outcome::met, {}};
}

bool matches(const CheckExpect& expect, std::string_view answer) {
  if (expect.match == Match::rstring) return expect.regex->matches(answer);
  if (expect.match == Match::rbinary) return expect.regex->matches(hexadecimal(answer));
  return answer.find(expect.pattern.text) != answer.npos;
}

bool is_exact(Match match) {
  return match == Match::string || match == Match::string_lf || match == Match::binary || match == Match::binary_lf;
}

/// "'hello'" of a string, "(regex)" of what has no short form.
std::string content_words(const CheckExpect& expect) {
  if (expect.match == Match::string) return fmt::format("'{}'", expect.pattern.text);
  if (expect.match == Match::binary) return "(binary)";
  return fmt::format("({})", expectation_words(expect));
}

int leading_code(std::string_view answer) {
  int code = 0;
  for (const char c : answer.substr(0, 3)) {
    if (c < '0' || c > '9') break;
    code = code * 10 + (c - '0');
  }
  return code;
}

Judgement judge_content(const CheckExpect& expect, std::string_view answer, bool closed, size_t number,
                        std::string_view comment, CheckMemory& memory) {
  if (!closed && expect.min_recv > 0 && answer.size() < static_cast<size_t>(expect.min_recv)) return {};
  if (!closed && is_exact(expect.match) && answer.size() < expect.pattern.text.size()) return {};
  const bool found = matches(expect, answer);
  if (!found && expect.min_recv == -1 && !closed) return {};
  if (expect.code_from_answer) memory.code = leading_code(answer);
  if (found != expect.negated) {
    memory.description = result_words(expect.on_success, answer);
    return {Outcome::met, {}};
  }
  std::string words = result_words(expect.on_error, answer);
  if (words.empty() && !expect.quiet)
    words = fmt::format("TCPCHK {} content {} at step {}", expect.negated ? "matched unwanted" : "did not match",
                        content_words(expect), number);
  return failed(expect.error_status.value_or(CheckStatus::l7_response), memory.code,
                with_comment(std::move(words), comment));
}

}  // namespace

bool judged_by_protocol(Match match) {
  return match == Match::mysql_greeting || match == Match::mysql_answer || match == Match::ldap_answer ||
         match == Match::spop_answer;
}

Judgement judge(const CheckExpect& expect, std::string_view answer, bool closed, size_t number,
                std::string_view comment, CheckMemory& memory) {
  switch (expect.match) {
    case Match::status:
    case Match::rstatus:
    case Match::header:
    case Match::body:
    case Match::rbody: return judge_http(expect, answer, closed, comment, memory);
    case Match::mysql_greeting:
    case Match::mysql_answer:
    case Match::ldap_answer:
    case Match::spop_answer:
    case Match::agent_line:
    case Match::string:
    case Match::rstring:
    case Match::binary:
    case Match::rbinary:
    case Match::string_lf:
    case Match::binary_lf: break;
  }
  if (!answer.empty()) {
    if (expect.match == Match::mysql_greeting) return judge_mysql(answer, 0, closed, memory);
    if (expect.match == Match::mysql_answer) return judge_mysql(answer, mysql_packet_end(answer, 0), closed, memory);
    if (expect.match == Match::ldap_answer) return judge_ldap(answer, memory);
    if (expect.match == Match::spop_answer) return judge_spop(answer, closed, memory);
    if (expect.match == Match::agent_line) return judge_line(answer, closed, memory);
    return judge_content(expect, answer, closed, number, comment, memory);
  }
  if (!closed) return {};
  std::string words = fmt::format("TCPCHK got an empty response at step {}", number);
  if (!comment.empty()) words += fmt::format(" comment: '{}'", comment);
  return failed(expect.error_status.value_or(CheckStatus::l7_response), 0, std::move(words));
}

}  // namespace ddbproxy::live
