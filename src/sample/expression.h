// An expression: a fetch and the converters behind it (manual 7.3).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sample/context.h"
#include "sample/converter.h"
#include "sample/fetch.h"
#include "sample/library.h"

namespace ddbproxy::sample {

/// Why a text is no expression, in haproxy's words, and at which of its bytes.
struct Wrong {
  std::string text;
  size_t at = 0;
};

/// A fetch with its arguments.
struct FetchCall {
  const Fetch* row = nullptr;
  uint16_t number = 0;  ///< number_of(*row)
  std::vector<Argument> arguments;
};

/// Compiled once; immutable when the configuration has been read, and then safe from any thread.
class Expression {
 public:
  struct Step {
    const Converter* row = nullptr;
    std::vector<Argument> arguments;
  };

  const FetchCall& fetch() const { return fetch_; }
  const std::vector<Step>& steps() const { return steps_; }
  /// Of what it answers; Type::any when that depends.
  Type type() const;
  /// Where its fetch can be known.
  Places places() const { return fetch_.row->source.places; }
  /// As written.
  const std::string& text() const { return text_; }

  /// Evaluates it. For a fetch of several values `value` comes back with `more`, and goes in again as it is.
  Answer evaluate(Context& context, Value& value) const;
  /// The same as a value of `type`; absent when it cannot be one.
  Answer evaluate_as(Context& context, Value& value, Type type) const;

  /// Calls what(argument, converter): its arguments in order; null for those of the fetch. While it is read.
  template <class What>
  void for_each_argument(What what) {
    for (Argument& each : fetch_.arguments) what(each, nullptr);
    for (Step& step : steps_)
      for (Argument& each : step.arguments) what(each, step.row);
  }

 private:
  friend class ExpressionReader;
  FetchCall fetch_;
  std::vector<Step> steps_;
  std::string text_;
};

/// Reads one from a word and, where a line has them, from the words behind it: "src ipmask(24)" is "src,ipmask(24)".
class ExpressionReader {
 public:
  explicit ExpressionReader(Library& library) : library_(library) {}

  /// A word that begins with a fetch; false when it is none, see wrong(). `name_is_known`: whether an `acl` keyword
  /// stood for its name, which is then this fetch.
  bool begin(std::string_view word, const Fetch* known = nullptr);
  /// A following word, as far as its first converter is known; false when the expression ends before it.
  bool continues_with(std::string_view word) const;
  bool add(std::string_view word);
  const Wrong& wrong() const { return wrong_; }
  std::shared_ptr<Expression> take() { return std::move(expression_); }

 private:
  bool converters(std::string_view word, size_t at);
  bool arguments(std::string_view word, size_t& at, const ArgumentKinds& kinds, std::vector<Argument>& into);
  bool convert(std::string_view text, size_t at, ArgumentKind kind, Argument& into);
  bool fail(std::string text, size_t at);

  Library& library_;
  std::shared_ptr<Expression> expression_;
  Wrong wrong_;
  size_t argument_ = 0;  // the one that is wrong, from 1
};

/// What is wrong with the arguments of a fetch, in haproxy's words; completes them otherwise.
std::string check_arguments(const Fetch& fetch, std::vector<Argument>& arguments, Library& library);

}  // namespace ddbproxy::sample
