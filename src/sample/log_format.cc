// Parses and writes log formats. Blanks at the beginning are dropped and several in a row are one, as in haproxy.
#include "sample/log_format.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>

#include "base/text.h"

namespace ddbproxy::sample {
namespace {

constexpr const char* tcp_text = "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq";
constexpr const char* http_text =
    "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r";
constexpr const char* http_clf_text =
    "%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq "
    "%bq %CC %CS %hrl %hsl";
/// Behind httplog's fields stand errors, resumption, server name, version and cipher of TLS: a connection without it
/// has none of them.
constexpr const char* https_end = " 0/-/-/-/0 -/%sslv/%sslc";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct FlagName {
  char letter;
  FieldFlag flag;
};
constexpr FlagName flag_names[] = {{'Q', quoted}, {'X', hexadecimal}, {'E', escaped}};

/// Applies "+Q,-X" to `flags`. Words that are no flag have no effect, as in haproxy.
uint8_t with_flags(uint8_t flags, std::string_view words) {
  for (const std::string_view word : base::split(words, ',')) {
    for (const FlagName& known : flag_names) {
      if (word.size() != 2 || word[1] != known.letter) continue;
      if (word[0] == '+') flags |= known.flag;
      if (word[0] == '-') flags &= static_cast<uint8_t>(~known.flag);
    }
  }
  return flags;
}

}  // namespace

/// One reading of one text.
class LogFormat::Parser {
 public:
  Parser(std::string_view text, const FormatRules& rules, std::vector<std::shared_ptr<Expression>>* expressions)
      : text_(text), rules_(rules), expressions_(expressions) {}

  bool run(LogFormat& format) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '%') {
        if (!after_percent(format)) return false;
      } else {
        c == ' ' && rules_.log_line ? blank(format) : literal(format, c);
        ++at_;
      }
    }
    return true;
  }

  std::string error;
  size_t error_at = 0;

 private:
  bool fail(size_t where, std::string text) {
    error_at = where;
    error = std::move(text);
    return false;
  }

  void blank(LogFormat& format) {
    if (format.parts_.empty() || format.parts_.back().kind != Kind::blank) format.parts_.push_back({Kind::blank});
  }
  void literal(LogFormat& format, char c) {
    if (format.parts_.empty() || format.parts_.back().kind != Kind::literal) format.parts_.push_back({Kind::literal});
    format.parts_.back().literal += c;
  }

  bool after_percent(LogFormat& format) {
    const size_t percent = at_++;
    if (at_ == text_.size()) return fail(percent, "truncated line after '%'");
    uint8_t flags = flags_;
    const bool has_flags = text_[at_] == '{';
    if (has_flags) {
      const size_t close = text_.find('}', at_);
      if (close == text_.npos) return fail(percent, fmt::format("truncated line after '{}'", text_.substr(at_ + 1)));
      const std::string_view words = text_.substr(at_ + 1, close - at_ - 1);
      flags = with_flags(flags_, words);
      at_ = close + 1;
      if (at_ == text_.size() || !(is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '['))
        return fail(percent, fmt::format("parse argument modifier without variable name near '%{{{}}}'", words));
    }
    const char c = text_[at_];
    if (c == '[') return sample_expression(format, percent, flags);
    if (is_letter(c) || has_flags) return variable(format, percent, flags);
    if (c == ' ' || c == '\t' || is_digit(c)) {
      return fail(percent,
                  fmt::format("unexpected variable name near '{}' at position {} line : '{}'. Maybe you want to "
                              "write a single '%', use the syntax '%%'",
                              c, at_, text_));
    }
    // '%%' is a percent sign, and a '%' in front of any other sign vanishes.
    literal(format, c);
    ++at_;
    return true;
  }

  /// Up to the bracket that closes it: one outside quotes and outside parentheses.
  bool sample_expression(LogFormat& format, size_t percent, uint8_t flags) {
    const size_t begin = at_ + 1;
    size_t end = begin;
    char quote = '\0';
    for (int depth = 0; end < text_.size(); ++end) {
      const char c = text_[end];
      if (quote) {
        if (c == '\\' && quote == '"') ++end;
        if (c == quote) quote = '\0';
      } else if (depth && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')') {
        --depth;
      } else if (c == ']' && depth <= 0) {
        break;
      }
    }
    // A parenthesis that is never closed is the expression's mistake.
    if (end >= text_.size()) end = std::min(text_.find(']', begin), text_.size());
    if (end >= text_.size()) return fail(percent, fmt::format("missing ']' after '{}'", text_.substr(begin)));
    const std::string_view word = text_.substr(begin, end - begin), shown = text_.substr(begin);
    if (!rules_.library) return fail(percent, "there are no sample expressions here");
    ExpressionReader reader(*rules_.library);
    if (!reader.begin(word))
      return fail(begin + reader.wrong().at,
                  fmt::format("failed to parse sample expression <{}> : {}", shown, reader.wrong().text));
    auto expression = reader.take();
    if (!(expression->places() & rules_.places))
      return fail(begin,
                  fmt::format("sample fetch <{}> may not be reliably used here because it needs '{}' which is not "
                              "available here",
                              shown, expression->fetch().row->source.name));
    if (expressions_) expressions_->push_back(expression);
    format.parts_.push_back({.kind = Kind::expression, .flags = flags, .expression = std::move(expression)});
    format.expressions_ = true;
    at_ = end + 1;
    return true;
  }

  bool variable(LogFormat& format, size_t percent, uint8_t flags) {
    const size_t begin = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    const LogVariable* row = find_log_variable(name);
    if (!row) {
      return fail(percent,
                  fmt::format("no such format variable '{}'. If you wanted to emit the '%' character verbatim, "
                              "you need to use '%%'",
                              name));
    }
    if (row->http_only && !rules_.http) {
      return fail(percent, fmt::format("format variable '{}' is reserved for HTTP mode", name));
    }
    if (!row->write) {
      flags_ = flags;
      return true;
    }
    format.parts_.push_back({Kind::variable, flags, row, {}});
    format.known_ = std::max(format.known_, row->known);
    return true;
  }

  const std::string_view text_;
  const FormatRules& rules_;
  std::vector<std::shared_ptr<Expression>>* expressions_;
  size_t at_ = 0;
  uint8_t flags_ = 0;  // what %o has set for the variables behind it
};

