#include "config/validate.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

#include "base/cpus.h"
#include "config/error_pages.h"
#include "config/http_words.h"
#include "config/log_format_reader.h"
#include "config/server_resolver.h"
#include "config/suggest.h"
#include "sample/expression.h"

namespace ddbproxy::config {
namespace {

using model::Algorithm;
using model::CheckMethod;
using model::LogStyle;
using model::Mode;
using model::Proxy;

void check_timeouts(Context& context, const Proxy& proxy) {
  const auto missing = [](const model::Duration& timeout) {
    return timeout.value_or(model::Milliseconds(0)).count() == 0;
  };
  const model::Timeouts& t = proxy.timeouts;
  const bool of_client = proxy.frontend && missing(t.client);
  const bool of_server = proxy.backend && !proxy.backend->servers.empty() &&
                         (missing(t.connect) || (missing(t.server) && (proxy.mode == Mode::http || missing(t.tunnel))));
  if (of_client || of_server)
    context.diagnostics.add(
        Severity::warning, proxy.where,
        fmt::format("missing timeouts for {} '{}'.\n"
                    "   | While not properly invalid, you will certainly encounter various problems\n"
                    "   | with such a configuration. To fix this, please ensure that all following\n"
                    "   | timeouts are set to a non-zero value: 'client', 'connect', 'server'.",
                    proxy.kind(), proxy.name));
}

/// The checks of one proxy, in the order in which haproxy 2.6 says its warnings.
class ProxyChecks {
 public:
  ProxyChecks(Context& context, Proxy& proxy) : context_(context), proxy_(proxy) {}

  void run() {
    const bool http = proxy_.mode == Mode::http;
    if (!http) warn_early();
    if (!http) fall_back_from_http();
    if (proxy_.frontend && proxy_.frontend->binds.empty())
      warn(proxy_.where,
           fmt::format("{} has no 'bind' directive. Please declare it as a backend if this was intended.", who()));
    check_threads();
    judge_direct();
    judge_scripts();
    context_.user_groups.resolve(context_, proxy_);
    look_for_fcgi_app();
    check_default_backend();
    check_timeouts(context_, proxy_);
    check_fast_open();
    warn_of_haste();
    judge_rules(CheckMethod::tcp, "tcp-check", "tcp-check");
    if (!http) context_.http_references.judge_formats(context_, proxy_);
    check_log();
    check_stats();
    if (!http) warn_late();
    if (http) refuse_http();
    check_servers();
  }

 private:
  std::string who() const { return fmt::format("{} '{}'", proxy_.kind(), proxy_.name); }
  void warn(Location where, std::string text) { context_.diagnostics.add(Severity::warning, where, std::move(text)); }
  void alert(Location where, std::string text) { context_.diagnostics.add(Severity::alert, where, std::move(text)); }

  /// The first kept word that is `keyword` or begins with it and a blank; null when there is none.
  const model::Unsupported* kept(std::string_view keyword) const {
    for (const model::Unsupported& word : proxy_.unsupported)
      if (word.keyword == keyword || (word.keyword.starts_with(keyword) && word.keyword[keyword.size()] == ' '))
        return &word;
    return nullptr;
  }
  /// Whether the word stands in the proxy's own section, not in its defaults.
  bool own(const Location& where) const { return where.file == proxy_.where.file && where.line > proxy_.where.line; }
  bool has_side(Side side) const {
    return side == Side::any || (side == Side::frontend ? proxy_.frontend.has_value() : proxy_.backend.has_value());
  }
  void warn_of(const IgnoredInTcp& row) {
    if (!has_side(row.side)) return;
    if (row.keyword.starts_with("http-")) return warn_of_rules(row);
    const auto* word = kept(row.keyword);
    if (word && row.keyword == "cookie" && !proxy_.backend && !own(word->where)) return;
    if (word)
      warn_of(row, word->where);
    else if (row.keyword == "monitor-uri" && proxy_.frontend && !proxy_.frontend->monitor.uri.empty())
      warn_of(row, proxy_.frontend->monitor.where);
  }
  void warn_of(const IgnoredInTcp& row, const Location& where) {
    warn(where, fmt::format(fmt::runtime(row.text), fmt::arg("who", who()), fmt::arg("word", row.keyword)));
  }
  /// Those that stand in defaults are passed over without a word.
  void warn_of_rules(const IgnoredInTcp& row) {
    for (const model::Unsupported& word : proxy_.unsupported)
      if (word.keyword.starts_with(row.keyword) && word.keyword[row.keyword.size()] == ' ' && own(word.where))
        return warn_of(row, word.where);
    if (row.keyword == "http-request")
      for (const model::ServiceRule& rule : proxy_.services)
        if (own(rule.where)) return warn_of(row, rule.where);
  }

