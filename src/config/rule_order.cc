// Warns of rules that do not run in the order in which they stand.
#include <fmt/format.h>

#include "config/context.h"
#include "config/line.h"

namespace ddbproxy::config {
namespace {

/// As the warning names them: by a line's first word, and the ruleset behind it.
std::string_view name_of(RuleKind kind, bool whole) {
  switch (kind) {
    case RuleKind::none: break;
    case RuleKind::connection: return whole ? "tcp-request connection" : "tcp-request";
    case RuleKind::session: return whole ? "tcp-request session" : "tcp-request";
    case RuleKind::content: return whole ? "tcp-request content" : "tcp-request";
    case RuleKind::monitor_fail: return "monitor fail";
    case RuleKind::http_request: return "http-request";
    case RuleKind::redirect: return "redirect";
    case RuleKind::use_backend: return "use_backend";
    case RuleKind::use_server: return "use-server";
  }
  return {};
}

}  // namespace

void RuleOrder::add(Line& line, RuleKind kind) {
  if (kind < last)
    line.warning(fmt::format("a '{}' rule placed after {} '{}' rule will still be processed before.",
                             name_of(kind, false), last == RuleKind::http_request ? "an" : "a", name_of(last, true)),
                 0);
  else
    last = kind;
}

}  // namespace ddbproxy::config
