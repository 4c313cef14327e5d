#include "config/http_references.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/context.h"
#include "config/keyword.h"
#include "config/name_reader.h"
#include "config/rule_reader.h"
#include "config/stick_reader.h"

namespace ddbproxy::config {

using model::Proxy;

void HttpReferences::track(const RuleDraft& draft, const Line& line) { add(Kind::table, draft, line, ""); }

void HttpReferences::add(Kind kind, const RuleDraft& draft, const Line& line, std::string_view name,
                         std::string_view detail) {
  keep(line, {.kind = kind,
              .proxy = &draft.proxy,
              .ruleset = draft.ruleset,
              .where = line.where(line.position() - 1),
              .name = std::string(name),
              .detail = std::string(detail),
              .rule = draft.rule});
}

void HttpReferences::add_error_pages(const Proxy& proxy, const Line& line, std::string_view name, int status) {
  if (line.context().section == in_defaults) return;
  error_pages_[&proxy].push_back({line.where(line.position() - 1), std::string(name), {status}});
}

const std::vector<model::ErrorPagesUse>& HttpReferences::error_pages(const Proxy& proxy) const {
  static const std::vector<model::ErrorPagesUse> none;
  const auto known = error_pages_.find(&proxy);
  return known == error_pages_.end() ? none : known->second;
}

void HttpReferences::keep(const Line& line, Reference reference) {
  const bool defaults = line.context().section == in_defaults;
  (defaults ? of_defaults_ : references_[reference.proxy]).push_back(std::move(reference));
}

const std::vector<HttpReferences::Reference>& HttpReferences::of(const Proxy& proxy) const {
  static const std::vector<Reference> none;
  const auto known = references_.find(&proxy);
  return known == references_.end() ? none : known->second;
}

void HttpReferences::note_format(const Proxy& proxy, const Location& where, bool of_http) {
  Formats& formats = formats_[&proxy];
  formats.last = where;
  formats.of_http |= of_http;
}

void HttpReferences::inherit(const Proxy& proxy, const Proxy& base) {
  if (const auto known = formats_.find(&base); known != formats_.end()) formats_[&proxy] = Formats(known->second);
}

void HttpReferences::resolve(Context& context, Reference& reference) {
  const Proxy& proxy = *reference.proxy;
  const std::string& name = reference.name;
  const auto say = [&](std::string text) {
    context.diagnostics.add(Severity::alert, reference.where, fmt::format("Proxy '{}': {}", proxy.name, text));
  };
  switch (reference.kind) {
    case Kind::table: return resolve_tracked_table(context, proxy, reference.rule);
    case Kind::capture: {
      if (!proxy.frontend) return;  // the frontend that a client comes by has the slots
      const bool of_request = reference.ruleset == of_http_request;
      const auto& slots = of_request ? proxy.frontend->request_captures : proxy.frontend->response_captures;
      if (reference.rule.number < 0 || static_cast<size_t>(reference.rule.number) >= slots.size())
        say(fmt::format("unable to find capture id '{}' referenced by {} capture rule.", name,
                        of_request ? "http-request" : "http-response"));
      return;
    }
    case Kind::error_section: {
      const model::ErrorPages* section = context.find_error_pages(name);
      if (!section) return say(fmt::format("unknown http-errors section '{}' referenced by an http reply .", name));
      if (std::ranges::any_of(section->files, [&](const auto& page) { return page.code == reference.rule.number; }))
        return;
      context.diagnostics.add(
          Severity::warning, reference.where,
          fmt::format("Proxy '{}': status '{}' referenced by an http reply not declared in http-errors section '{}'.",
                      proxy.name, reference.rule.number, name));
      return;
    }
    case Kind::resolvers: return resolve_name_servers(context, proxy, name, reference.where);
    case Kind::tracing:
      return say(
          fmt::format("unable to find the OpenTracing filter '{}' used by the ot-group '{}'.", name, reference.detail));
    case Kind::agent:
      return say(
          fmt::format("unable to find SPOE engine '{}' used by the send-spoe-group '{}'.", name, reference.detail));
    case Kind::cache: return;  // see find_caches()
  }
}

void HttpReferences::resolve(Context& context, const Proxy& proxy) {
  const auto known = references_.find(&proxy);
  if (known == references_.end()) return;
  for (const uint8_t ruleset : {of_http_request, of_http_response, of_http_after_response})
    for (Reference& each : known->second)
      if (each.ruleset == ruleset) resolve(context, each);
}

void HttpReferences::resolve_defaults(Context& context) {
  for (Reference& each : of_defaults_)
    if (!each.proxy->disabled) resolve(context, each);
}

void HttpReferences::judge_formats(Context& context, const Proxy& proxy) const {
  const auto known = formats_.find(&proxy);
  if (known == formats_.end() || !known->second.of_http) return;
  Location where = known->second.last;
  const Location& log = proxy.log.format_where;
  if (log.file == where.file && log.line > where.line) where = log;
  context.diagnostics.add(
      Severity::warning, where,
      fmt::format("parsing [{}] : HTTP log/header format not usable with {} '{}' (needs 'mode http').",
                  where.file_and_line(), proxy.kind(), proxy.name));
}

void HttpReferences::find_caches(Context& context, const Proxy& proxy) const {
  for (const Reference& each : of(proxy))
    if (each.kind == Kind::cache)
      context.diagnostics.add(
          Severity::alert, each.where,
          fmt::format("config: {} '{}': unable to find the cache '{}' referenced by the filter 'cache'.", proxy.kind(),
                      proxy.name, each.name));
}

}  // namespace ddbproxy::config