  void warn_early() {
    for (const IgnoredInTcp& row : ignored_in_tcp)
      if (row.early) warn_of(row);
  }
  static bool looks_at_contents(const model::Rule& rule) {
    if (!rule.expression) return false;
    const sample::Source& source = rule.expression->fetch().row->source;
    return source.http || source.name.starts_with(sample::sources::request_bytes.name) ||
           source.name == sample::sources::http_request.name;
  }
  /// Of rules on contents that nobody waits for.
  void warn_of_haste() {
    using Action = model::Rule::Action;
    if (proxy_.request_inspect_delay.value_or(model::Milliseconds(0)).count() > 0) return;
    for (const model::Rule& rule : proxy_.request_rules) {
      // Without its table a rule that tracks is wrong as it is.
      const bool tracks = rule.action == Action::track_sc && context_.find_table(rule.table.name.value_or(proxy_.name));
      if (!(tracks || rule.action == Action::capture) || !looks_at_contents(rule)) continue;
      warn(
          proxy_.where,
          fmt::format("{} : a '{}' rule explicitly depending on request contents without any 'tcp-request "
                      "inspect-delay' setting. This means that this rule will randomly find its contents. This can "
                      "be fixed by setting the tcp-request inspect-delay.",
                      who(), rule.action == Action::capture ? "tcp-request capture" : "tcp-request content track-sc*"));
    }
  }
  void warn_late() {
    if (proxy_.stats)
      warn(proxy_.where, fmt::format("'stats' statement ignored for {} as it requires HTTP mode.", who()));
    for (const IgnoredInTcp& row : ignored_in_tcp)
      if (!row.early) warn_of(row);
  }

  void check_threads() {
    if (!proxy_.frontend) return;
    const int configured = context_.model->global.nbthread;
    const int count = configured ? configured : std::min(base::usable_cpus(), 64);
    for (const model::Bind& bind : proxy_.frontend->binds) {
      if (!bind.threads || bind.threads & ~uint64_t{0} >> (64 - count)) continue;
      alert(bind.where, fmt::format("Proxy '{}': 'thread' directive {} in 'bind {}' at [{}].", proxy_.name,
                                    bind.thread_group ? "only references threads not belonging to the group"
                                                      : "contains threads that belong to no group",
                                    bind.text, bind.where.file_and_line()));
    }
  }

  /// What stands in the place of servers has no effect where `balance` is said.
  void judge_direct() {
    if (!proxy_.backend || !proxy_.backend->balance.said) return;
    if (proxy_.backend->transparent)
      return alert(proxy_.where, fmt::format("{} cannot use both transparent and balance mode.", who()));
    if (proxy_.backend->dispatch.empty()) return;
    warn(proxy_.where, fmt::format("dispatch address of {} will be ignored in balance mode.", who()));
    proxy_.backend->dispatch = {};
  }

  void fall_back_from_http() {
    if (proxy_.backend) {
      model::Balance& balance = proxy_.backend->balance;
      if (balance.algorithm == Algorithm::uri || balance.algorithm == Algorithm::url_param ||
          balance.algorithm == Algorithm::hdr) {
        warn(proxy_.where,
             fmt::format("Layer 7 hash not possible for {} (needs 'mode http'). Falling back to round robin.", who()));
        balance.algorithm = Algorithm::roundrobin;
        balance.text = "roundrobin";
      }
    }
    const LogStyle style = proxy_.log.style;
    if (style != LogStyle::http && style != LogStyle::http_clf && style != LogStyle::https) return;
    proxy_.log.style = LogStyle::tcp;
    // A backend inherits the option without a word.
    const Location& where = proxy_.log.format_where;
    if (!proxy_.frontend && (where.file != proxy_.where.file || where.line < proxy_.where.line)) return;
    warn(where,
         fmt::format(
             "parsing [{}] : 'option {}' not usable with {} (needs 'mode http'). Falling back to 'option tcplog'.",
             where.file_and_line(), style == LogStyle::https ? "httpslog" : "httplog", who()));
  }

