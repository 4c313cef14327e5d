#include "stream/rules.h"

#include <algorithm>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

#include "net/socket.h"
#include "sample/acl.h"
#include "sample/cast.h"
#include "sample/log_format.h"
#include "stream/name_wait.h"
#include "stream/sticking.h"

namespace ddbproxy::stream {
namespace {

using model::Rule;
using sample::Answer;
using sample::Type;
using sample::Value;

/// The address that a rule has set, with the port that it had.
void change_host(net::CompactAddress& address, const Address& before, net::CompactAddress& first, const Value& value) {
  if (first.empty()) first = net::CompactAddress(before);
  Address changed = value.address();
  changed.set_port(before.port());
  address = net::CompactAddress(changed);
}
void change_port(net::CompactAddress& address, const Address& before, net::CompactAddress& first, const Value& value) {
  if (first.empty()) first = net::CompactAddress(before);
  Address changed = before.is_ip() ? before : Address::ipv4(0, 0);
  changed.set_port(static_cast<uint16_t>(value.number));
  address = net::CompactAddress(changed);
}

void change_address(const Rule& rule, Evaluation& evaluation, bool of_connection) {
  using Action = Rule::Action;
  const bool source = rule.action == Action::set_src || rule.action == Action::set_src_port;
  const bool port = rule.action == Action::set_src_port || rule.action == Action::set_dst_port;
  net::CompactAddress* address = source ? evaluation.client : evaluation.destination;
  if (!address) return;
  Value value;
  const Answer answer = port ? rule.expression->evaluate_as(evaluation, value, Type::integer)
                             : rule.expression->evaluate_as(evaluation, value, Type::address);
  if (answer != Answer::found) return;
  const Address before = source || !address->empty() ? address->expand() : net::local_address(evaluation.client_fd);
  // What a rule on the connection changes is what it was from the beginning.
  net::CompactAddress unused;
  net::CompactAddress& first = of_connection ? unused
                               : source      ? evaluation.extras().first_client
                                             : evaluation.extras().first_destination;
  port ? change_port(*address, before, first, value) : change_host(*address, before, first, value);
}

/// Whether the tests of "set-var(name,ifempty)" allow it; all of those given must.
bool may_set(const Rule& rule, Evaluation& evaluation, const Value& value) {
  const auto wants = [&](Rule::VariableTest test) { return (rule.tests & test) != 0; };
  const bool is_text = value.type == Type::string || value.type == Type::binary;
  if (wants(Rule::if_empty) && !(is_text && value.text.empty())) return false;
  if (wants(Rule::if_not_empty) && is_text && value.text.empty()) return false;
  const bool exists = evaluation.has_variable(*rule.variable);
  if ((wants(Rule::if_exists) || wants(Rule::if_set)) && !exists) return false;
  if ((wants(Rule::if_not_exists) || wants(Rule::if_not_set)) && exists) return false;
  if (wants(Rule::if_gt) || wants(Rule::if_lt)) {
    Value before;
    if (evaluation.variable(*rule.variable, before) != Answer::found) return true;
    const bool numbers = before.type == Type::integer && value.type == Type::integer;
    if (wants(Rule::if_gt) && !(numbers ? value.number > before.number : value.text > before.text)) return false;
    if (wants(Rule::if_lt) && !(numbers ? value.number < before.number : value.text < before.text)) return false;
  }
  return true;
}

void capture(const Rule& rule, Evaluation& evaluation) {
  Value value;
  if (rule.expression->evaluate_as(evaluation, value, Type::string) != Answer::found) return;
  const auto& slots = evaluation.frontend->settings().request_captures;
  auto& captures = evaluation.extras().captures;
  captures.resize(slots.size());
  const auto slot = static_cast<size_t>(rule.number);
  captures[slot] = value.text.substr(0, slots[slot]);
}

void set_service_type(int fd, int64_t tos) {
  const auto value = static_cast<int>(tos & 0xff);
  if (!net::set_option(fd, IPPROTO_IP, IP_TOS, value)) net::set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, value);
}

void set_log_level(const Rule& rule, Evaluation& evaluation) {
  Extras& extras = evaluation.extras();
  extras.silent = rule.number < 0;
  if (!extras.silent) extras.log_level = static_cast<log::Level>(rule.number);
}

void set_priority(const Rule& rule, Evaluation& evaluation) {
  Value value;
  if (rule.expression->evaluate_as(evaluation, value, Type::integer) != Answer::found) return;
  live::Priority& priority = evaluation.extras().priority;
  const auto within = [&](int64_t most) { return std::clamp(value.number, -most, most); };
  if (rule.action == Rule::Action::set_priority_class)
    priority.priority_class = static_cast<int16_t>(within(live::Priority::most_class));
  else
    priority.offset = static_cast<int32_t>(within(live::Priority::most_offset));
}

/// For last_rule_line: as in haproxy, only of contents that clients send.
void note_end(const Rule& rule, Evaluation& evaluation) {
  if (evaluation.generation.model().tells_last_rule && evaluation.has_request) evaluation.extras().last_rule = &rule;
}

/// An action that goes on with the next rule.
void carry_out(const Rule& rule, Evaluation& evaluation, bool of_connection) {
  using Action = Rule::Action;
  switch (rule.action) {
    case Action::capture: return capture(rule, evaluation);
    case Action::set_dst:
    case Action::set_dst_port:
    case Action::set_src:
    case Action::set_src_port: return change_address(rule, evaluation, of_connection);
    case Action::set_log_level: return set_log_level(rule, evaluation);
    case Action::set_mark:
      net::set_option(evaluation.client_fd, SOL_SOCKET, SO_MARK, static_cast<int>(rule.number));
      return;
    case Action::sc_inc_gpc:
    case Action::sc_set_gpt: return change_tracked(rule, evaluation);
    case Action::set_priority_class:
    case Action::set_priority_offset: return set_priority(rule, evaluation);
    case Action::set_tos: return set_service_type(evaluation.client_fd, rule.number);
    case Action::set_var:
    case Action::set_var_fmt:
    case Action::unset_var:
      return change_variable(rule, evaluation, rule.format ? evaluation.facts() : sample::StreamFacts());
    default: return;
  }
}

}  // namespace

