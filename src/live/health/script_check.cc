#include "live/health/script_check.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <sys/socket.h>

#include "base/text.h"
#include "live/backend.h"
#include "live/connect_failure.h"
#include "live/health/check_words.h"
#include "live/health/http_answer.h"
#include "live/health/http_check_request.h"
#include "live/proxy_fields.h"
#include "net/connector.h"
#include "net/proxy_protocol.h"
#include "net/socket.h"
#include "net/socks4.h"

namespace ddbproxy::live {

using model::CheckMethod;
using model::CheckStep;
using Kind = CheckStep::Kind;

namespace {

/// The script of a check that only connects.
const std::vector<CheckStep>& only_connect() {
  static const std::vector<CheckStep> steps = [] {
    CheckStep step{.kind = Kind::connect};
    step.connect.implicit = true;
    return std::vector{step};
  }();
  return steps;
}

bool has_formats(const model::CheckExpect& expect) {
  return expect.pattern.format || expect.name.text.format || (expect.value && expect.value->text.format) ||
         expect.on_success.text.format || expect.on_error.text.format;
}

/// Where the time stands in the hello of ssl-hello-chk.
constexpr size_t hello_time = 11;

}  // namespace

ScriptCheck::ScriptCheck(const Server& server, const CheckScript& script, net::Loop& loop, Listener& listener)
    : server_(server),
      script_(script),
      settings_(script.settings),
      steps_(settings_.method == CheckMethod::connection ? only_connect() : settings_.steps),
      loop_(loop),
      listener_(listener),
      limit_(server.backend().global().bufsize) {}

std::optional<CheckResult> ScriptCheck::start() {
  at_ = 0;
  memory_ = {.bufsize = static_cast<uint32_t>(limit_)};
  variables_.clear();
  return advance();
}

ScriptCheck::Ended ScriptCheck::advance() {
  for (; at_ < steps_.size(); ++at_) {
    switch (step().kind) {
      case Kind::comment: continue;
      case Kind::variable: script_.evaluator->run(*step().variable, moment()); continue;
      case Kind::connect: return connect();
      case Kind::send:
      case Kind::request:
        if (auto bytes = bytes_to_send())
          unsent_ = std::move(*bytes);
        else
          return CheckResult{
              .status = CheckStatus::l7_response,
              .description = fmt::format("tcp-check send : failed to build log-format string at step {}", number())};
        answer_.clear();
        memory_.description.clear();
        return send();
      case Kind::expect: {
        const Ended ended = expect();
        if (ended || !met_) return ended;
        continue;
      }
    }
  }
  return passed();
}

CheckMoment ScriptCheck::moment() {
  return {.server = server_, .fd = socket_.get(), .answer = answer_, .variables = variables_};
}

bool ScriptCheck::resolve(model::CheckText& text) {
  if (!text.format) return true;
  text.text = script_.evaluator->text(*text.format, moment());
  if (!text.hex) return true;
  auto bytes = base::read_hex(text.text);
  if (bytes) text.text = std::move(*bytes);
  return static_cast<bool>(bytes);
}

model::CheckRequest ScriptCheck::resolve(const model::CheckRequest& request) {
  model::CheckRequest resolved = request;
  resolve(resolved.uri);
  resolve(resolved.body);
  for (auto& [name, value] : resolved.headers) resolve(value);
  // As in haproxy, a header that comes to nothing is left out.
  std::erase_if(resolved.headers,
                [](const auto& header) { return header.second.format && header.second.text.empty(); });
  return resolved;
}

base::Result<model::CheckExpect> ScriptCheck::resolve(const model::CheckExpect& expect) {
  model::CheckExpect resolved = expect;
  if (!resolve(resolved.pattern))
    return base::Error{0, "Failed to parse hexastring resulting of eval of a log-format string"};
  if (resolved.pattern.format && resolved.pattern.text.empty())
    return base::Error{0, "log-format string evaluated to an empty string"};
  resolve(resolved.name.text);
  if (resolved.value) resolve(resolved.value->text);
  resolve(resolved.on_success.text);
  resolve(resolved.on_error.text);
  return resolved;
}

Address ScriptCheck::target() {
  const Server::CheckPlace& place = script_.place;
  const model::CheckConnect& connect = step().connect;
  const Address server = server_.address();
  Address to = !connect.address.empty() ? connect.address : place.address.empty() ? server : place.address;
  std::optional<int64_t> port;
  if (connect.port_expression) port = script_.evaluator->number(*connect.port_expression, moment());
  // A number that is none is cut to the size of one, as in haproxy.
  if (const uint16_t said = port ? static_cast<uint16_t>(*port) : connect.port)
    to.set_port(said);
  else if (connect.address.empty() || to.port() == 0) {
    if (place.port)
      to.set_port(place.port);
    else if (to.is_ip() && to.port() == 0)
      to.set_port(server.port());
  }
  return to;
}

// The server's own port expects from a check what it expects from a session.
bool ScriptCheck::sends_proxy_header() const {
  const model::CheckConnect& connect = step().connect;
  if (connect.send_proxy) return true;
  if (script_.of_agent || (!connect.implicit && !connect.server_defaults)) return false;
  const model::Server& config = server_.config();
  const bool own_place = script_.place.port == 0 && script_.place.address.empty();
  return config.check.send_proxy || (own_place && config.proxy_header.sent());
}

/// A server that is reached through a proxy may be checked without it.
bool ScriptCheck::goes_through_socks4() const {
  const model::Server& config = server_.config();
  if (config.socks4.empty()) return false;
  const model::CheckConnect& connect = step().connect;
  return connect.via_socks4 || ((connect.implicit || connect.server_defaults) && config.check.via_socks4);
}

// Only what we say next can carry the last packet of the handshake: a server that speaks first would wait for it.
bool ScriptCheck::hears_first() const {
  const auto silent = [](const CheckStep& step) {
    return step.kind == Kind::comment || step.kind == Kind::variable || (step.kind == Kind::send && step.data.empty());
  };
  size_t next = at_ + 1;
  while (next < steps_.size() && silent(steps_[next])) ++next;
  return next < steps_.size() && steps_[next].kind == Kind::expect;
}

ScriptCheck::Ended ScriptCheck::connect() {
  disconnect();
  const model::Backend& settings = server_.backend().settings();
  net::ConnectOptions options;
  options.source = server_.config().source ? &*server_.config().source : settings.source ? &*settings.source : nullptr;
  options.smart_connect = !hears_first();
  if (goes_through_socks4()) options.socks4 = &server_.config().socks4;
  options.network_namespace = server_.config().network_namespace;
  const Address to = target();
  net::ConnectStart start = net::start_connect(to, options);
  if (!start) {
    constexpr uint32_t unknown = 0;
    if (start.failure != net::ConnectFailure::no_socket) report_connect_failure(server_.backend(), to, start, unknown);
    const CheckResult result = connect_failure_result(to, start);
    return failed(result.status, result.description);
  }
  socket_ = std::move(start.fd);
  linger_ = step().connect.linger;
  listener_.connecting();
  event_.watch<&ScriptCheck::on_decided>(loop_, socket_.get(), EV_WRITE, *this);
  return std::nullopt;
}

void ScriptCheck::on_decided(short) {
  if (const int error = net::take_error(socket_.get()))
    return end(failed(CheckStatus::l4_connection, std::strerror(error)));
  listener_.connected();
  if (goes_through_socks4()) return ask_socks4();
  connected();
}

void ScriptCheck::ask_socks4() {
  const std::string request = net::socks4_request(target());
  awaits_socks4_ = true;
  if (::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
    return end(failed(CheckStatus::socket_error, "SOCKS4 Proxy write error during handshake"));
  event_.watch<&ScriptCheck::on_socks4_answer>(loop_, socket_.get(), EV_READ, *this);
}

void ScriptCheck::on_socks4_answer(short) {
  // Taken byte by byte as it comes, for what follows it is the server's.
  char bytes[net::socks4_answer_size];
  const ssize_t count = recv(socket_.get(), bytes, sizeof bytes - answer_.size(), 0);
  if (count < 0 && errno != EAGAIN && errno != EINTR)
    return end(failed(CheckStatus::socket_error,
                      fmt::format("SOCKS4 Proxy handshake aborted by server ({})", std::strerror(errno))));
  if (count > 0) answer_.append(bytes, static_cast<size_t>(count));
  if (count == 0) {
    // As in haproxy, an answer that was cut short is waited for until the time is up.
    if (answer_.empty()) end(failed(CheckStatus::socket_error, "SOCKS4 Proxy read error during handshake"));
    return;
  }
  if (answer_.size() < sizeof bytes)
    return event_.watch<&ScriptCheck::on_socks4_answer>(loop_, socket_.get(), EV_READ, *this);
  if (!net::grants_socks4(answer_)) return end(failed(CheckStatus::socket_error, "SOCKS4 Proxy deny the request"));
  awaits_socks4_ = false;
  answer_.clear();
  connected();
}

void ScriptCheck::connected() {
  if (sends_proxy_header()) {
    const model::ProxyHeaderOptions options = server_.config().proxy_header;
    const Address from = net::local_address(socket_.get());
    const Address to = goes_through_socks4() ? target() : net::peer_address(socket_.get());
    const std::string header = !options.has(model::ProxyHeaderOptions::v2) ? net::proxy_header_v1(from, to)
                               : server_.backend().global().pp2_never_send_local
                                   ? net::proxy_header_v2(from, to, fields_of(options))
                                   : net::proxy_header_v2({}, {}, fields_of(options));
    // Nothing was sent before, so it goes as a whole or the connection is gone.
    if (::send(socket_.get(), header.data(), header.size(), MSG_NOSIGNAL) < 0)
      return end(failed(CheckStatus::l4_connection, std::strerror(errno)));
  }
  ++at_;
  end(advance());
}

std::optional<std::string> ScriptCheck::bytes_to_send() {
  if (step().kind == Kind::request)
    return http_check_request(resolve(step().request), settings_.send_state ? server_state_words(server_) : "");
  model::CheckText text = step().data;
  if (!resolve(text)) return std::nullopt;
  std::string& bytes = text.text;
  if (settings_.stamped) {
    const auto now = static_cast<uint32_t>(std::time(nullptr));
    for (size_t i = 0; i < 4; ++i) bytes[hello_time + i] = static_cast<char>(now >> (24 - 8 * i));
  }
  return std::move(bytes);
}

ScriptCheck::Ended ScriptCheck::send() {
  while (!unsent_.empty()) {
    const ssize_t sent = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) {
      event_.watch<&ScriptCheck::on_writable>(loop_, socket_.get(), EV_WRITE, *this);
      return std::nullopt;
    }
    // What the server has said before it closed is still worth reading.
    if (sent < 0) break;
    unsent_.erase(0, static_cast<size_t>(sent));
  }
  unsent_.clear();
  ++at_;
  return advance();
}

void ScriptCheck::on_writable(short) { end(send()); }

Judgement ScriptCheck::judge_answer(bool whole) {
  const model::CheckExpect& expect = step().expect;
  Judgement judgement;
  if (answer_.empty() || !has_formats(expect)) {
    judgement = judge(expect, answer_, whole, number(), comment(), memory_);
  } else if (const auto resolved = resolve(expect)) {
    judgement = judge(*resolved, answer_, whole, number(), comment(), memory_);
  } else {
    return {Judgement::Outcome::failed,
            {.status = expect.error_status.value_or(CheckStatus::l7_response),
             .description = with_comment(resolved.error().text, comment())}};
  }
  if (expect.status_code && judgement.outcome != Judgement::Outcome::unknown)
    if (const auto code = script_.evaluator->number(*expect.status_code, moment()))
      memory_.code = judgement.result.code = static_cast<int>(*code);
  return judgement;
}

ScriptCheck::Ended ScriptCheck::expect() {
  if (is_farewell()) return CheckResult{.status = CheckStatus::l7_ok_conditionally, .passed = true, .code = 404};
  const bool whole = closed_ || answer_.size() >= limit_;
  const Judgement judgement = judge_answer(whole);
  met_ = judgement.outcome == Judgement::Outcome::met;
  switch (judgement.outcome) {
    case Judgement::Outcome::met: event_.remove(); break;
    case Judgement::Outcome::failed: {
      CheckResult result = judgement.result;
      result.passed = result.status == CheckStatus::l7_ok_conditionally;
      return result;
    }
    case Judgement::Outcome::unknown:
      // Some answers stay unknown when they are cut short, until the time is up.
      if (whole) {
        event_.remove();
        listener_.waits_in_vain(judgement.result.description);
      } else {
        event_.watch<&ScriptCheck::on_readable>(loop_, socket_.get(), EV_READ, *this);
      }
      break;
  }
  return std::nullopt;
}

void ScriptCheck::on_readable(short) {
  char bytes[4096];
  const ssize_t count = recv(socket_.get(), bytes, std::min(sizeof bytes, limit_ - answer_.size()), 0);
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) {
      event_.watch<&ScriptCheck::on_readable>(loop_, socket_.get(), EV_READ, *this);
      return;
    }
    // A reset after an answer is but its end.
    if (answer_.empty()) return end(failed(CheckStatus::socket_error, std::strerror(errno)));
  }
  if (count > 0)
    answer_.append(bytes, static_cast<size_t>(count));
  else
    closed_ = true;
  end(advance());
}

