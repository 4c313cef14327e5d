#include "config/check_reader.h"

#include <cctype>
#include <climits>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "config/address_reader.h"
#include "config/dispatch.h"
#include "config/expect_reader.h"

namespace ddbproxy::config {

using model::CheckStep;

namespace {

void refuse(Line& line, std::string_view what, size_t at) {
  line.alert(fmt::format("'{}' : '{}' is not supported by ddbproxy yet.", line.keyword(), what), at);
}

/// The text of `comment`; false after a report.
bool read_comment_text(Line& line, std::string& comment, std::string_view end) {
  comment = line.take();
  if (!comment.empty()) return true;
  line.alert(fmt::format("'{}' : 'comment' expects a string as argument.{}", line.keyword(), end));
  return false;
}

bool read_port(Line& line, model::CheckConnect& connect) {
  const std::string word(line.take());
  if (word.empty()) {
    line.alert(fmt::format("'{}' : 'port' expects a port number or a sample expression as argument..", line.keyword()));
    return false;
  }
  const auto value = base::parse_integer(word);
  if (!value) {
    line.alert(fmt::format("'{}' : 'port' as a sample expression is not supported by ddbproxy yet.", line.keyword()));
    return false;
  }
  if (*value < 1 || *value > 65535) {
    line.alert(fmt::format("'{}' : expects a valid TCP port (from range 1 to 65535) or a sample expression, got {}..",
                           line.keyword(), word));
    return false;
  }
  connect.port = static_cast<uint16_t>(*value);
  return true;
}

bool read_target(Line& line, model::CheckConnect& connect) {
  const std::string_view word = line.take();
  if (word.empty()) {
    line.alert(fmt::format("'{}' : 'addr' expects <ipv4|ipv6> as argument..", line.keyword()));
    return false;
  }
  const AddressReading reading = read_address(word, {}, line.context().environment());
  if (!reading) {
    const char* end = reading.error_ends_line() ? "\n.." : "..";
    line.alert(fmt::format("'{}' : 'addr' : {}{}", line.keyword(), reading.error, end));
    return false;
  }
  connect.address = reading.address;
  return true;
}

/// Words that ask for what the check cannot do yet.
bool is_planned(std::string_view word) {
  return word == "ssl" || word == "sni" || word == "alpn" || word == "proto" || word == "via-socks4";
}

bool is_digit(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }
int digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

}  // namespace

HexReading read_hex(std::string_view digits) {
  if (digits.size() % 2) return {{}, "an even number of hex digit is expected"};
  HexReading reading;
  for (size_t i = 0; i < digits.size(); i += 2) {
    for (const char c : {digits[i], digits[i + 1]})
      if (!is_digit(c)) return {{}, fmt::format("an hex digit is expected (found '{}')", c)};
    reading.bytes += static_cast<char>(digit(digits[i]) * 16 + digit(digits[i + 1]));
  }
  return reading;
}

std::optional<std::string> read_literal_format(Line& line, std::string_view text) {
  std::string literal;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && (i + 1 == text.size() || text[++i] != '%')) {
      line.alert(fmt::format("'{}' : variables in the log format '{}' are not supported by ddbproxy yet.",
                             line.keyword(), text));
      return {};
    }
    // As in every log format, several blanks are one.
    if (text[i] != ' ' || literal.empty() || literal.back() != ' ') literal += text[i];
  }
  return literal;
}

std::optional<CheckStep> read_check_comment(Line& line, ScriptKind) {
  CheckStep step{.kind = CheckStep::Kind::comment, .where = line.where(0)};
  step.comment = line.take();
  if (!step.comment.empty()) return step;
  line.alert(fmt::format("'{}' : expects a string as argument.", line.keyword()));
  return {};
}