  /// Words that have an effect only beside another one.
  void judge_scripts() {
    judge_rules(CheckMethod::http, "http-check", "httpchk");
    judge_http_settings();
    judge_alerts();
    if (proxy_.backend) judge_program(proxy_.backend->checks);
  }

  void judge_alerts() {
    model::EmailAlerts& alerts = proxy_.email_alerts;
    if (!alerts.where.file) return;
    if (!alerts.has_from || !alerts.has_to || !alerts.has_mailers)
      return warn(
          alerts.where,
          fmt::format(
              "'email-alert' will be ignored for {} (the presence any of 'email-alert from', 'email-alert level' "
              "'email-alert mailers', 'email-alert myhostname', or 'email-alert to' requires each of 'email-alert "
              "from', 'email-alert mailers' and 'email-alert to' to be present).",
              who()));
    const auto& sections = context_.model->mailers;
    const auto found = std::ranges::find(sections, alerts.mailers, &model::Mailers::name);
    if (found != sections.end()) {
      alerts.section = static_cast<int>(found - sections.begin());
      return;
    }
    Suggestion suggestion(alerts.mailers);
    for (const model::Mailers& each : sections) suggestion.consider(each.name);
    context_.diagnostics
        .add(Severity::alert, alerts.where,
             fmt::format("Proxy '{}': unable to find mailers '{}'.", proxy_.name, alerts.mailers))
        .suggestion = suggestion.best();
  }

  /// Steps of a script whose option is not set have no effect; those of a set one must all be known.
  void judge_rules(CheckMethod method, std::string_view word, std::string_view option) {
    if (!proxy_.backend) return;
    const model::CheckSettings& checks = proxy_.backend->checks;
    const Location& idle = method == CheckMethod::http ? checks.idle_http_rule : checks.idle_tcp_rule;
    const auto* unknown = kept(word);
    if (checks.method == method) {
      if (unknown) refuse(*unknown);
      return;
    }
    const Location* where = idle.file ? &idle : unknown ? &unknown->where : nullptr;
    if (where && own(*where))
      warn(*where, fmt::format("{} uses {} rules without 'option {}', so the rules are ignored.", who(), word, option));
  }

  /// Settings of another check than the one that was asked for.
  void judge_http_settings() {
    for (const model::Unsupported& word : proxy_.unsupported)
      if (word.keyword == "http-check") warn_of_http_setting(word.argument);
    if (!proxy_.backend) return;
    const model::CheckSettings& checks = proxy_.backend->checks;
    if (checks.rules_of == CheckMethod::connection || checks.rules_of == CheckMethod::http) return;
    for (const auto& [set, word] :
         {std::pair(checks.disable_on_404, "disable-on-404"), std::pair(checks.send_state, "send-state")})
      if (set) warn_of_http_setting(word);
  }
  void warn_of_http_setting(std::string_view word) {
    warn(proxy_.where, fmt::format("'{}' will be ignored for {} (requires 'option httpchk').", word, who()));
  }

  /// No such section can be there: a file that has one is refused before.
  void look_for_fcgi_app() {
    for (const model::Unsupported& word : proxy_.unsupported)
      if (word.keyword == "use-fcgi-app" && !word.argument.empty())
        alert(word.where, fmt::format("proxy '{}' : fcgi-app '{}' not found.", proxy_.name, word.argument));
  }