bool ScriptCheck::is_farewell() const {
  if (!settings_.disable_on_404 || settings_.method != CheckMethod::http) return false;
  if (server_.oper_state() == OperState::stopped) return false;
  const HttpAnswer answer = read_http_answer(answer_, closed_);
  return answer.code == 404 &&
         (answer.reading == HttpAnswer::Reading::head || answer.reading == HttpAnswer::Reading::whole);
}

CheckResult ScriptCheck::passed() const {
  const CheckStep* last = nullptr;
  for (const CheckStep& each : steps_)
    if (each.kind != Kind::comment && each.kind != Kind::variable) last = &each;
  CheckResult result{.status = CheckStatus::l7_ok, .passed = true, .code = memory_.code};
  if (last->kind == Kind::connect) result.status = CheckStatus::l4_ok;
  if (last->kind == Kind::expect) result.status = last->expect.ok_status.value_or(CheckStatus::l7_ok);
  result.twice = last->kind == Kind::expect && judged_by_protocol(last->expect.match);
  result.description = memory_.description;
  if (result.description.empty() && settings_.method == CheckMethod::tcp && !settings_.tcp_rules.empty())
    result.description = "(tcp-check)";
  return result;
}

CheckResult ScriptCheck::failed(CheckStatus status, std::string words) const {
  if (settings_.method == CheckMethod::tcp) words += place_words(step(), number(), comment());
  return {.status = status, .description = std::move(words)};
}

