// Converters that set variables. Context::convert() does it, where the variables are.
#include <algorithm>
#include <fmt/format.h>

#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using enum Type;

std::string check_name(std::span<Argument> arguments, Library& library) {
  std::string why;
  arguments[0].variable = library.variable(arguments[0].text, why);
  return arguments[0].variable ? "" : why;
}

std::string check_set_var(std::span<Argument> arguments, Library& library) {
  constexpr std::string_view conditions[] = {"ifexists", "ifnotexists", "ifempty", "ifnotempty",
                                             "ifset",    "ifnotset",    "ifgt",    "iflt"};
  if (std::string wrong = check_name(arguments, library); !wrong.empty()) return wrong;
  for (const Argument& argument : arguments.subspan(1))
    if (conversion::given(argument) &&
        std::find(std::begin(conditions), std::end(conditions), argument.text) == std::end(conditions))
      return fmt::format("unknown condition \"{}\"", argument.text);
  return {};
}

constexpr Converter rows[] = {
    {"set-var", ArgumentKinds::of("string[,string,string,string,string]"), any, any, nullptr, check_set_var, true,
     "Sets a variable, when all conditions are true, and gives the value on as it is."},
    {"unset-var", ArgumentKinds::of("string"), any, any, nullptr, check_name, true,
     "Unsets a variable, and gives the value on as it is."},
};

}  // namespace

constinit const Rows variable_rows = rows;

}  // namespace ddbproxy::sample
