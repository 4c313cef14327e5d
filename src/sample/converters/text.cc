// Converters of texts: case, ends, joining and comparing.
#include <algorithm>

#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

bool length(Arguments, Value& value, Context&) {
  value.set_integer(static_cast<int64_t>(value.text.size()));
  return true;
}

/// Letters between `first` and `last` turned into those of the other case; a text without any stays where it is.
bool other_case(Value& value, char first, char last, Scratch& scratch) {
  const auto concerns = [=](char c) { return c >= first && c <= last; };
  const auto* const found = std::find_if(value.text.begin(), value.text.end(), concerns);
  if (found == value.text.end()) return true;
  char* const text = scratch.take(value.text.size());
  char* const rest = std::copy(value.text.begin(), found, text);
  std::transform(found, value.text.end(), rest, [&](char c) { return concerns(c) ? static_cast<char>(c ^ 0x20) : c; });
  value.text = {text, value.text.size()};
  return true;
}
bool lower(Arguments, Value& value, Context& context) { return other_case(value, 'A', 'Z', context.scratch); }
bool upper(Arguments, Value& value, Context& context) { return other_case(value, 'a', 'z', context.scratch); }

bool ltrim(Arguments arguments, Value& value, Context&) {
  const size_t first = value.text.find_first_not_of(arguments[0].text);
  value.text.remove_prefix(std::min(first, value.text.size()));
  return true;
}
bool rtrim(Arguments arguments, Value& value, Context&) {
  value.text = value.text.substr(0, value.text.find_last_not_of(arguments[0].text) + 1);
  return true;
}

bool cut_crlf(Arguments, Value& value, Context&) {
  value.text = value.text.substr(0, value.text.find_first_of("\r\n"));
  return true;
}

std::string check_concat(std::span<Argument> arguments, Library& library) {
  return arguments[1].text.empty() ? "" : register_variable(arguments[1], library);
}

std::string_view text_of_variable(const Argument& argument, Value& value, Context& context) {
  return argument.variable && read_variable(*argument.variable, string, value, context) ? value.text
                                                                                        : std::string_view();
}

/// All of them, cut where a sample ends.
void join(Value& value, std::initializer_list<std::string_view> parts, Scratch& scratch) {
  size_t sum = value.text.size();
  for (const std::string_view part : parts) sum += part.size();
  if (sum == value.text.size()) return;
  Output out(scratch, std::min(sum, scratch.longest() - 1));
  out.add_cut(value.text);
  for (const std::string_view part : parts) out.add_cut(part);
  value.text = out.finish();
}

bool concat(Arguments arguments, Value& value, Context& context) {
  Value variable;
  const std::string_view middle = text_of_variable(arguments[1], variable, context);
  join(value, {arguments[0].text, middle, arguments[2].text}, context.scratch);
  return true;
}

std::string check_add_item(std::span<Argument> arguments, Library& library) {
  if (!arguments[1].text.empty()) return register_variable(arguments[1], library);
  return arguments[2].text.empty() ? "one of the optional arguments has to be nonempty" : "";
}

bool add_item(Arguments arguments, Value& value, Context& context) {
  Value variable;
  const std::string_view item = text_of_variable(arguments[1], variable, context);
  const bool adds = !item.empty() || !arguments[2].text.empty();
  const std::string_view delimiter = adds && !value.text.empty() ? arguments[0].text : std::string_view();
  join(value, {delimiter, item, arguments[2].text}, context.scratch);
  return true;
}

bool compare(Arguments arguments, Value& value, Context& context) {
  Value other;
  if (!read_variable(*arguments[0].variable, string, other, context)) return false;
  const std::string_view a = value.text, b = other.text;
  int64_t result = (a.size() > b.size()) - (a.size() < b.size());
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (a[i] != b[i]) {
      result = static_cast<unsigned char>(a[i]) - static_cast<unsigned char>(b[i]);
      break;
    }
  value.set_integer(result);
  return true;
}

constexpr auto none = ArgumentKinds::of("");
constexpr auto text_argument = ArgumentKinds::of("string");

constexpr Converter rows[] = {
    {"add_item", ArgumentKinds::of("string,string[,string]"), string, string, add_item, check_add_item, true,
     "Appends a delimiter, a variable and a suffix; the delimiter only between two texts that are not empty."},
    {"concat", ArgumentKinds::of("string[,string,string]"), string, string, concat, check_concat, true,
     "Appends a text, a variable and another text; each may be left out."},
    {"cut_crlf", none, string, string, cut_crlf, nullptr, true,
     "The text up to the first carriage return or line feed."},
    {"length", none, string, integer, length, nullptr, true, "How many bytes the text has."},
    {"lower", none, string, string, lower, nullptr, true, "The text in lower case."},
    {"ltrim", text_argument, string, string, ltrim, nullptr, true,
     "The text without any of these characters at its beginning."},
    {"rtrim", text_argument, string, string, rtrim, nullptr, true,
     "The text without any of these characters at its end."},
    {"strcmp", text_argument, string, integer, compare, check_compared, true,
     "Compares with a variable: 0 when both are equal, less than 0 when the text comes first, else more."},
    {"upper", none, string, string, upper, nullptr, true, "The text in upper case."},
};

}  // namespace

constinit const Rows text_rows = rows;

}  // namespace ddbproxy::sample
