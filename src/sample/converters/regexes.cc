// Converters by regular expressions.
#include <array>
#include <fmt/format.h>

#include "base/regex.h"
#include "sample/converters/rows.h"
#include "sample/number.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

/// The flags are i and g; the third argument's number says whether all places are meant. What is no regular expression
/// is none: who looks names up tells of it.
std::string check_regsub(std::span<Argument> arguments, Library&) {
  Argument& flags = arguments[2];
  bool ignore_case = false;
  for (const char flag : flags.text) {
    if (flag != 'i' && flag != 'g') return fmt::format("invalid regex flag '{}', only 'i' and 'g' are supported", flag);
    if (flag == 'i') ignore_case = true;
    if (flag == 'g') flags.number = 1;
  }
  if (arguments[0].text.empty()) return {};
  base::Result<base::Regex> regex = base::Regex::compile(arguments[0].text, ignore_case);
  if (regex) arguments[0].regex = std::make_shared<const base::Regex>(std::move(*regex));
  return {};
}

/// The replacement with its references \0 to \9 and its bytes \xHH.
void add_replacement(std::string_view replacement, std::string_view text, base::Regex::Groups groups, Output& out) {
  for (size_t at = 0; at < replacement.size(); ++at) {
    char c = replacement[at];
    if (c == '\\' && ++at < replacement.size()) {
      c = replacement[at];
      if (c >= '0' && c <= '9') {
        const base::Regex::Group& group = groups[static_cast<size_t>(c - '0')];
        if (group.begin != group.none) out.add_cut(text.substr(group.begin, group.end - group.begin));
        continue;
      }
      if (c == 'x' && at + 2 < replacement.size() && hex_digit(replacement[at + 1]) >= 0 &&
          hex_digit(replacement[at + 2]) >= 0) {
        c = static_cast<char>(hex_digit(replacement[at + 1]) << 4 | hex_digit(replacement[at + 2]));
        at += 2;
      }
    } else if (at == replacement.size()) {
      return;
    }
    out.add_cut({&c, 1});
  }
}

bool regsub(Arguments arguments, Value& value, Context& context) {
  std::array<base::Regex::Group, base::Regex::most_groups> groups;
  const base::Regex& regex = *arguments[0].regex;
  std::string_view rest = value.text;
  if (!regex.match(rest, groups)) return true;
  const bool all = arguments[2].number != 0;
  Output out(context.scratch, context.scratch.longest());
  for (bool more = true; more;) {
    const auto [begin, end] = groups[0];
    out.add_cut(rest.substr(0, begin));
    add_replacement(arguments[1].text, rest, groups, out);
    more = all && !rest.empty();
    rest.remove_prefix(end);
    // Where nothing was taken the next character stays, so that it goes on.
    if (more && begin == end && !rest.empty()) {
      out.add_cut(rest.substr(0, 1));
      rest.remove_prefix(1);
    }
    more = more && regex.match(rest, groups, false);
  }
  out.add_cut(rest);
  value.text = out.finish();
  return true;
}

constexpr Converter rows[] = {
    {"regsub", ArgumentKinds::of("regex,string[,string]"), string, string, regsub, check_regsub, true,
     "Replaces the first match of a regular expression, or all with the flag g; i ignores case."},
};

}  // namespace

constinit const Rows regex_rows = rows;

}  // namespace ddbproxy::sample
