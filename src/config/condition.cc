#include "config/condition.h"

#include <cstdlib>
#include <fmt/format.h>
#include <vector>

#include "config/predicates.h"

namespace ddbproxy::config {
namespace {

constexpr int max_depth = 1024;

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Recursive descent: any = all [ "||" any ], all = term [ "&&" all ], term = "!"* ( "(" any ")" | number | predicate
/// ). The places of its errors are haproxy's.
class Reader {
 public:
  Reader(std::string_view text, const Environment& environment, ConditionError& error)
      : text_(text), environment_(environment), error_(error) {}

  std::optional<bool> run() {
    if (text_.empty()) return false;
    skip_blanks();
    if (!more()) return fail(0, fmt::format("unparsable conditional sub-expression '{}'", text_));
    at_ = 0;
    const auto value = any(0);
    if (!value) return {};
    skip_blanks();
    if (more())
      return fail(
          at_, fmt::format("unexpected character '{}' at the end of conditional expression '{}'", text_[at_], text_));
    return value;
  }

 private:
  bool more() const { return at_ < text_.size(); }
  void skip_blanks() {
    while (more() && is_blank(text_[at_])) ++at_;
  }
  bool skip(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  std::nullopt_t fail(size_t at, std::string text) {
    error_ = {std::move(text), at};
    return std::nullopt;
  }
  std::nullopt_t unparsable(size_t at, const char* what = "expression") {
    return fail(at, fmt::format("unparsable conditional {} '{}'", what, text_.substr(at)));
  }

  std::optional<bool> any(int depth) {
    const size_t begin = at_;
    if (depth >= max_depth) return unparsable(begin, "sub-expression");
    const auto left = all(depth + 1);
    if (!left) return {};
    skip_blanks();
    if (!skip("||")) return left;
    skip_blanks();
    if (!more()) return unparsable(begin);
    const auto right = any(depth + 1);
    if (!right) return {};
    return *left || *right;
  }

  std::optional<bool> all(int depth) {
    if (depth >= max_depth) return unparsable(at_, "sub-expression");
    const auto left = term(depth + 1);
    if (!left) return {};
    skip_blanks();
    const size_t operator_at = at_;
    if (!skip("&&")) return left;
    skip_blanks();
    if (!more()) return unparsable(operator_at);
    const auto right = all(depth + 1);
    if (!right) return {};
    return *left && *right;
  }

  std::optional<bool> term(int depth) {
    skip_blanks();
    const size_t begin = at_;
    if (depth >= max_depth) return unparsable(begin);
    bool negated = false;
    for (; skip("!"); skip_blanks()) negated = !negated;
    if (!more()) return unparsable(begin);
    std::optional<bool> value;
    if (skip("(")) {
      if (!more()) return unparsable(begin);
      value = any(depth + 1);
      if (!value) return {};
      skip_blanks();
      if (!skip(")"))
        return fail(begin, fmt::format("expected ')' after conditional expression '{}'", text_.substr(begin)));
    } else if (!(value = number())) {
      value = predicate(begin);
      if (!value) return {};
    }
    return *value != negated;
  }

  std::optional<bool> number() {
    const std::string rest(text_.substr(at_));
    char* end = nullptr;
    const bool value = std::strtol(rest.c_str(), &end, 0) != 0;
    if (end == rest.c_str()) return {};
    at_ += static_cast<size_t>(end - rest.c_str());
    return value;
  }

  std::optional<bool> predicate(size_t begin) {
    const size_t end = std::min(text_.find_first_of("( \t", at_), text_.size());
    const Predicate* row = find_predicate(text_.substr(at_, end - at_));
    if (!row) return unparsable(begin);
    at_ = end;
    std::vector<std::string> args;
    if (skip("(")) {
      if (!arguments(*row, args)) return {};
    } else {
      args.emplace_back();
      if (row->args > 1) return too_few(*row);
    }
    return row->holds(args, environment_);
  }

  std::nullopt_t too_few(const Predicate& row) {
    return wrong_argument(row, fmt::format("missing arguments (got 1/{}), type 'string' expected", row.args));
  }
  std::nullopt_t wrong_argument(const Predicate& row, std::string_view reason) {
    return fail(at_,
                fmt::format("{} in argument 1 of predicate '{}' used in conditional expression", reason, row.name));
  }

  /// Behind the opening parenthesis; leaves behind the closing one.
  bool arguments(const Predicate& row, std::vector<std::string>& args) {
    while (args.size() < row.args) {
      args.push_back(argument());
      if (args.size() < row.args && !skip(",")) return too_few(row), false;
    }
    if (skip(")")) return true;
    const bool end = !more();
    wrong_argument(row, end ? "expected ')'" : fmt::format("expected ')' before '{}'", text_.substr(at_)));
    return false;
  }

  /// Up to a comma or a closing parenthesis outside quotes.
  std::string argument() {
    std::string out;
    for (char quote = '\0'; more(); ++at_) {
      const char c = text_[at_];
      if (quote ? c == quote : c == '"' || c == '\'')
        quote = quote ? '\0' : c;
      else if (!quote && (c == ',' || c == ')'))
        break;
      else if (quote == '"' && c == '\\' && at_ + 1 < text_.size())
        out += text_[++at_];
      else
        out += c;
    }
    return out;
  }

  std::string_view text_;
  const Environment& environment_;
  ConditionError& error_;
  size_t at_ = 0;
};

}  // namespace

std::optional<bool> evaluate(std::string_view text, const Environment& environment, ConditionError& error) {
  return Reader(text, environment, error).run();
}

}  // namespace ddbproxy::config
