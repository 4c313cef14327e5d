#include "config/check_protocols.h"

#include <fmt/format.h>
#include <initializer_list>

#include "base/regex.h"
#include "base/text.h"
#include "base/varint.h"

namespace ddbproxy::config {
namespace {

using namespace std::string_literals;
using model::CheckExpect;
using model::CheckSettings;
using model::CheckStatus;
using model::CheckStep;
using Match = CheckExpect::Match;

/// The server's own way of connecting, without a number in messages; the connection is reset at the end.
CheckStep connect() {
  CheckStep step{.kind = CheckStep::Kind::connect};
  step.connect.implicit = true;
  return step;
}
/// One that messages count. It ends with a FIN: servers that expect a farewell would complain of a reset.
CheckStep counted_connect() {
  CheckStep step{.kind = CheckStep::Kind::connect};
  step.connect.server_defaults = step.connect.linger = true;
  return step;
}

CheckStep send(std::string bytes) {
  CheckStep step{.kind = CheckStep::Kind::send};
  step.data.text = std::move(bytes);
  return step;
}

CheckStep expect(CheckExpect what) {
  CheckStep step{.kind = CheckStep::Kind::expect};
  if (what.match == Match::rstring || what.match == Match::rbinary)
    what.regex = std::make_shared<const base::Regex>(std::move(*base::Regex::compile(what.pattern.text)));
  what.quiet = true;
  step.expect = std::move(what);
  return step;
}

void use(CheckSettings& checks, std::initializer_list<CheckStep> steps) {
  checks.method = model::CheckMethod::protocol;
  checks.steps = steps;
  checks.stamped = false;
}

std::string bytes(std::string_view hex) { return *base::read_hex(hex); }

/// The text of a line behind the first `offset` characters of the answer.
model::CheckWords line_from(size_t offset) { return {.offset = offset, .one_line = true}; }

/// A packet of MySQL: its length in three bytes, its number, and what it carries.
std::string mysql_packet(char number, const std::string& content) {
  const size_t length = content.size();
  return std::string{static_cast<char>(length), static_cast<char>(length >> 8), static_cast<char>(length >> 16),
                     number} +
         content;
}

CheckExpect smtp_reply(std::string pattern, int min_recv) {
  return {.match = Match::rstring,
          .min_recv = min_recv,
          .pattern = {.text = std::move(pattern)},
          .error_status = CheckStatus::l7_status,
          .on_success = line_from(4),
          .on_error = line_from(4),
          .code_from_answer = true};
}

}  // namespace

void use_mysql_check(CheckSettings& checks, std::string_view user, bool before_41) {
  const CheckStep greeting = expect({.match = Match::mysql_greeting});
  if (user.empty()) return use(checks, {counted_connect(), greeting});
  const std::string name = std::string(user) + '\0';
  // Capabilities, the longest packet, and from 4.1 on the character set, a gap and an empty password.
  const std::string login =
      before_41 ? bytes("0080000001") + name + '\0' : bytes("008200000080000121") + std::string(23, '\0') + name + '\0';
  const std::string quit = mysql_packet(0, "\x01");
  use(checks,
      {counted_connect(), send(mysql_packet(1, login) + quit), greeting, expect({.match = Match::mysql_answer})});
}

void use_pgsql_check(CheckSettings& checks, std::string_view user) {
  const std::string body = bytes("00030000") + "user\0"s + std::string(user) + "\0\0"s;
  const size_t length = body.size() + 4;
  const std::string head{0, 0, static_cast<char>(length >> 8), static_cast<char>(length)};
  use(checks, {counted_connect(), send(head + body),
               expect({.match = Match::rstring,
                       .negated = true,
                       .min_recv = 5,
                       .pattern = {.text = "^E"},
                       .error_status = CheckStatus::l7_response,
                       .on_error = {.offset = 6}}),
               // A request to authenticate, of any of the kinds that servers use.
               expect({.match = Match::rbinary,
                       .min_recv = 9,
                       .pattern = {.text = "^52000000[A-Z0-9]{2}000000(00|02|03|04|05|06|07|09|0A)"},
                       .error_status = CheckStatus::l7_status,
                       .on_success = {.text = {.text = "PostgreSQL server is ok"}},
                       .on_error = {.text = {.text = "PostgreSQL unknown error"}}})});
}

void use_redis_check(CheckSettings& checks) {
  use(checks, {connect(), send("*1\r\n$4\r\nPING\r\n"),
               expect({.match = Match::string,
                       .pattern = {.text = "+PONG\r\n"},
                       .error_status = CheckStatus::l7_status,
                       .on_success = {.text = {.text = "Redis server is ok"}},
                       .on_error = line_from(0)})});
}

void use_smtp_check(CheckSettings& checks, std::string_view hello, std::string_view domain) {
  use(checks, {counted_connect(),
               expect({.match = Match::rstring,
                       .min_recv = 4,
                       .pattern = {.text = "^[0-9]{3}[ \\r]"},
                       .error_status = CheckStatus::l7_response,
                       .on_error = line_from(0)}),
               expect(smtp_reply("^2[0-9]{2}[ \\r]", 4)), send(fmt::format("{} {}\r\n", hello, domain)),
               expect(smtp_reply("^(2[0-9]{2}-[^\\r]*\\r\\n)*2[0-9]{2}[ \\r]", -1)), send("QUIT\r\n"),
               expect(smtp_reply("^2[0-9]{2}[- \\r]", 4))});
}

void use_ldap_check(CheckSettings& checks) {
  // An anonymous bind of version 3.
  use(checks, {connect(), send(bytes("300c020101600702010304008000")),
               expect({.match = Match::rbinary,
                       .min_recv = 14,
                       .pattern = {.text = "^30"},
                       .error_status = CheckStatus::l7_response,
                       .on_error = {.text = {.text = "Not LDAPv3 protocol"}}}),
               expect({.match = Match::ldap_answer})});
}

void use_spop_check(CheckSettings& checks, uint32_t bufsize) {
  // A hello with what we can do; the last of it says that nothing but the agent's hello is wanted.
  constexpr uint32_t head = 4;
  std::string size;
  base::append_varint(size, bufsize - head);
  const std::string frame = "\1\0\0\0\1\0\0"s + "\x12supported-versions\x08\x03" + "2.0" + "\x0emax-frame-size\x03" +
                            size + "\x0c" + "capabilities\x08\0"s + "\x0bhealthcheck\x11";
  const size_t length = frame.size();
  const std::string before{0, 0, static_cast<char>(length >> 8), static_cast<char>(length)};
  use(checks, {connect(), send(before + frame), expect({.match = Match::spop_answer})});
}

void use_ssl_hello_check(CheckSettings& checks) {
  // A hello of SSLv3 with all the cipher suites of its time; the four zeroes are where the time goes.
  std::string suites;
  const auto add = [&](int from, int to) {
    for (int suite = from; suite <= to; ++suite) suites += {'\0', static_cast<char>(suite)};
  };
  add(0x01, 0x1b);
  add(0x2f, 0x3a);
  use(checks, {connect(),
               send(bytes("160300007901000075030000000000") + "HAPROXYSSLCHK\nHAPROXYSSLCHK\n" + bytes("00004e") +
                    suites + bytes("0100")),
               expect({.match = Match::rbinary,
                       .min_recv = 5,
                       .pattern = {.text = "^1[56]"},
                       .ok_status = CheckStatus::l6_ok,
                       .error_status = CheckStatus::l6_response,
                       .timeout_status = CheckStatus::l6_timeout})});
  checks.stamped = true;
}

}  // namespace ddbproxy::config