  void judge_program(const model::CheckSettings& checks) {
    const model::Global& global = context_.model->global;
    if (checks.method == CheckMethod::external) {
      const std::string proxy = fmt::format("Proxy '{}'", proxy_.name);
      if (!global.external_check)
        alert(proxy_.where,
              fmt::format("{} : 'option external-check' unable to find required 'global.external-check'.", proxy));
      if (checks.command.empty())
        alert(proxy_.where,
              fmt::format("{} : 'option external-check' unable to find required 'external-check command'.", proxy));
      if (!global.insecure_fork_wanted)
        warn(proxy_.where,
             fmt::format("{} : 'insecure-fork-wanted' not enabled in the global section, 'option external-check' will "
                         "likely fail.",
                         proxy));
      return;
    }
    if (!checks.command.empty())
      warn(checks.command_where,
           fmt::format("'external-check command' will be ignored for {} (requires 'option external-check').", who()));
    if (!checks.path.empty())
      warn(checks.path_where,
           fmt::format("'external-check path' will be ignored for {} (requires 'option external-check').", who()));
  }

  void check_default_backend() {
    if (proxy_.frontend && !proxy_.frontend->default_backend.empty() && proxy_.backend &&
        !proxy_.backend->servers.empty())
      warn(proxy_.frontend->default_backend_where,
           fmt::format(
               "In {}, the 'default_backend' rule always has precedence over the servers, which will never be used.",
               who()));
  }

  std::shared_ptr<const sample::LogFormat> compile(const std::string& format, const Location& where,
                                                   const char* keyword, const char* use) {
    if (format.empty() || !proxy_.frontend) return nullptr;
    return compile_format(context_, format, where, keyword, {.http = proxy_.mode == Mode::http}, proxy_, use);
  }

  void check_unique_id() {
    if (!proxy_.frontend || proxy_.frontend->unique_id_format.empty()) return;
    model::Frontend& frontend = *proxy_.frontend;
    const Location& where = frontend.unique_id_where;
    frontend.unique_id =
        compile_format(context_, frontend.unique_id_format, where, "unique-id",
                       {.http = proxy_.mode == Mode::http, .places = sample::at(sample::Place::frontend_request_head)},
                       proxy_, "unique-id-format string");
    if (proxy_.mode == Mode::http)
      alert(where, fmt::format("parsing [{}] : 'unique-id-format' is not supported by ddbproxy in mode http yet.",
                               where.file_and_line()));
  }

  void check_log() {
    model::LogSettings& log = proxy_.log;
    if (log.style == LogStyle::custom)
      log.compiled = compile(log.format, log.format_where, "log-format", "log-format string");
    log.compiled_sd = compile(log.sd_format, log.sd_format_where, "log-format-sd", "log-format-sd string");
    log.compiled_error =
        compile(log.error_format, log.error_format_where, "error-log-format", "error-log-format string");
    check_unique_id();
    if (proxy_.frontend && (log.style != LogStyle::default_ || !log.sd_format.empty()) && log.targets.empty())
      warn(log.format_where, fmt::format("log format ignored for {} since it has no log address.", who()));
  }

  void refuse(const model::Unsupported& word) {
    alert(word.where, fmt::format("parsing [{}] : '{}' is not supported by ddbproxy yet.", word.where.file_and_line(),
                                  word.keyword));
  }

  /// Points at what made it an HTTP proxy, which may stand in its defaults.
  void refuse_forwarding() {
    const Location& where = proxy_.mode_where.file ? proxy_.mode_where : proxy_.where;
    Diagnostic& said = context_.diagnostics.add(
        Severity::alert, where,
        fmt::format("parsing [{}] : {} : forwarding in mode http is not supported by ddbproxy yet.",
                    where.file_and_line(), who()));
    if (proxy_.where.line != where.line || proxy_.where.file != where.file)
      said.notes.push_back({proxy_.where, fmt::format("of {}", who())});
  }

  /// An HTTP proxy only answers by itself: statistics, or errors. What would change that, or what it answers, is
  /// refused.
  void refuse_http() {
    if (!proxy_.frontend) return;  // what reaches it is refused where it begins
    const model::Frontend& frontend = *proxy_.frontend;
    const bool forwards = (proxy_.backend && (!proxy_.backend->servers.empty() || proxy_.backend->transparent ||
                                              !proxy_.backend->dispatch.empty())) ||
                          !frontend.default_backend.empty() || !frontend.use_backend.empty();
    if (forwards) refuse_forwarding();
    if (!proxy_.request_rules.empty()) {
      const Location& where = proxy_.request_rules.front().where;
      alert(where, fmt::format("parsing [{}] : 'tcp-request content' is not supported by ddbproxy in mode http yet.",
                               where.file_and_line()));
    }
    for (const model::Unsupported& word : proxy_.unsupported)
      if (word.argument.empty() && !is_idle_without_servers(word.keyword)) refuse(word);
  }

