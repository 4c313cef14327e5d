#include "sample/variable.h"

#include <fmt/format.h>

namespace ddbproxy::sample {
namespace {

constexpr std::string_view scope_names[] = {"proc", "sess", "txn", "req", "res", "check"};

bool may_be_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

}  // namespace

std::optional<Variable> parse_variable(std::string_view text, std::string& error) {
  if (text.empty()) {
    error = "Empty variable name cannot be accepted";
    return {};
  }
  const size_t dot = text.find('.');
  for (size_t i = 0; dot != text.npos && dot + 1 < text.size() && i < std::size(scope_names); ++i) {
    if (text.substr(0, dot) != scope_names[i]) continue;
    const std::string_view name = text.substr(dot + 1);
    for (size_t at = 0; at < name.size(); ++at)
      if (!may_be_in_name(name[at])) {
        error = fmt::format("invalid syntax at char '{}'", name.substr(at));
        return {};
      }
    return Variable{static_cast<Scope>(i), std::string(name)};
  }
  error = fmt::format(
      "invalid variable name '{}'. A variable name must be start by its scope. The scope can be 'proc', 'sess', "
      "'txn', 'req', 'res' or 'check'",
      text);
  return {};
}

}  // namespace ddbproxy::sample
