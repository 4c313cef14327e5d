#include "config/redirect_reader.h"

#include <fmt/format.h>

#include "config/acl_reader.h"
#include "config/readers.h"

namespace ddbproxy::config {
namespace {

bool is_code(int code) { return code == 301 || code == 302 || code == 303 || code == 307 || code == 308; }

}  // namespace

bool read_redirect(Line& line, RuleDraft& draft, const std::optional<RuleFormat>& format) {
  std::string target;
  size_t target_at = 0;
  const auto fail = [&](std::string_view text) {
    line.alert(text);
    return false;
  };
  while (!line.peek().empty()) {
    if (line.peek() == "if" || line.peek() == "unless") {
      draft.rule.condition = judge_condition(line, {"error in condition: ", ""});
      if (!draft.rule.condition) return false;
      break;
    }
    const std::string word(line.take());
    const bool is_target = word == "location" || word == "prefix" || word == "scheme";
    if (word == "drop-query" || word == "append-slash" || word == "ignore-empty") continue;
    if (!is_target && word != "set-cookie" && word != "clear-cookie" && word != "code")
      return fail(
          fmt::format("expects 'code', 'prefix', 'location', 'scheme', 'set-cookie', 'clear-cookie', "
                      "'drop-query', 'ignore-empty' or 'append-slash' (was '{}')",
                      word));
    if (line.peek().empty()) return fail(fmt::format("missing argument for '{}'", word));
    const std::string value(line.take());
    if (word == "code" && !is_code(wrapped_number(value)))
      return fail(fmt::format("'code': unsupported HTTP code '{}' (must be one of 301, 302, 303, 307 or 308)", value));
    if (!is_target) continue;
    target = value;
    target_at = line.position();
  }
  if (target.empty()) return fail("redirection type expected ('prefix', 'location', or 'scheme')");
  if (!format) return true;
  const size_t end = line.position();
  line.seek(target_at);
  const bool good = read_rule_format(line, target, *format) != nullptr;
  line.seek(end);
  return good;
}

}  // namespace ddbproxy::config
