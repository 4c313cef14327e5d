#include "config/check_rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace ddbproxy::config {
namespace {

using model::CheckExpect;
using model::CheckStep;
using Kind = CheckStep::Kind;
using Steps = std::vector<CheckStep>;

/// Whether it does something with the connection.
bool is_deed(const CheckStep& step) { return step.kind != Kind::comment && step.kind != Kind::variable; }

/// The last step that does something; null when there is none.
const CheckStep* last_deed(const Steps& steps) {
  const auto found = std::find_if(steps.rbegin(), steps.rend(), is_deed);
  return found == steps.rend() ? nullptr : &*found;
}

/// The connect that the script begins with, if it says so; null otherwise.
const CheckStep* first_connect(const Steps& steps) {
  const auto found = std::find_if(steps.begin(), steps.end(), is_deed);
  return found != steps.end() && found->kind == Kind::connect ? &*found : nullptr;
}

CheckStep implicit_connect() {
  CheckStep step{.kind = Kind::connect};
  step.connect.implicit = true;
  return step;
}

/// What every HTTP answer must be when nothing else is asked of it.
CheckStep good_status() {
  CheckStep step{.kind = Kind::expect};
  step.expect.match = CheckExpect::Match::status;
  step.expect.codes = {{200, 399}};
  return step;
}

/// How haproxy counts the steps of an HTTP script in its complaints: it holds a request from the start, which the
/// first send behind a connect replaces.
size_t http_step_number(const Steps& rules) {
  bool connected = false, replaced = false;
  for (const CheckStep& rule : rules) {
    connected = connected || rule.kind == Kind::connect;
    replaced = replaced || (connected && rule.kind == Kind::request);
  }
  return rules.size() + (replaced ? 0 : 1);
}

/// The kind of step that an HTTP script lacks before `step`; empty when it may stand there.
std::string_view missing_before(const Steps& rules, const CheckStep& step) {
  const CheckStep* before = last_deed(rules);
  if (!before) return {};
  switch (step.kind) {
    case Kind::connect: return before->kind == Kind::expect ? "" : "expect";
    case Kind::request: return before->kind == Kind::connect ? "" : "connect";
    case Kind::expect: return before->kind == Kind::connect ? "send" : "";
    case Kind::send:
    case Kind::variable:
    case Kind::comment: break;
  }
  return {};
}

/// What `http-check send` does not say stands in `option httpchk` when it is the first request.
void fill_in(model::CheckRequest& request, const model::CheckRequest& from) {
  if (request.method.empty()) request.method = from.method;
  if (request.uri.empty()) request.uri = from.uri;
  if (request.version.empty()) request.version = from.version;
  if (request.headers.empty()) request.headers = from.headers;
  if (request.body.empty()) request.body = from.body;
}

Steps http_steps(const model::CheckSettings& checks) {
  Steps steps = checks.http_rules;
  const auto is = [](Kind kind) { return [kind](auto& step) { return step.kind == kind; }; };
  auto connect = std::find_if(steps.begin(), steps.end(), is(Kind::connect));
  if (connect == steps.end()) connect = steps.insert(steps.begin(), implicit_connect());
  const auto deed = std::find_if(connect + 1, steps.end(), is_deed);
  if (deed != steps.end() && deed->kind == Kind::request) {
    fill_in(deed->request, checks.http_request);
  } else {
    CheckStep send{.kind = Kind::request};
    send.request = checks.http_request;
    steps.insert(connect + 1, send);
  }
  if (last_deed(steps)->kind == Kind::request) steps.push_back(good_status());
  return steps;
}

const model::CheckRequest plain_request{.method = "OPTIONS", .version = "HTTP/1.0", .uri = {.text = "/"}};

bool is_inherited(const model::Proxy& proxy, const Location& where) {
  return where.file != proxy.where.file || where.line < proxy.where.line;
}

void drop_inherited(const model::Proxy& proxy, Steps& rules) {
  std::erase_if(rules, [&](const CheckStep& rule) { return is_inherited(proxy, rule.where); });
}

}  // namespace

void use_http_check(const Line& line, model::Proxy& proxy, std::optional<model::CheckRequest> said) {
  model::CheckSettings& checks = proxy.backend->checks;
  checks.method = model::CheckMethod::http;
  checks.http_request_where = line.where(0);
  drop_inherited(proxy, checks.http_rules);
  const auto send = std::find_if(checks.http_rules.begin(), checks.http_rules.end(),
                                 [](const CheckStep& rule) { return rule.kind == Kind::request; });
  if (send == checks.http_rules.end()) {
    checks.http_request = said.value_or(plain_request);
    fill_in(checks.http_request, plain_request);
  } else if (said) {
    // What comes later counts, and `http-check send` has taken over what was said before it.
    if (!said->method.empty()) send->request.method = said->method;
    if (!said->version.empty()) send->request.version = said->version;
    send->request.uri = said->uri;
  }
}

void add_check_rule(Line& line, model::Proxy& proxy, ScriptKind kind, CheckStep step) {
  model::CheckSettings& checks = proxy.backend->checks;
  Steps& rules = kind == ScriptKind::tcp ? checks.tcp_rules : checks.http_rules;
  drop_inherited(proxy, rules);
  if (step.kind == Kind::request) {
    // Like haproxy, a request of the section's own takes nothing over from its defaults.
    if (is_inherited(proxy, checks.http_request_where)) checks.http_request = plain_request;
    const CheckStep* before = last_deed(rules);
    if (!before || before == first_connect(rules)) fill_in(step.request, checks.http_request);
  }
  const CheckStep* before = last_deed(rules);
  const auto is_connect = [](const CheckStep& rule) { return rule.kind == Kind::connect; };
  if (step.kind == Kind::connect && before && std::none_of(rules.begin(), rules.end(), is_connect)) {
    line.alert(fmt::format("'{}' : first step MUST also be a 'connect', optionally preceded by a 'set-var', an "
                           "'unset-var' or a 'comment', when there is a 'connect' step in the tcp-check ruleset.",
                           line.keyword()),
               0);
    return;
  }
  if (kind == ScriptKind::http) {
    const std::string_view missing = missing_before(rules, step);
    if (!missing.empty()) {
      line.alert(fmt::format("'{}' : unable to add {} rule at step {} (missing {} rule)..", line.keyword(),
                             line.keyword(), http_step_number(rules), missing),
                 0);
      return;
    }
  }
  rules.push_back(std::move(step));
}

void complete_checks(model::CheckSettings& checks) {
  if (checks.method == model::CheckMethod::http) checks.steps = http_steps(checks);
  if (checks.method != model::CheckMethod::tcp) return;
  checks.steps = checks.tcp_rules;
  const auto is_connect = [](const CheckStep& rule) { return rule.kind == Kind::connect; };
  if (std::none_of(checks.steps.begin(), checks.steps.end(), is_connect))
    checks.steps.insert(checks.steps.begin(), implicit_connect());
}

}  // namespace ddbproxy::config