CheckResult ScriptCheck::time_out() {
  CheckStatus status = CheckStatus::l7_timeout;
  if (step().kind == Kind::connect && !awaits_socks4_) status = CheckStatus::l4_timeout;
  if (step().kind == Kind::expect) status = step().expect.timeout_status.value_or(status);
  const CheckResult result = failed(status, "");
  cancel();
  return result;
}

// The connection that no rule asks for is not counted.
size_t ScriptCheck::number() const {
  return steps_.front().kind == Kind::connect && steps_.front().connect.implicit ? at_ : at_ + 1;
}

std::string_view ScriptCheck::comment() const {
  if (!step().comment.empty()) return step().comment;
  for (size_t i = at_; i-- > 0;)
    if (steps_[i].kind == Kind::comment) return steps_[i].comment;
  return {};
}

// What it said may have decided the check before its end was read.
bool ScriptCheck::server_has_closed() const {
  char next;
  return closed_ || (!answer_.empty() && recv(socket_.get(), &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0);
}

void ScriptCheck::disconnect() {
  event_.remove();
  if (socket_ && !linger_ && !server_has_closed()) net::reset_on_close(socket_.get());
  socket_.reset();
  unsent_.clear();
  answer_.clear();
  closed_ = awaits_socks4_ = false;
}

void ScriptCheck::cancel() { disconnect(); }

void ScriptCheck::end(const Ended& ended) {
  if (!ended) return;
  disconnect();
  listener_.ended(*ended);
}

}  // namespace ddbproxy::live
