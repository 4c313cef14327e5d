#include "config/inherited_rules.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/context.h"
#include "config/keyword.h"

namespace ddbproxy::config {
namespace {

bool has_http_rules(const model::Proxy& base) {
  return std::any_of(base.unsupported.begin(), base.unsupported.end(), [](const model::Unsupported& word) {
    return word.keyword.starts_with("http-request ") || word.keyword.starts_with("http-response ") ||
           word.keyword.starts_with("http-after-response ");
  });
}

}  // namespace

void judge_inherited_rules(Line& line, const model::Proxy& base, uint16_t section, Heirs& heirs) {
  const bool of_connections = !base.frontend->connection_rules.empty() || !base.frontend->session_rules.empty();
  const bool of_responses = !base.backend->response_rules.empty();
  const bool captures = !base.frontend->request_captures.empty() || !base.frontend->response_captures.empty();
  const auto say = [&](std::string_view text, bool names_it = true) {
    auto& said = line.report(
        Severity::alert,
        fmt::format("parsing [{}]: {}{}.", line.place(), text,
                    names_it ? fmt::format(" (defaults section at {})", base.where.file_and_line()) : std::string()),
        1);
    said.notes = {{base.where, "declared here"}};
  };
  if (of_connections || of_responses || !base.request_rules.empty() || has_http_rules(base)) {
    if (section == in_defaults)
      say("a defaults section cannot inherit from a defaults section defining TCP/HTTP rules");
    else if (section == in_listen)
      say("a listen section cannot inherit from a defaults section defining TCP/HTTP rules", false);
    else if (section == in_frontend ? heirs.backends : heirs.frontends)
      say("frontends and backends cannot inherit from the same defaults section if it defines TCP/HTTP rules");
    else if (section == in_backend && of_connections)
      say("a backend section cannot inherit from a defaults section defining 'tcp-request connection' or 'tcp-request "
          "session' rules");
    else if (section == in_frontend && of_responses)
      say("a frontend section cannot inherit from a defaults section defining 'tcp-response content' rules");
  }
  // The slip is haproxy's, and tools may look for it.
  if (captures && section != in_frontend)
    say("backend or defaults sections cannot inherit from a defaults section defining capptures");
  if (section == in_frontend) heirs.frontends = true;
  if (section == in_backend) heirs.backends = true;
}

}  // namespace ddbproxy::config
