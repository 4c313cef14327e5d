#include "stats/page.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "http/request_context.h"
#include "http/status.h"
#include "http/target.h"
#include "http/weight.h"
#include "stats/basic_auth.h"
#include "stats/dump.h"
#include "stats/html_page.h"
#include "stats/page_template.h"
#include "stats/update.h"

namespace ddbproxy::stats {
namespace {

constexpr char default_realm[] = "HAProxy Statistics";
// An action is named to who was led here by it, not to who looks at the same address later.
constexpr std::chrono::minutes remembered{1};

// A dump of the statistics as a body.
class DumpBody final : public http::Body {
 public:
  DumpBody(const live::State& state, Filter filter, Format format)
      : dump_(state, std::move(filter), format), one_line_(format == Format::json) {}
  bool next(std::string& out) override {
    const bool more = dump_.next(out);
    if (!more && one_line_) out += '\n';
    return more;
  }

 private:
  Dump dump_;
  bool one_line_;
};

// A body that is all there.
class TextBody final : public http::Body {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  bool next(std::string& out) override {
    out += text_;
    return false;
  }

 private:
  std::string text_;
};

bool may_change(const model::Stats& settings, const http::Request& request, live::State& state) {
  return std::any_of(settings.admin.begin(), settings.admin.end(),
                     [&](const model::Condition& condition) { return http::holds(condition, request, state); });
}

// The first rule that applies; null when there is none.
const model::AccessRule* access_rule(const model::Stats& settings, const http::Request& request, live::State& state) {
  const auto rule = std::find_if(settings.access.begin(), settings.access.end(), [&](const model::AccessRule& each) {
    return http::holds(each.condition, request, state);
  });
  return rule != settings.access.end() ? &*rule : nullptr;
}

// "http://host:port/path" is of this host; "null" is of none.
bool is_of(std::string_view address, std::string_view host) {
  const size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view authority = address.substr(scheme + 3);
  return base::equals_ignoring_case(authority.substr(0, authority.find_first_of("/?#")), host);
}

// Browsers say from which site a form is posted, old ones only in a Referer; scripts say nothing and are believed.
bool forged(const http::Request& request) {
  if (const auto site = request.header("sec-fetch-site")) return *site != "same-origin" && *site != "none";
  const auto host = request.header("host");
  auto from = request.header("origin");
  if (!from) from = request.header("referer");
  return host && from && !is_of(*from, *host);
}

Filter filter_of(const model::Proxy& proxy, const PageQuery& query) {
  Filter filter;
  filter.only_up = query.only_up;
  filter.no_maintenance = query.no_maintenance;
  filter.details = proxy.stats->show_legends;
  filter.name_contains = query.scope;
  filter.scope = proxy.stats->scope;
  std::replace(filter.scope.begin(), filter.scope.end(), std::string("."), proxy.name);
  return filter;
}

// haproxy 2.6 logs and counts its refusals as 400, with the bytes of the 400 that it made ready beside them.
void log_as_400(http::Response& response, const model::Proxy& proxy, const http::Request& request) {
  const http::Response beside = http::error_response(proxy, 400);
  response.refused = true;
  response.logged_status = 400;
  response.logged_more = http::head_weight(beside) + std::string_view("connectionclose").size();
  if (request.method() != "HEAD") response.logged_more += beside.text.size();
}

bool is_below(const model::Proxy& proxy, std::string_view path) {
  return proxy.stats && proxy.stats->enabled && path.starts_with(proxy.stats->uri);
}

}  // namespace

const model::Proxy* Page::wants(const live::FrontendConfig& frontend, const http::Request& request) const {
  constexpr std::array methods{"GET", "HEAD", "POST"};
  if (std::find(methods.begin(), methods.end(), request.method()) == methods.end()) return nullptr;
  const std::string_view path = http::without_host(request.target());
  if (is_below(frontend.proxy, path)) return &frontend.proxy;
  const live::BackendConfig* backend = frontend.default_backend;
  return backend && is_below(backend->proxy, path) ? &backend->proxy : nullptr;
}

bool Page::refuses(const model::Proxy& proxy, const http::Request& request) const {
  const model::AccessRule* rule = access_rule(*proxy.stats, request, state_);
  if (rule && rule->action != model::AccessRule::Action::allow) return true;
  return !authorized(request, proxy.stats->auth);
}

http::Response Page::respond(const model::Proxy& proxy, const http::Request& request) {
  const model::Stats& settings = *proxy.stats;
  if (const model::AccessRule* rule = access_rule(settings, request, state_)) {
    if (rule->action == model::AccessRule::Action::deny) return denied(proxy, request);
    if (rule->action == model::AccessRule::Action::auth) return unauthorized(proxy, request, rule->realm);
  }
  if (!authorized(request, settings.auth)) return unauthorized(proxy, request, settings.realm);
  if (request.method() == "POST") return change(settings, request);
  PageQuery query = read_query(http::without_host(request.target()), settings.uri);
  const bool just_now = base::now() - last_.at < remembered;
  if (just_now && query.outcome == last_.outcome && request.client.host() == last_.client) query.action = last_.words;
  return show(proxy, std::move(query), may_change(settings, request, state_));
}

void Page::answer(const model::Proxy& proxy, const http::Request& request, const Done& done) {
  const bool update = request.header(update_header) && request.method() != "POST" && state_.hooks.measure_traffic &&
                      read_query(http::without_host(request.target()), proxy.stats->uri).view == View::csv &&
                      !refuses(proxy, request);
  if (!update) return done(respond(proxy, request));
  state_.hooks.measure_traffic(
      [this, &proxy, request, done](const live::Traffic& traffic) { done(this->update(proxy, request, traffic)); });
}

// An open tab would fill the log with these; that it was opened is in it.
http::Response Page::update(const model::Proxy& proxy, const http::Request& request, live::Traffic traffic) {
  http::Response response;
  response.unlogged = true;
  response.headers = {{"cache-control", "no-cache"}, {"content-type", "text/plain"}};
  const PageQuery query = read_query(http::without_host(request.target()), proxy.stats->uri);
  response.body = std::make_unique<Update>(state_, process_, filter_of(proxy, query), std::move(traffic));
  return response;
}

http::Response Page::unauthorized(const model::Proxy& proxy, const http::Request& request,
                                  const std::optional<std::string>& realm) const {
  http::Response response = http::error_response(proxy, 401);
  std::erase_if(response.headers, [](const auto& header) { return header.first == "www-authenticate"; });
  response.headers.emplace_back("www-authenticate", fmt::format("Basic realm=\"{}\"", realm.value_or(default_realm)));
  log_as_400(response, proxy, request);
  return response;
}

http::Response Page::denied(const model::Proxy& proxy, const http::Request& request) const {
  http::Response response = http::error_response(proxy, 403);
  response.denied = true;
  log_as_400(response, proxy, request);
  return response;
}

http::Response Page::show(const model::Proxy& proxy, PageQuery query, bool admin) {
  const model::Stats& settings = *proxy.stats;
  const Filter filter = filter_of(proxy, query);
  http::Response response;
  response.headers.emplace_back("cache-control", "no-cache");
  const auto type = [&](std::string_view value) { response.headers.emplace_back("content-type", value); };
  switch (query.view) {
    case View::html:
      type("text/html");
      response.headers.emplace_back("content-security-policy", page_security_policy());
      response.headers.emplace_back("x-content-type-options", "nosniff");
      response.body = std::make_unique<HtmlPage>(state_, process_, proxy, query, filter, admin);
      break;
    case View::csv:
      type("text/plain");
      response.body = std::make_unique<DumpBody>(state_, filter, Format::csv);
      break;
    case View::typed:
      type("text/plain");
      response.body = std::make_unique<DumpBody>(state_, filter, Format::typed);
      break;
    case View::json:
      type("application/json");
      response.body = std::make_unique<DumpBody>(state_, filter, Format::json);
      break;
    case View::json_schema: {
      type("application/json");
      std::string schema;
      write_json_schema(schema);
      schema += '\n';
      response.body = std::make_unique<TextBody>(std::move(schema));
      break;
    }
  }
  // The page itself reloads by its script, or by a tag for browsers without.
  if (settings.refresh && !query.no_refresh && query.view != View::html)
    response.headers.emplace_back("refresh", std::to_string(settings.refresh->count() / 1000));
  return response;
}

http::Response Page::change(const model::Stats& settings, const http::Request& request) {
  const PageQuery query = read_query(http::without_host(request.target()), settings.uri);
  Outcome outcome = Outcome::none;
  if (!may_change(settings, request, state_) || forged(request)) {
    outcome = Outcome::denied;
  } else if (request.body_truncated) {
    outcome = Outcome::too_large;
  } else if (const auto form = read_form(request.body)) {
    outcome = apply(*form, state_);
    remember(request, outcome, *form);
  }
  http::Response response;
  response.status = 303;
  response.reason = "See Other";
  response.headers = {{"cache-control", "no-cache"},
                      {"content-type", "text/plain"},
                      {"content-length", "0"},
                      {"location", location(settings, query, outcome_row(outcome).code)}};
  return response;
}

void Page::remember(const http::Request& request, Outcome outcome, const AdminForm& form) {
  last_ = {request.client.host(), std::string(outcome_row(outcome).code), words_of(form, state_), base::now()};
}

}  // namespace ddbproxy::stats
