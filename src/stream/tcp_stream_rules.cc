// What rules make of a TCP stream: whether it goes on, and to which backend and server.
#include <algorithm>

#include "live/backend.h"
#include "live/balance/hash.h"
#include "net/pump_pool.h"
#include "sample/acl.h"
#include "sample/log_format.h"
#include "stream/rdp_cookie.h"
#include "stream/rules.h"
#include "stream/sticking.h"
#include "stream/tcp_stream.h"

namespace ddbproxy::stream {
namespace {

/// As much as haproxy's buffer holds: what does not fit there is not waited for.
size_t most_inspected(const model::Global& global) {
  return global.bufsize > global.maxrewrite ? global.bufsize - global.maxrewrite : 0;
}

void count_in(const auto& of_frontend, const auto& of_listener, const live::FrontendConfig& config,
              const live::Listener& listener) {
  (config.frontend.counters.local().*of_frontend).add();
  if (listener.counters) (listener.counters->local().*of_listener).add();
}

/// `force-persist`, unless an `ignore-persist` that holds stands before it.
bool is_forced(const std::vector<model::PersistRule>& rules, Evaluation& evaluation) {
  for (const model::PersistRule& rule : rules) {
    const bool holds = rule.condition->holds(evaluation);
    evaluation.scratch.clear();
    if (holds) return rule.force;
  }
  return false;
}

/// The name that a format makes.
std::string made_name(const sample::LogFormat& format, Evaluation& evaluation, const sample::StreamFacts& facts) {
  std::string name;
  format.append(name, facts, {.samples = &evaluation, .dashes = false});
  evaluation.scratch.clear();
  return name;
}

}  // namespace

Evaluation TcpStream::evaluation() {
  Evaluation made(worker_.scratch(), worker_.state(), record_.config());
  made.stream = this;
  made.backend = record_.backend() ? &record_.backend_config() : nullptr;
  made.server = record_.server();
  made.listener = &listener_;
  made.its_extras = &extras_;
  made.client = &client_address_;
  made.destination = &destination_;
  made.client_fd = client_.get();
  made.server_fd = server_.get();
  made.received_proxy = received_proxy_;
  return made;
}

/// From the beginning or a wait of the frontend's or the backend's rules to the choice of a server, or to the next
/// wait.
void TcpStream::route() {
  const live::FrontendConfig& config = record_.config();
  if (!record_.backend()) {
    if (!passes(config.proxy)) return;
    const live::BackendConfig* backend = choose_backend();
    if (!backend) return finish('S', 'C');
    record_.enter(*backend);
  }
  const live::BackendConfig& backend = record_.backend_config();
  if (&backend.proxy != &config.proxy && !passes(backend.proxy)) return;
  phase_ = Phase::queued;
  assign(nullptr);
  if (up_.source_ended() && phase_ != Phase::over) client_had_ended();
}

void TcpStream::resume() {
  if (phase_ == Phase::inspecting) return route();
  if (phase_ == Phase::established) relay();
}

/// Runs the rules on what has been sent. False: they wait, or that was the end of the stream.
bool TcpStream::passes(const model::Proxy& proxy) {
  if (proxy.request_rules.empty()) return true;
  const base::Instant now = base::now();
  const model::Duration& delay = proxy.request_inspect_delay;
  if (phase_ != Phase::inspecting) {
    phase_ = Phase::inspecting;
    phase_deadline_ = delay && delay->count() ? now + *delay : now;
  }
  Evaluation on = evaluation();
  const size_t most = most_inspected(record_.config().generation.global());
  on.worker = &worker_;
  on.has_request = true;
  on.request = up_.peek().substr(0, most);
  on.final = now >= phase_deadline_ || up_.source_ended() || !up_.has_room() || on.request.size() == most;
  const Decision decision = run_rules(proxy.request_rules, on);
  if (decision == Decision::not_yet) {
    arm(deadline());
    return false;
  }
  phase_ = Phase::queued;
  if (decision != Decision::reject && decision != Decision::drop) return true;
  deny(decision == Decision::drop);
  return false;
}

const live::BackendConfig* TcpStream::choose_backend() {
  const live::FrontendConfig& config = record_.config();
  const auto& rules = config.settings().use_backend;
  if (rules.empty()) return config.default_backend;
  Evaluation on = evaluation();
  on.final = on.has_request = true;
  on.request = up_.peek();
  for (const model::BackendRule& rule : rules) {
    const bool holds = !rule.condition || rule.condition->holds(on);
    on.scratch.clear();
    if (!holds) continue;
    if (!rule.format) return config.generation.backend_config(rule.index);
    // A name that no backend has leaves it to default_backend.
    const live::BackendConfig* named =
        config.generation.backend_config(made_name(*rule.format, on, facts(base::now())));
    return named ? named : config.default_backend;
  }
  return config.default_backend;
}

/// The server that the first of the backend's use-server rules names whose condition holds and whose server is usable;
/// null: that is for the balancing to say.
live::Server* TcpStream::wanted_server() {
  const live::BackendConfig& backend = record_.backend_config();
  const auto& rules = backend.settings().use_server;
  const std::string& cookie_name = backend.settings().persist_rdp_cookie;
  const bool sticks = !backend.settings().stick_rules.empty();
  const auto& persist_rules = backend.settings().persist_rules;
  if (rules.empty() && !sticks && cookie_name.empty() && persist_rules.empty()) return nullptr;
  Evaluation on = evaluation();
  on.final = on.has_request = true;
  on.request = up_.peek();
  forced_ = is_forced(persist_rules, on);
  on.keeps_to_down = backend.settings().persist || forced_;
  for (const model::ServerRule& rule : rules) {
    const bool holds = !rule.condition || rule.condition->holds(on);
    on.scratch.clear();
    if (!holds) continue;
    const std::string name = rule.format ? made_name(*rule.format, on, facts(base::now())) : rule.server;
    live::Server* server = backend.backend.look_up(name);
    if (!server) continue;
    const bool runs = server->oper_state() != live::OperState::stopped && !server->in_maintenance();
    if (!runs && !on.keeps_to_down) continue;
    return sticks ? find_sticky_server(on, server) : server;
  }
  live::Server* server = nullptr;
  std::string_view cookie;
  if (!cookie_name.empty() && find_rdp_cookie(on.request, cookie_name, cookie) == sample::Answer::found)
    server = server_of_rdp_cookie(cookie, backend.backend, on.keeps_to_down);
  return sticks ? find_sticky_server(on, server) : server;
}

std::optional<uint32_t> TcpStream::balance_hash() const {
  const model::Balance& balance = record_.backend_config().settings().balance;
  if (balance.algorithm != model::Algorithm::rdp_cookie) return {};
  std::string_view cookie;
  if (find_rdp_cookie(up_.peek(), balance.argument, cookie) != sample::Answer::found) return {};
  return live::hash_text(cookie, balance.function);
}

/// Its server has answered, and the rules on what it says have let that pass.
void TcpStream::learn() {
  if (record_.backend_config().settings().stick_rules.empty()) return;
  Evaluation on = evaluation();
  on.final = on.has_response = true;
  on.response = down_.peek();
  learn_server(on);
}

/// Runs the rules on what the server has sent. False: that was the end of the stream. While they wait nothing goes to
/// the client.
bool TcpStream::response_passes() {
  const model::Backend& settings = record_.backend_config().settings();
  const base::Instant now = base::now();
  if (!response_begun_) {
    response_begun_ = true;
    const model::Duration& delay = settings.response_inspect_delay;
    phase_deadline_ = delay && delay->count() ? now + *delay : now;
  }
  down_.run(worker_.pumps(), server_.get(), -1, now);
  Evaluation on = evaluation();
  const size_t most = most_inspected(record_.config().generation.global());
  on.has_response = true;
  on.response = down_.peek().substr(0, most);
  on.final = now >= phase_deadline_ || down_.source_ended() || !down_.has_room() || on.response.size() == most;
  const Decision decision = run_rules(settings.response_rules, on);
  if (decision == Decision::not_yet) return true;
  response_held_ = false;
  if (decision == Decision::pass) learn();
  if (decision == Decision::close) {
    // What it has said is not passed on, either.
    finish('-', '-');
    return false;
  }
  if (decision != Decision::reject && decision != Decision::drop) return true;
  count_in(&live::FrontendCounters::dresp, &live::ListenerCounters::dresp, record_.config(), listener_);
  record_.backend()->counters.local().dresp.add();
  if (record_.server()) record_.server()->counters.local().dresp.add();
  if (decision == Decision::drop) {
    silence(client_.get());
    client_failed_ = true;
  }
  finish('P', 'D');
  return false;
}

void TcpStream::deny(bool silently) {
  count_in(&live::FrontendCounters::dreq, &live::ListenerCounters::dreq, record_.config(), listener_);
  if (record_.backend()) record_.backend()->counters.local().dreq.add();
  if (silently) {
    silence(client_.get());
    client_failed_ = true;
  }
  finish('P', 'R');
}

/// The client left, or was silent for too long, before it was sent anywhere: it counts for default_backend.
void TcpStream::fail_in_request(char who) {
  if (phase_ == Phase::inspecting)
    count_in(&live::FrontendCounters::ereq, &live::ListenerCounters::ereq, record_.config(), listener_);
  if (!record_.backend() && record_.config().default_backend) record_.enter(*record_.config().default_backend);
  finish(who, 'R');
}

/// While rules wait for its bytes.
base::Instant TcpStream::request_deadline() const {
  const model::Duration& limit = record_.config().proxy.timeouts.client;
  return limit && limit->count() ? std::max(up_.last_read, record_.accepted()) + *limit : base::Instant::max();
}

}  // namespace ddbproxy::stream