void change_variable(const Rule& rule, Evaluation& evaluation, const sample::StreamFacts& facts) {
  if (rule.action == Rule::Action::unset_var) return evaluation.unset_variable(*rule.variable);
  Value value;
  thread_local std::string text;
  if (rule.expression) {
    if (rule.expression->evaluate(evaluation, value) != Answer::found) return;
  } else {
    text.clear();
    rule.format->append(text, facts, sample::LineContext{.samples = &evaluation, .dashes = false});
    value.set_string(text);
  }
  if (may_set(rule, evaluation, value)) evaluation.set_variable(*rule.variable, value);
}

Decision run_rules(const model::Rules& rules, Evaluation& evaluation) {
  using Action = Rule::Action;
  const bool of_connection = &rules == &evaluation.frontend->settings().connection_rules;
  for (const Rule& rule : rules) {
    if (rule.condition) {
      const sample::Verdict verdict = rule.condition->evaluate(evaluation);
      if (verdict == sample::Verdict::not_yet) return Decision::not_yet;
      if (verdict == sample::Verdict::no) continue;
    }
    switch (rule.action) {
      case Action::accept: return note_end(rule, evaluation), Decision::pass;
      case Action::close: return Decision::close;
      case Action::reject: return note_end(rule, evaluation), Decision::reject;
      case Action::silent_drop: return note_end(rule, evaluation), Decision::drop;
      case Action::track_sc:
        if (!track(rule, evaluation)) return Decision::not_yet;
        break;
      case Action::do_resolve:
        if (!resolve_name(rule, evaluation)) return Decision::not_yet;
        break;
      case Action::expect_netscaler: evaluation.expected_headers |= Guest::netscaler; break;
      case Action::expect_proxy: evaluation.expected_headers |= Guest::proxy; break;
      default: {
        // As in haproxy, what these compute does not wait for more bytes.
        const bool final = std::exchange(evaluation.final, true);
        carry_out(rule, evaluation, of_connection);
        evaluation.final = final;
        break;
      }
    }
    evaluation.scratch.clear();
  }
  return Decision::pass;
}

void silence(int fd) {
  // Who may repair connections may also forget one; else what is sent at the end dies at the first router.
  if (net::set_option(fd, IPPROTO_TCP, TCP_REPAIR, 1)) return;
  net::set_option(fd, IPPROTO_IP, IP_TTL, 1);
  net::set_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 1);
  net::reset_on_close(fd);
}

}  // namespace ddbproxy::stream
