#include "config/name_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <sys/socket.h>

#include "config/acl_reader.h"
#include "config/context.h"
#include "config/library.h"
#include "config/suggest.h"
#include "sample/expression.h"

namespace ddbproxy::config {

bool read_name_question(Line& line, RuleDraft& draft) {
  const auto wrong = [&](std::string_view word) {
    line.alert(
        fmt::format("Can't parse '{}'. Expects 'do-resolve(<varname>,<resolvers>[,<options>]) <expr>'. Available "
                    "options are 'ipv4' and 'ipv6'",
                    word));
    return false;
  };
  draft.rule.action = model::Rule::Action::do_resolve;
  const size_t open = draft.word.find('('), close = draft.word.find(')');
  if (open == draft.word.npos || close == draft.word.npos) return wrong(draft.word);
  std::string_view inside = draft.word.substr(open + 1, close - open - 1);
  if (inside.find(',') == inside.npos) return wrong(draft.word);
  const auto next = [&] {
    const std::string_view argument = inside.substr(0, inside.find(','));
    inside.remove_prefix(std::min(inside.size(), argument.size() + 1));
    return argument;
  };
  // As in haproxy, a name that is none is no error: nothing is set then.
  std::string unused;
  draft.rule.variable = line.context().library().variable(next(), unused);
  draft.rule.name.resolvers = next();
  while (!inside.empty()) {
    const std::string_view option = next();
    if (option == "ipv4")
      draft.rule.name.family = AF_INET;
    else if (option == "ipv6")
      draft.rule.name.family = AF_INET6;
    else if (!option.empty())
      return wrong(draft.word);
  }
  const size_t at = line.position();
  const std::string word(line.peek());
  sample::ExpressionReader reader(line.context().library());
  if (!reader.begin(word)) return wrong(word);
  draft.rule.expression = read_expression(line, "ACL");
  if (!draft.rule.expression) return false;
  const std::string problem = unavailable(*draft.rule.expression, places_of(draft), line.word(at));
  if (!problem.empty()) return line.alert(problem, at), false;
  return draft.of_messages() || !refuse_unanswered(line, *draft.rule.expression);
}

void resolve_name_servers(Context& context, const model::Proxy& proxy, std::string_view name, const Location& where) {
  const auto& known = context.model->resolvers;
  if (std::any_of(known.begin(), known.end(), [&](const auto& each) { return each.name == name; })) return;
  Suggestion suggestion(name);
  for (const auto& each : known) suggestion.consider(each.name);
  context.diagnostics
      .add(Severity::alert, where,
           fmt::format("Proxy '{}': Can't find resolvers section '{}' for do-resolve action.", proxy.name, name))
      .suggestion = suggestion.best();
}

}  // namespace ddbproxy::config
