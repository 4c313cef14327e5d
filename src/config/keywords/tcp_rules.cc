// Rows of the rules on connections, sessions and their data: tcp-request, tcp-response (manual 4.2).
#include <fmt/format.h>

#include "config/context.h"
#include "config/readers.h"
#include "config/rule_reader.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;
using model::Ruleset;

bool is_anonymous_defaults(const Line& line, const Proxy& proxy) {
  return line.context().section == in_defaults && proxy.name.empty();
}

template <Ruleset ruleset>
void rule(Line& line, Proxy& proxy) {
  if (is_anonymous_defaults(line, proxy)) {
    line.alert(ruleset == Ruleset::response_content
                   ? "tcp-response content is only allowed in 'backend' sections or 'defaults' section with a name"
                   : fmt::format("{} is not allowed in anonymous 'defaults' sections", name_of(bit_of(ruleset))),
               0);
    return;
  }
  if (ruleset == Ruleset::response_content && !proxy.backend) {
    line.alert("tcp-response content is only allowed in 'backend' sections or 'defaults' section with a name", 0);
    return;
  }
  if ((ruleset == Ruleset::connection || ruleset == Ruleset::session) && !proxy.frontend) {
    line.alert(fmt::format("{} is not allowed because {} {} is not a frontend", name_of(bit_of(ruleset)), proxy.kind(),
                           proxy.name),
               0);
    return;
  }
  model::Rules& rules = ruleset == Ruleset::connection        ? proxy.frontend->connection_rules
                        : ruleset == Ruleset::session         ? proxy.frontend->session_rules
                        : ruleset == Ruleset::request_content ? proxy.request_rules
                                                              : proxy.backend->response_rules;
  const size_t before = rules.size();
  read_rule(line, proxy, ruleset, rules);
  if (rules.size() == before || ruleset == Ruleset::response_content) return;
  line.context().draft->rules.add(line, ruleset == Ruleset::connection ? RuleKind::connection
                                        : ruleset == Ruleset::session  ? RuleKind::session
                                                                       : RuleKind::content);
}

template <Ruleset ruleset>
void inspect_delay(Line& line, Proxy& proxy) {
  constexpr bool response = ruleset == Ruleset::response_content;
  if (response ? is_anonymous_defaults(line, proxy) || !proxy.backend : is_anonymous_defaults(line, proxy)) {
    line.alert(response ? "tcp-response inspect-delay is only allowed in 'backend' sections or 'defaults' section with "
                          "a name"
                        : "tcp-request inspect-delay is not allowed in anonymous 'defaults' sections",
               0);
    return;
  }
  const std::string text = fmt::format("'{} inspect-delay' expects a positive delay in milliseconds, in {}",
                                       response ? "tcp-response" : "tcp-request", section_in_words(line, proxy));
  const std::string overflow = text + " (timer overflow in '{w}', maximum value is 2147483647 ms or ~24.8 days)",
                    unexpected = text + " (unexpected character '{c}')";
  const TimeWording wording{text.c_str(), unexpected.c_str(), overflow.c_str()};
  const auto delay = read_time(line, std::chrono::milliseconds(1), wording);
  if (!delay) return;
  model::Duration& target = response ? proxy.backend->response_inspect_delay : proxy.request_inspect_delay;
  target = std::chrono::duration_cast<model::Milliseconds>(*delay);
}

constexpr Keyword<Proxy> request_rulesets[] = {
    {.name = "connection",
     .syntax = "<action> [{if|unless} <condition>]",
     .parse = rule<Ruleset::connection>,
     .doc = "Rules on a connection as soon as it is accepted.",
     .misplaced = Misplaced::read},
    {.name = "content",
     .syntax = "<action> [{if|unless} <condition>]",
     .parse = rule<Ruleset::request_content>,
     .doc = "Rules on the data that a client has sent."},
    {.name = "inspect-delay",
     .syntax = "<time>",
     .parse = inspect_delay<Ruleset::request_content>,
     .doc = "Longest wait for data that content rules need."},
    {.name = "session",
     .syntax = "<action> [{if|unless} <condition>]",
     .parse = rule<Ruleset::session>,
     .doc = "Rules on a session once headers of PROXY and TLS are through.",
     .misplaced = Misplaced::read},
};
static_assert(in_order(request_rulesets));

constexpr Keyword<Proxy> response_rulesets[] = {
    {.name = "content",
     .syntax = "<action> [{if|unless} <condition>]",
     .parse = rule<Ruleset::response_content>,
     .doc = "Rules on the data that a server has sent.",
     .misplaced = Misplaced::read},
    {.name = "inspect-delay",
     .syntax = "<time>",
     .parse = inspect_delay<Ruleset::response_content>,
     .doc = "Longest wait for data that content rules need.",
     .misplaced = Misplaced::read},
};
static_assert(in_order(response_rulesets));

template <const char* const& expected>
void unknown_ruleset(Line& line, Proxy& proxy) {
  if (line.peek().empty())
    line.alert(fmt::format("missing argument for '{}' in {}", line.keyword(), section_in_words(line, proxy)),
               line.position());
  else
    line.alert(fmt::format("'{}' expects {} in {} (got '{}')", line.keyword(), expected, section_in_words(line, proxy),
                           line.peek()),
               line.position());
}
constexpr const char *request_words = "'inspect-delay', 'connection', or 'content'",
                     *response_words = "'inspect-delay' or 'content'";
constexpr Table<Proxy> request_ruleset_table{"tcp ruleset", request_rulesets, unknown_ruleset<request_words>};
constexpr Table<Proxy> response_ruleset_table{"tcp ruleset", response_rulesets, unknown_ruleset<response_words>};

constexpr Keyword<Proxy> rows[] = {
    {.name = "tcp-request",
     .syntax = "<ruleset> ...",
     .doc = "Rules on what clients send.",
     .words = &request_ruleset_table},
    {.name = "tcp-response",
     .syntax = "<ruleset> ...",
     .doc = "Rules on what servers send.",
     .words = &response_ruleset_table},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> tcp_rules_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
