// The request that a fetch is asked of.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "http/characters.h"
#include "http/head.h"
#include "stream/evaluation.h"
#include "stream/fetches/answers.h"

namespace ddbproxy::http {

using sample::Answer;
using sample::Arguments;
using sample::Value;
using stream::Evaluation;

/// A complete head with its bytes. In a TCP stream its headers come behind two that haproxy 2.6 makes of the first
/// line,
/// ":method" and ":path".
struct Message {
  const Head& head;
  std::string_view bytes;
  sample::Scratch& scratch;

  std::string_view method() const { return head.method.of(bytes); }
  std::string_view target() const { return head.target.of(bytes); }
  size_t fields() const { return made() + head.fields().size(); }
  std::string_view name(size_t field) const;
  /// With the line ends of one that goes on in further lines.
  std::string_view value(size_t field) const;
  /// Blanks instead of these.
  std::string_view unfold(std::string_view value) const;

 private:
  size_t made() const { return head.use() == Head::Use::inspect ? 2 : 0; }
};

/// Reads the head, unless that has been done. Not found: it is not (yet) a request of HTTP.
Answer read_head(Evaluation& evaluation);

/// A fetch that can be told when there is a head.
template <Answer (*tell)(const Message&, Arguments, Value&)>
Answer of_head(Evaluation& evaluation, Arguments arguments, Value& value) {
  const Answer answer = read_head(evaluation);
  if (answer != Answer::found) return answer;
  return tell({*evaluation.head, evaluation.request, evaluation.scratch}, arguments, value);
}

/// A place in a message's headers, as a number for a fetch of several values.
struct Place {
  size_t field = 0, at = 0;

  Place() = default;
  explicit Place(uint32_t number) : field(number >> 24), at(number & 0xffffff) {}
  uint32_t number() const { return static_cast<uint32_t>(field << 24 | at); }
};

/// Goes over the values of the headers of a name (of all, when it is empty): each whole, or piece by piece as commas
/// outside of quotes divide it.
class Values {
 public:
  Values(const Message& message, std::string_view name, bool whole) : message_(message), name_(name), whole_(whole) {}
  /// Without the blanks around it; false: there is none any more.
  bool next(std::string_view& value);
  /// The one of this number: from 1, or from the last when it is negative; 0 is the last.
  bool find(int64_t occurrence, std::string_view& value);

  Place place;  ///< Where it goes on.

 private:
  const Message& message_;
  std::string_view name_;
  bool whole_;
};

/// The first of what `all` goes over, or the one behind that which `value` was given last.
template <class All>
bool next_of(All all, Value& value, std::string_view& text) {
  all.place = Place(value.next);
  if (!all.next(text)) return false;
  value.next = all.place.number();
  value.more = true;
  return true;
}

/// Where the first of these characters stands, from `at` on, that is not between double quotes; or the end.
size_t find_unquoted(std::string_view text, size_t at, std::string_view characters);
/// As haproxy reads numbers in messages: up to the first byte above '9', whatever stands before it.
int64_t loose_integer(std::string_view text);

}  // namespace ddbproxy::http