std::optional<CheckStep> read_check_connect(Line& line, ScriptKind) {
  CheckStep step{.kind = CheckStep::Kind::connect, .where = line.where(0)};
  while (!line.peek().empty()) {
    const size_t at = line.position();
    const std::string_view word = line.take();
    if (word == "default") {
      step.connect.server_defaults = true;
    } else if (word == "port") {
      if (!read_port(line, step.connect)) return {};
    } else if (word == "addr") {
      if (!read_target(line, step.connect)) return {};
    } else if (word == "comment") {
      if (!read_comment_text(line, step.comment, ".")) return {};
    } else if (word == "send-proxy") {
      step.connect.send_proxy = true;
    } else if (word == "linger") {
      step.connect.linger = true;
    } else if (is_planned(word)) {
      refuse(line, word, at);
      return {};
    } else {
      line.alert(fmt::format("'{}' : expects 'comment', 'port', 'addr', 'send-proxy', 'ssl', 'sni', 'alpn' or "
                             "'via-socks4', 'linger', 'default' but got '{}' as argument..",
                             line.keyword(), word),
                 at);
      return {};
    }
  }
  return step;
}

std::optional<CheckStep> read_check_send(Line& line, bool binary, bool format) {
  CheckStep step{.kind = CheckStep::Kind::send, .where = line.where(0)};
  const std::string word(line.take());
  if (word.empty()) {
    // haproxy puts the words of this message in the wrong places.
    const std::string& keyword = line.keyword();
    line.alert(fmt::format("'{}' : '{}' expects a {} as argument.", keyword, binary ? "binary string" : "string",
                           keyword.substr(keyword.rfind(' ') + 1)));
    return {};
  }
  step.data = word;
  if (format) {
    const auto literal = read_literal_format(line, word);
    if (!literal) return {};
    step.data = *literal;
  }
  if (binary) {
    HexReading hex = read_hex(step.data);
    if (!hex.error.empty()) {
      line.alert(fmt::format("'{}' : '{}' invalid binary string ({}).\n.", line.keyword(), word, hex.error));
      return {};
    }
    step.data = std::move(hex.bytes);
  }
  if (line.peek().empty()) return step;
  if (line.take() != "comment") {
    line.alert(fmt::format("'{}' : expects 'comment' but got '{}' as argument..", line.keyword(),
                           line.word(line.position() - 1)));
    return {};
  }
  if (!read_comment_text(line, step.comment, ".")) return {};
  if (line.peek().empty()) return step;
  line.alert(fmt::format("'{}' : expects 'comment' but got '{}' as argument..", line.keyword(), line.peek()),
             line.position());
  return {};
}

std::optional<CheckStep> read_http_check_send(Line& line) {
  CheckStep step{.kind = CheckStep::Kind::request, .where = line.where(0)};
  model::CheckRequest& request = step.request;
  // Each of these words takes one string; some are log formats.
  struct Field {
    std::string_view word;
    std::string& value;
    bool format;
  };
  const Field fields[] = {{"meth", request.method, false}, {"uri", request.uri, false},
                          {"uri-lf", request.uri, true},   {"ver", request.version, false},
                          {"body", request.body, false},   {"body-lf", request.body, true},
                          {"comment", step.comment, false}};
  while (!line.peek().empty()) {
    const size_t at = line.position();
    const std::string_view word = line.take();
    if (word == "hdr") {
      const std::string name(line.take());
      if (name.empty() || line.peek().empty()) {
        line.alert(fmt::format("'{}' : 'hdr' expects <name> and <value> as arguments.", line.keyword()));
        return {};
      }
      const auto value = read_literal_format(line, line.take());
      if (!value) return {};
      // The length is ours to say.
      if (base::equals_ignoring_case(name, "content-length") || base::equals_ignoring_case(name, "transfer-encoding"))
        continue;
      request.headers.emplace_back(name, *value);
      continue;
    }
    const Field* found = nullptr;
    for (const Field& field : fields)
      if (field.word == word) found = &field;
    if (!found) {
      line.alert(fmt::format("'{}' : expects 'comment', 'meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body' or 'body-lf' but "
                             "got '{}' as argument..",
                             line.keyword(), word),
                 at);
      return {};
    }
    if (line.peek().empty()) {
      line.alert(fmt::format("'{}' : '{}' expects a string as argument..", line.keyword(), word));
      return {};
    }
    found->value = line.take();
    if (!found->format) continue;
    const auto literal = read_literal_format(line, found->value);
    if (!literal) return {};
    found->value = *literal;
  }
  return step;
}

std::optional<CheckStep> read_check_expect(Line& line, ScriptKind kind) { return ExpectReader(line, kind).read(); }

}  // namespace ddbproxy::config