  void check_stats() {
    if (proxy_.stats && !proxy_.stats->access.empty() && (proxy_.stats->realm || !proxy_.stats->auth.empty()))
      alert(proxy_.where,
            fmt::format("{}: stats 'auth'/'realm' and 'http-request' can't be used at the same time.", who()));
  }

  void check_fast_open() {
    if (!proxy_.backend) return;
    for (const model::Server& server : proxy_.backend->servers)
      if (server.tfo)
        warn(server.where,
             fmt::format(
                 "[{}] : 'server {}/{}' : server has tfo activated, the backend should be configured with at least "
                 "'conn-failure', "
                 "'empty-response' and 'response-timeout' or we wouldn't be able to retry the connection on failure.",
                 server.where.file_and_line(), proxy_.name, server.name));
  }

  void check_servers() {
    if (!proxy_.backend || proxy_.mode != Mode::tcp) return;
    const auto& source = proxy_.backend->source;
    if (source && !source->header.empty())
      warn(proxy_.where,
           fmt::format("{} : ignoring use of header {} as source IP in non-HTTP mode.", who(), source->header));
    for (const model::Server& server : proxy_.backend->servers) {
      if (!server.redir.empty())
        alert(server.where, fmt::format("{} : server cannot have cookie or redirect prefix in non-HTTP mode.", who()));
      if (!server.cookie.empty())
        warn(server.where,
             fmt::format("{} : ignoring cookie for server '{}' as HTTP mode is disabled.", who(), server.name));
      if (server.source && !server.source->header.empty())
        warn(server.where, fmt::format("{} : server {} cannot use header {} as source IP in non-HTTP mode.", who(),
                                       server.name, server.source->header));
    }
  }

