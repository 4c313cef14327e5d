#include "config/log_format_reader.h"

#include <fmt/format.h>

#include "config/library.h"

namespace ddbproxy::config {
namespace {

using Expressions = std::vector<std::shared_ptr<sample::Expression>>;

void warn_of_bytes(Context& context, const Location& where, const Expressions& expressions) {
  for (const auto& each : expressions) {
    const std::string_view source = each->fetch().row->source.name;
    if (source == sample::sources::request_bytes.name || source == sample::sources::response_bytes.name)
      context.diagnostics.add(Severity::warning, where,
                              fmt::format("parsing [{}] : L6 sample fetch <{}]> ignored in HTTP log-format string.",
                                          where.file_and_line(), each->text()));
  }
}

/// The format, whose expressions are looked up later; or null, and why in `error`.
std::shared_ptr<const sample::LogFormat> compile(Context& context, std::string_view format, sample::FormatRules rules,
                                                 const Location& where, const model::Proxy* proxy, std::string_view use,
                                                 std::string& error, size_t& error_at) {
  rules.library = &context.library();
  Expressions expressions;
  auto parsed = sample::LogFormat::parse(format, rules, &error_at, &expressions);
  if (!parsed) {
    error = parsed.error().text;
    return nullptr;
  }
  for (const auto& each : expressions) {
    const sample::Fetch& fetch = *each->fetch().row;
    const bool of_http_log = rules.http && rules.log_line;
    if (sample::is_answered(fetch) && !of_http_log) continue;
    error = fmt::format("the fetch '{}' is not supported by ddbproxy {} yet", fetch.name,
                        of_http_log ? "in log lines of mode http" : "here");
    return nullptr;
  }
  // A head that is read later takes the place of the bytes.
  if (rules.places == sample::at(sample::Place::frontend_request_head)) warn_of_bytes(context, where, expressions);
  for (auto& each : expressions) context.library().refer(std::move(each), where, proxy, use);
  return std::make_shared<const sample::LogFormat>(std::move(*parsed));
}

}  // namespace

std::shared_ptr<const sample::LogFormat> compile_format(Context& context, const std::string& format,
                                                        const Location& where, std::string_view keyword,
                                                        sample::FormatRules rules, const model::Proxy& proxy,
                                                        std::string_view use) {
  std::string error;
  size_t error_at = 0;
  PatternLists& lists = context.library().lists;
  const PatternLists::Place before = lists.stand_at({where, &proxy});
  auto compiled = compile(context, format, rules, where, &proxy, use, error, error_at);
  lists.stand_at(before);
  if (!compiled)
    context.diagnostics.add(
        Severity::alert, where,
        fmt::format("Parsing [{}]: failed to parse {} : {}.", where.file_and_line(), keyword, error));
  return compiled;
}

std::shared_ptr<const sample::LogFormat> read_rule_format(Line& line, std::string_view format, const RuleFormat& rule) {
  Context& context = line.context();
  const Location where = line.where(line.position() - 1);
  const model::Proxy* proxy = context.draft ? context.draft->proxy : nullptr;
  size_t error_at = 0;
  Expressions expressions;
  const bool http = rule.judged_only && proxy && proxy->mode == model::Mode::http;
  auto parsed = sample::LogFormat::parse(
      format, {.http = http, .places = rule.places, .library = &context.library(), .log_line = false}, &error_at,
      &expressions);
  if (!parsed) {
    line.alert(parsed.error().text).where.column += static_cast<uint32_t>(error_at);
    return nullptr;
  }
  // In mode tcp these say something, too; 2.6 warns of them all the same.
  bool of_http = parsed->has("ST") || parsed->has("rt");
  for (const auto& each : expressions) {
    const sample::Fetch& fetch = *each->fetch().row;
    of_http |= fetch.source.http || fetch.source.name == sample::sources::http_request.name;
    if (rule.judged_only || (sample::is_answered(fetch) && !(rule.of_http_check && fetch.source.http))) continue;
    line.alert(fmt::format("the fetch '{}' is not supported by ddbproxy here yet", fetch.name));
    return nullptr;
  }
  if (proxy) context.http_references.note_format(*proxy, where, of_http);
  if (rule.of_messages) warn_of_bytes(context, where, expressions);
  for (auto& each : expressions) context.library().refer(std::move(each), where, proxy, rule.use);
  return std::make_shared<const sample::LogFormat>(std::move(*parsed));
}

}  // namespace ddbproxy::config
