#include "sample/expression.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "sample/cast.h"

namespace ddbproxy::sample {

Type Expression::type() const {
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step)
    if (step->row->out != Type::any) return step->row->out;
  return fetch_.row->type;
}

Answer Expression::evaluate(Context& context, Value& value) const {
  const Answer answer = context.fetch(fetch_, value);
  if (answer != Answer::found) return answer == Answer::not_yet && context.final ? Answer::absent : answer;
  for (const Step& step : steps_) {
    if (step.row->in != Type::any && !cast(value, step.row->in, context.scratch)) return Answer::absent;
    const bool good = step.row->convert ? step.row->convert(step.arguments, value, context)
                                        : context.convert(*step.row, step.arguments, value);
    if (!good) return Answer::absent;
  }
  return Answer::found;
}

Answer Expression::evaluate_as(Context& context, Value& value, Type type) const {
  const Answer answer = evaluate(context, value);
  if (answer != Answer::found) return answer;
  return cast(value, type, context.scratch) ? Answer::found : Answer::absent;
}

namespace {

bool is_of_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-' || c == '+';
}

std::string_view name_at(std::string_view word, size_t at) {
  size_t end = at;
  while (end < word.size() && is_of_name(word[end])) ++end;
  return word.substr(at, end - at);
}

}  // namespace

bool ExpressionReader::fail(std::string text, size_t at) {
  wrong_ = {std::move(text), at};
  return false;
}

bool ExpressionReader::begin(std::string_view word, const Fetch* known) {
  expression_ = std::make_shared<Expression>();
  expression_->text_ = word;
  const std::string_view name = name_at(word, 0);
  if (name.empty()) return fail("missing fetch method", 0);
  const Fetch* row = known ? known : find_fetch(name);
  if (!row) return fail(fmt::format("unknown fetch method '{}'", name), 0);
  FetchCall& call = expression_->fetch_;
  call.row = row;
  call.number = static_cast<uint16_t>(number_of(*row));
  size_t at = name.size();
  if (!arguments(word, at, row->arguments, call.arguments))
    return fail(fmt::format("fetch method '{}' : {}", name, wrong_.text), wrong_.at);
  if (const std::string error = check_arguments(*row, call.arguments, library_); !error.empty())
    return fail(known ? fmt::format("in argument to '{}', {}", name, error)
                      : fmt::format("invalid args in fetch method '{}' : {}", name, error),
                name.size());
  if (at < word.size() && word[at] != ',') return fail(fmt::format("missing comma after fetch keyword '{}'", name), at);
  return converters(word, at);
}

bool ExpressionReader::continues_with(std::string_view word) const {
  const size_t begin = std::min(word.find_first_not_of(','), word.size());
  return begin < word.size() && find_converter(name_at(word, begin));
}

bool ExpressionReader::add(std::string_view word) {
  expression_->text_ += ',';
  expression_->text_ += word;
  return converters(word, 0);
}

bool ExpressionReader::converters(std::string_view word, size_t at) {
  while (true) {
    while (at < word.size() && word[at] == ',') ++at;
    if (at == word.size()) return true;
    const size_t begin = at;
    const std::string_view name = name_at(word, at);
    const Converter* row = find_converter(name);
    if (!row) return fail(fmt::format("unknown converter '{}'", name), begin);
    if (!row->supported) return fail(fmt::format("the converter '{}' is not supported by ddbproxy yet", name), begin);
    const Type given = expression_->type();
    if (row->in != Type::any && !can_cast(given, row->in))
      return fail(fmt::format("converter '{}' cannot be applied", name), begin);
    Expression::Step step{row, {}};
    at += name.size();
    if (!arguments(word, at, row->arguments, step.arguments))
      return fail(fmt::format("invalid arg {} in converter '{}' : {}", argument_, name, wrong_.text), wrong_.at);
    if (row->check)
      if (const std::string error = row->check(step.arguments, library_); !error.empty())
        return fail(fmt::format("invalid args in converter '{}' : {}", name, error), begin + name.size());
    if (at < word.size() && word[at] != ',') return fail(fmt::format("missing comma after converter '{}'", name), at);
    expression_->steps_.push_back(std::move(step));
  }
}

/// From an opening parenthesis at `at`, which need not be there, to behind the closing one. Between two that touch
/// there is one empty text.
bool ExpressionReader::arguments(std::string_view word, size_t& at, const ArgumentKinds& kinds,
                                 std::vector<Argument>& into) {
  const bool open = at < word.size() && word[at] == '(';
  if (open) ++at;
  argument_ = 0;
  std::vector<std::pair<std::string, size_t>> texts;
  while (texts.size() < kinds.count) {
    argument_ = texts.size() + 1;
    std::string text;
    const size_t begin = at;
    char quote = '\0';
    for (; open && at < word.size(); ++at) {
      const char c = word[at];
      if (quote ? c == quote : c == '"' || c == '\'')
        quote = quote ? '\0' : c;
      else if (!quote && (c == ',' || c == ')'))
        break;
      else if (quote == '"' && c == '\\' && at + 1 < word.size() && (word[at + 1] == '\\' || word[at + 1] == '"'))
        text += word[++at];
      else
        text += c;
    }
    // As in haproxy, a number that is left out ends the list, and behind a comma it is 0.
    const bool ends =
        open && text.empty() && texts.size() >= kinds.required && kinds.kinds[texts.size()] == ArgumentKind::integer;
    if (ends && texts.empty()) break;
    if (ends) text = "0";
    texts.emplace_back(std::move(text), begin);
    if (ends || !open || at >= word.size() || word[at] != ',') break;
    if (texts.size() < kinds.count) ++at;
  }
  into.resize(kinds.count);
  const bool none = !open;
  for (size_t i = 0; i < texts.size(); ++i) {
    argument_ = i + 1;
    if (!convert(texts[i].first, texts[i].second, kinds.kinds[i], into[i])) {
      if (!texts[i].first.empty()) return false;
      if (i >= kinds.required) {
        into[i] = {};
        continue;
      }
      return fail(fmt::format("expected type '{}' at position {}, but got nothing", name_of(kinds.kinds[i]), i + 1),
                  texts[i].second);
    }
    if (none && i >= kinds.required) into[i] = {};
  }
  if (texts.size() < kinds.required) {
    argument_ = texts.size() + 1;
    return fail(fmt::format("missing arguments (got {}/{}), type '{}' expected", texts.size(), kinds.required,
                            name_of(kinds.kinds[texts.size()])),
                at);
  }
  if (!open) return true;
  argument_ = texts.size() < 2 ? texts.size() + 1 : texts.size();  // haproxy's counting
  if (at >= word.size()) return fail("expected ')'", at);
  if (word[at] != ')') return fail(fmt::format("expected ')' before '{}'", word.substr(at)), at);
  ++at;
  return true;
}

}  // namespace ddbproxy::sample