base::Result<LogFormat> LogFormat::parse(std::string_view text, const FormatRules& rules, size_t* error_at,
                                         std::vector<std::shared_ptr<Expression>>* expressions) {
  LogFormat format;
  format.log_line_ = rules.log_line;
  Parser parser(text, rules, expressions);
  if (parser.run(format)) return format;
  if (error_at) *error_at = parser.error_at;
  return base::Error{0, std::move(parser.error)};
}

bool LogFormat::has(std::string_view variable) const {
  return std::ranges::any_of(parts_,
                             [&](const Part& part) { return part.variable && part.variable->name == variable; });
}

void LogFormat::append(std::string& out, const StreamFacts& facts, const LineContext& context) const {
  bool after_blank = true;
  for (const Part& part : parts_) {
    const size_t before = out.size();
    switch (part.kind) {
      case Kind::blank:
        if (!after_blank) out += ' ';
        after_blank = true;
        continue;
      case Kind::literal: out += part.literal; break;
      case Kind::variable: {
        FieldWriter writer(out, part.flags, context);
        part.variable->write(writer, facts);
        break;
      }
      case Kind::expression: append(out, part, context); break;
    }
    if (out.size() > before) after_blank = false;
  }
}

void LogFormat::append(std::string& out, const Part& part, const LineContext& context) {
  FieldWriter writer(out, part.flags, context);
  if (!context.samples) return writer.text({});
  Scratch& scratch = context.samples->scratch;
  const Scratch::Mark mark = scratch.mark();
  Value value;
  if (part.expression->evaluate_as(*context.samples, value, Type::string) == Answer::found)
    context.dashes ? writer.sample_text(value.text) : writer.text(value.text);
  else
    writer.text({});
  scratch.clear(mark);
}

namespace {

LogFormat known_good(const std::string& text) {
  auto format = LogFormat::parse(text, {.http = true});
  assert(format);
  return std::move(*format);
}

}  // namespace

const LogFormat& LogFormat::tcp() {
  static const LogFormat format = known_good(tcp_text);
  return format;
}

const LogFormat& LogFormat::http() {
  static const LogFormat format = known_good(http_text);
  return format;
}

const LogFormat& LogFormat::http_clf() {
  static const LogFormat format = known_good(http_clf_text);
  return format;
}

const LogFormat& LogFormat::https() {
  static const LogFormat format = known_good(std::string(http_text) + https_end);
  return format;
}

const LogFormat& LogFormat::connection() {
  static const LogFormat format = [] {
    LogFormat line;
    line.parts_.push_back({Kind::variable, 0, &connection_line, {}});
    line.known_ = connection_line.known;
    return line;
  }();
  return format;
}

}  // namespace ddbproxy::sample