  Context& context_;
  Proxy& proxy_;
};

/// haproxy gives up at the first proxy whose FastCGI application cannot serve it, even when it is disabled.
void check_fcgi(Context& context) {
  for (const auto& proxy : context.model->proxies)
    for (const model::Unsupported& word : proxy->unsupported) {
      if (word.keyword != "use-fcgi-app" || word.argument.empty()) continue;
      const char* text = proxy->mode == Mode::http ? "FCGI app configured but no FCGI server found."
                                                   : "FCGI application cannot be used in non-HTTP mode.";
      context.diagnostics.add(Severity::alert, word.where, fmt::format("proxy '{}': {}", proxy->name, text));
      return;
    }
}

/// What is missing when neither the server nor its check has a port; empty when the rules of the check say one.
/// `plain`: the backend has no rules.
std::string_view missing_port(const model::CheckSettings& checks, bool plain) {
  using Kind = model::CheckStep::Kind;
  if (plain) return ".";
  std::vector<const model::CheckStep*> steps;
  for (const model::CheckStep& step : checks.steps)
    if (step.kind != Kind::comment) steps.push_back(&step);
  const auto portless = [](const model::CheckStep* step) { return step->kind == Kind::connect && !step->connect.port; };
  if (steps.empty() || steps.front()->kind != Kind::connect || portless(steps.front()))
    return " nor tcp_check rule 'connect' with port information.";
  if (std::any_of(steps.begin(), steps.end(), portless))
    return ", and a tcp_check rule 'connect' with no port information.";
  return {};
}

bool has_check_port(const model::Server& server) {
  // 2.6 takes 0.0.0.0 and :: without a port, although there is none to check.
  if (server.address.is_any() && server.check.address.empty()) return true;
  return server.check.port || server.port || server.address.is_unix() || !server.host.empty() ||
         !server.resolution.service.empty();
}

std::string say_missing_port(const Proxy& proxy, const model::Server& server, std::string_view missing) {
  return fmt::format("config: {} '{}': server '{}' has neither service port nor check port{}", proxy.kind(), proxy.name,
                     server.name, missing);
}

/// A check needs a port. haproxy looks at the servers of all proxies last. Backends whose checks only connect share the
/// rule that the first of them has made, whether it has a server or not. A server that is looked up by name may learn
/// its port with its address.
void check_ports(Context& context) {
  bool shared = false;
  for (const auto& proxy : context.model->proxies) {
    if (proxy->disabled || !proxy->backend) continue;
    const model::CheckSettings& checks = proxy->backend->checks;
    const bool of_connection = checks.method == model::CheckMethod::connection;
    const bool plain = checks.method == model::CheckMethod::external || (of_connection && !shared);
    const std::string_view missing = missing_port(checks, plain);
    shared |= of_connection;
    for (const model::Server& server : proxy->backend->servers) {
      if (!server.check.enabled) continue;
      if (has_check_port(server) || missing.empty()) continue;
      context.diagnostics.add(Severity::alert, server.where, say_missing_port(*proxy, server, missing));
    }
  }
}

/// haproxy drops those that no proxy uses, those of the lines above first.
void warn_of_idle_mailers(Context& context) {
  const auto& sections = context.model->mailers;
  const auto& proxies = context.model->proxies;
  for (auto section = sections.rbegin(); section != sections.rend(); ++section) {
    const auto number = static_cast<int>(sections.rend() - section) - 1;
    if (std::ranges::none_of(proxies, [&](const auto& proxy) { return proxy->email_alerts.section == number; }))
      context.diagnostics.add(Severity::warning, section->where,
                              fmt::format("Removing incomplete section 'mailers {}'.", section->name));
  }
}

/// haproxy names no line.
void check_programs(Context& context) {
  const auto& programs = context.model->programs;
  for (const model::Program& program : programs)
    if (program.command.empty())
      context.diagnostics.add(Severity::alert, {},
                              fmt::format("The program section '{}' lacks a command to launch.", program.name));
  if (!programs.empty() && !context.options.master_worker && !context.model->global.master_worker)
    context.diagnostics.add(Severity::alert, {}, "Can't use a 'program' section without master worker mode.");
}

/// All threads must be in the only group, when it names any.
void check_thread_group(Context& context) {
  const model::Global& global = context.model->global;
  if (global.first_of_group == 0) return;
  const int threads =
      global.nbthread ? global.nbthread : std::min(base::usable_cpus(), static_cast<int>(model::max_threads));
  const int held = std::max(0, std::min(threads, global.last_of_group) - global.first_of_group + 1);
  if (held == threads) return;
  context.diagnostics.add(
      Severity::alert, {},
      fmt::format("Remaining unassigned threads found ({}) because all groups are in use. Please increase "
                  "'thread-groups', reduce 'nbthreads' or remove or extend 'thread-group' enumerations.",
                  threads - held));
}

}  // namespace

// While the proxy runs, every backend has its rule, and haproxy's words are those for rules.
std::string judge_check_port(const Proxy& proxy, const model::Server& server) {
  if (!server.check.enabled || has_check_port(server)) return {};
  const model::CheckSettings& checks = proxy.backend->checks;
  const std::string_view missing = missing_port(checks, checks.method == model::CheckMethod::external);
  return missing.empty() ? std::string() : say_missing_port(proxy, server, missing);
}

void validate(Context& context) {
  check_thread_group(context);
  check_programs(context);
  for (const auto& proxy : context.model->proxies)
    if (!proxy->disabled) ProxyChecks(context, *proxy).run();
  for (const auto& section : context.model->log_forwards)
    if (section->proxy->frontend->binds.empty() && section->datagram_binds.empty())
      context.diagnostics.add(
          Severity::warning, section->where,
          fmt::format("frontend '{}' has no 'bind' directive. Please declare it as a backend if this was intended.",
                      section->name));
  // haproxy has its rings the other way round.
  const auto& rings = context.model->rings;
  for (auto ring = rings.rbegin(); ring != rings.rend(); ++ring) {
    check_timeouts(context, *(*ring)->proxy);
    resolve_servers(context, *(*ring)->proxy);
  }
  check_fcgi(context);
  for (const auto& proxy : context.model->proxies)
    if (!proxy->disabled) context.http_references.find_caches(context, *proxy);
  warn_of_idle_mailers(context);
  check_ports(context);
  resolve_error_pages(context);
}

}  // namespace ddbproxy::config
