#include "config/dispatch.h"

#include <algorithm>

namespace ddbproxy::config {

Place judge_place(Line& line, uint16_t sections, Misplaced misplaced, std::string_view hint) {
  const Context& context = line.context();
  if (sections & context.section || misplaced == Misplaced::read) return Place::here;
  if (context.section == in_defaults) {
    line.alert(fmt::format("'{}' not allowed in 'defaults' section.", line.keyword()));
    return Place::refused;
  }
  const model::Proxy& proxy = *context.draft->proxy;
  const char* missing = proxy.frontend ? "backend" : "frontend";
  const std::string because = fmt::format("because {} '{}' has no {} capability", proxy.kind(), proxy.name, missing);
  switch (misplaced) {
    case Misplaced::ignored:
      line.warning(
          fmt::format("'{}' ignored {}.{}", line.keyword().substr(0, line.keyword().find(' ')), because, hint));
      return Place::elsewhere;
    case Misplaced::option_ignored:
      line.warning(
          fmt::format("'{}' ignored {}.{}", line.keyword().substr(line.keyword().rfind(' ') + 1), because, hint));
      return Place::elsewhere;
    case Misplaced::timeout_ignored:
      line.warning(fmt::format("'{}' will be ignored {}{}", line.keyword(), because, hint));
      return Place::elsewhere;
    case Misplaced::plain_ignored:
      line.warning(fmt::format("{} will be ignored {}{}", line.keyword(), because, hint));
      return Place::elsewhere;
    case Misplaced::refused:
      line.alert(fmt::format("'{}' not allowed {}.{}", line.keyword(), because, hint));
      return Place::refused;
    case Misplaced::silent: return Place::elsewhere;
    case Misplaced::read: break;
  }
  return Place::here;
}

bool is_judged_last(const Line& line, uint16_t sections, Misplaced misplaced) {
  const uint16_t section = line.context().section;
  return !(sections & section) && section != in_defaults &&
         (misplaced == Misplaced::plain_ignored || misplaced == Misplaced::timeout_ignored);
}

bool check_prefix(Line& line, Prefixes allowed) {
  if (line.prefix() == Prefix::none || allowed == Prefixes::no_and_default) return true;
  if (allowed == Prefixes::no && line.negated()) return true;
  constexpr std::string_view option = "option ";
  if (line.keyword().starts_with(option)) {
    line.report(Severity::alert, fmt::format("parsing [{}]: negation/default is not supported for option '{}'.",
                                             line.place(), line.keyword().substr(option.size())));
    return false;
  }
  line.report(Severity::alert,
              fmt::format("parsing [{}]: negation/default currently supported only for options, log, busy-polling, "
                          "set-dumpable, strict-limits, insecure-fork-wanted and numa-cpu-mapping.",
                          line.place()),
              0);
  return true;  // haproxy reads the line all the same, for its other errors
}

bool has_error_since(const Diagnostics& diagnostics, size_t before) {
  const auto& all = diagnostics.all();
  return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(),
                     [](const Diagnostic& d) { return d.is_error(); });
}

void refuse_planned(Line& line, size_t at) {
  line.alert(fmt::format("'{}' is not supported by ddbproxy yet.", line.keyword()), at);
}

bool refuse_own(Line& line, size_t at) {
  if (!line.context().options.portable) return false;
  line.alert(fmt::format("'{}' is a word of ddbproxy's own, which haproxy 2.6 does not know.", line.keyword()), at)
      .hint = "put it between '.if defined(DDBPROXY_VERSION)' and '.endif'";
  return true;
}

void note_unsupported(Line& line, size_t at, model::Proxy& proxy) {
  if (line.prefix() == Prefix::none)
    proxy.unsupported.push_back({line.where(at), line.keyword()});
  else
    std::erase_if(proxy.unsupported, [&](const auto& word) { return word.keyword == line.keyword(); });
}

bool check_count(Line& line, size_t at, int most) {
  const size_t first_extra = at + 1 + static_cast<size_t>(most);
  if (line.word(first_extra).empty()) return true;  // an empty word counts for none
  line.alert(fmt::format("'{}' cannot handle unexpected argument '{}'.", line.keyword(), line.word(first_extra)),
             first_extra);
  return false;
}

}  // namespace ddbproxy::config
