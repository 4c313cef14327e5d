#include "config/check_reader.h"

#include <climits>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "config/acl_reader.h"
#include "config/address_reader.h"
#include "config/dispatch.h"
#include "config/expect_reader.h"
#include "config/library.h"
#include "config/log_format_reader.h"
#include "config/variable_reader.h"
#include "sample/expression.h"

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
    line.seek(line.position() - 1);
    connect.port_expression = read_check_expression(line, "port");
    return connect.port_expression != nullptr;
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
  const AddressReading reading = read_address(word, {}, line.context());
  if (!reading) {
    const char* end = reading.error_ends_line() ? "\n.." : "..";
    line.alert(fmt::format("'{}' : 'addr' : {}{}", line.keyword(), reading.error, end));
    return false;
  }
  connect.address = reading.address;
  return true;
}

/// Words that ask for what the check cannot do yet.
bool is_planned(std::string_view word) { return word == "ssl" || word == "sni" || word == "alpn" || word == "proto"; }

constexpr sample::Places in_checks = sample::at(sample::Place::check);
constexpr std::string_view use_of_expressions = "tcp-check expression";

/// What stands before and after each report while it lives.
class Wording {
 public:
  Wording(Line& line, const std::string& before, std::string_view after) : line_(line) {
    line.introduce(fmt::format("parsing [{}] : {}", line.place(), before), after);
  }
  ~Wording() { line_.introduce({}); }
  Wording(const Wording&) = delete;
  Wording& operator=(const Wording&) = delete;

 private:
  Line& line_;
};

std::shared_ptr<const sample::LogFormat> read_format(Line& line, std::string_view text) {
  return read_rule_format(
      line, text,
      {.places = in_checks, .use = std::string(use_of_expressions), .of_http_check = line.word(0) == "http-check"});
}

/// Reports an expression that cannot be told of a check yet; false otherwise.
bool refuse(Line& line, const sample::Expression& expression) {
  const sample::Fetch& fetch = *expression.fetch().row;
  if (line.word(0) != "http-check" || !fetch.source.http) return refuse_unanswered(line, expression);
  line.alert(fmt::format("the fetch '{}' is not supported by ddbproxy here yet", fetch.name));
  return true;
}

}  // namespace

std::optional<model::CheckText> read_check_text(Line& line, std::string_view text) {
  const Wording wording(line, fmt::format("'{}' : '{}' invalid log-format string (", line.keyword(), text), ").\n.");
  model::CheckText read{.text = std::string(text), .format = read_format(line, text)};
  if (!read.format) return {};
  return read;
}

std::shared_ptr<const sample::Expression> read_check_expression(Line& line, std::string_view what) {
  const std::string before = fmt::format("'{}' : error detected while parsing {} expression : ", line.keyword(), what);
  const size_t at = line.position();
  std::shared_ptr<const sample::Expression> expression;
  {
    const Wording wording(line, before, ".");
    expression = read_expression(line, use_of_expressions);
  }
  if (!expression) return nullptr;
  const std::string problem = unavailable(*expression, in_checks, expression->fetch().row->name);
  if (!problem.empty()) {
    line.alert(fmt::format("{} {}.\n.", before, problem), at);
    return nullptr;
  }
  return refuse(line, *expression) ? nullptr : expression;
}

std::optional<CheckStep> read_check_variable(Line& line, ScriptKind) {
  using Action = model::Rule::Action;
  const size_t at = line.position() - 1;
  const std::string_view word = line.word(at);
  auto rule = std::make_shared<model::Rule>();
  rule->where = line.where(0);
  std::string_view action = "set-var";
  rule->action = Action::set_var;
  if (word.starts_with("unset-var")) {
    action = "unset-var";
    rule->action = Action::unset_var;
  } else if (word.starts_with("set-var-fmt")) {
    action = "set-var-fmt";
    rule->action = Action::set_var_fmt;
  }
  const Wording wording(line, fmt::format("'{} {}' : '{}' : ", line.word(0), word, action), ".");
  if (std::string error; !read_variable(line.context().library(), word, action, *rule, error)) {
    line.alert(error, at);
    return {};
  }
  if (rule->action == Action::set_var_fmt) {
    rule->format = read_format(line, line.take());
    if (!rule->format) return {};
  } else if (rule->action == Action::set_var) {
    const auto expression = read_expression(line, use_of_expressions);
    if (!expression) return {};
    if (const std::string problem = unavailable(*expression, in_checks, word); !problem.empty()) {
      line.alert(problem, at + 1);
      return {};
    }
    if (refuse(line, *expression)) return {};
    rule->expression = expression;
  }
  CheckStep step{.kind = CheckStep::Kind::variable, .where = line.where(0)};
  step.variable = std::move(rule);
  return step;
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
    } else if (word == "via-socks4") {
      step.connect.via_socks4 = true;
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
  if (format) {
    auto text = read_check_text(line, word);
    if (!text) return {};
    step.data = std::move(*text);
    step.data.hex = binary;
  } else if (binary) {
    auto bytes = base::read_hex(word);
    if (!bytes) {
      line.alert(fmt::format("'{}' : '{}' invalid binary string ({}).\n.", line.keyword(), word, bytes.error().text));
      return {};
    }
    step.data.text = std::move(*bytes);
  } else {
    step.data.text = word;
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
  // Each of these words takes one string, or a log format.
  struct Field {
    std::string_view word;
    std::string* plain;
    model::CheckText* text;
    bool format;
  };
  const Field fields[] = {{"meth", &request.method, nullptr, false}, {"uri", nullptr, &request.uri, false},
                          {"uri-lf", nullptr, &request.uri, true},   {"ver", &request.version, nullptr, false},
                          {"body", nullptr, &request.body, false},   {"body-lf", nullptr, &request.body, true},
                          {"comment", &step.comment, nullptr, false}};
  while (!line.peek().empty()) {
    const size_t at = line.position();
    const std::string_view word = line.take();
    if (word == "hdr") {
      const std::string name(line.take());
      if (name.empty() || line.peek().empty()) {
        line.alert(fmt::format("'{}' : 'hdr' expects <name> and <value> as arguments.", line.keyword()));
        return {};
      }
      model::CheckText value{.text = std::string(line.take())};
      const Wording wording(line, fmt::format("'{}' : ", line.keyword()), ".");
      value.format = read_format(line, value.text);
      if (!value.format) return {};
      // The length is ours to say.
      if (base::equals_ignoring_case(name, "content-length") || base::equals_ignoring_case(name, "transfer-encoding"))
        continue;
      request.headers.emplace_back(name, std::move(value));
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
    const std::string_view said = line.take();
    if (found->plain) {
      *found->plain = said;
    } else if (!found->format) {
      *found->text = {.text = std::string(said)};
    } else {
      auto text = read_check_text(line, said);
      if (!text) return {};
      *found->text = std::move(*text);
    }
  }
  return step;
}

std::optional<CheckStep> read_check_expect(Line& line, ScriptKind kind) { return ExpectReader(line, kind).read(); }

}  // namespace ddbproxy::config
