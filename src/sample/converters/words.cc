// Converters that take fields or words out of a text.
#include <algorithm>
#include <limits>

#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

std::string check_index(std::span<Argument> arguments, Library&) {
  if (arguments[0].number == 0) return "Unexpected value 0 for index";
  return arguments[1].text.empty() ? "Empty separators list" : "";
}

/// How many pieces to take; all that follow are as many as there can be.
int64_t wanted(Arguments arguments) {
  if (!given(arguments[2])) return 1;
  return arguments[2].number > 0 ? arguments[2].number : std::numeric_limits<int64_t>::max();
}

bool is_in(std::string_view set, char c) { return set.find(c) != set.npos; }

/// Walks over the characters of a text from one of its ends.
struct Walk {
  std::string_view text;
  bool backwards;
  char operator[](size_t i) const { return backwards ? text[text.size() - 1 - i] : text[i]; }
  size_t find(std::string_view set, size_t from, bool member) const {
    while (from < text.size() && is_in(set, (*this)[from]) != member) ++from;
    return from;
  }
  std::string_view between(size_t begin, size_t end) const {
    return backwards ? text.substr(text.size() - end, end - begin) : text.substr(begin, end - begin);
  }
};

// Counted without a sign, the smallest number has no opposite that would overflow.
uint64_t distance(int64_t index) { return index < 0 ? 0 - static_cast<uint64_t>(index) : static_cast<uint64_t>(index); }

bool field(Arguments arguments, Value& value, Context&) {
  const Walk walk{value.text, arguments[0].number < 0};
  const std::string_view separators = arguments[1].text;
  const size_t size = value.text.size();
  size_t begin = 0;
  for (uint64_t number = distance(arguments[0].number); number > 1; --number) {
    const size_t separator = walk.find(separators, begin, true);
    if (separator == size) return false;
    begin = separator + 1;
  }
  size_t end = walk.find(separators, begin, true);
  for (int64_t more = wanted(arguments) - 1; more > 0 && end < size; --more) end = walk.find(separators, end + 1, true);
  value.text = walk.between(begin, end);
  return true;
}

bool word(Arguments arguments, Value& value, Context&) {
  const Walk walk{value.text, arguments[0].number < 0};
  const std::string_view separators = arguments[1].text;
  const size_t size = value.text.size();
  size_t begin = 0, end = 0;
  for (uint64_t number = distance(arguments[0].number); number > 0 && begin < size; --number) {
    begin = walk.find(separators, end, false);
    end = walk.find(separators, begin, true);
  }
  for (int64_t more = wanted(arguments) - 1; more > 0 && begin < size; --more) {
    const size_t next = walk.find(separators, end, false);
    end = walk.find(separators, next, true);
    // What follows the last word belongs to all the words that are left.
    if (next == size) break;
  }
  value.text = walk.between(begin, end);
  return true;
}

constexpr Converter rows[] = {
    {"field", ArgumentKinds::of("integer,string[,integer]"), string, string, field, check_index, true,
     "The field of this number between separators, from the end when negative; as many as wanted, all for 0."},
    {"word", ArgumentKinds::of("integer,string[,integer]"), string, string, word, check_index, true,
     "As field, without counting empty ones."},
};

}  // namespace

constinit const Rows word_rows = rows;

}  // namespace ddbproxy::sample
