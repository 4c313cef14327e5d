// Counts of frontends, backends and servers (manual 7.3.2).
#include <algorithm>

#include "live/backend.h"
#include "live/frontend.h"
#include "live/server.h"
#include "stream/extras.h"
#include "stream/fetches/tables.h"

namespace ddbproxy::stream {
namespace {

using live::Backend;
using live::Server;
using sample::Answer;
using sample::Argument;
using sample::Arguments;
using sample::Value;

const model::Proxy& proxy_of(const Evaluation& evaluation, const Argument& argument) {
  return *evaluation.generation.model().proxies[static_cast<size_t>(argument.index)];
}
Backend& backend_of(const Evaluation& evaluation, const Argument& argument) {
  return *evaluation.generation.backend_of(proxy_of(evaluation, argument));
}
live::Frontend& frontend_of(const Evaluation& evaluation, const Argument& argument) {
  return *evaluation.generation.frontend_of(proxy_of(evaluation, argument));
}
/// Null once `del server` has taken it away.
const Server* server_of(const Evaluation& evaluation, const Argument& argument) {
  const model::Proxy& proxy = proxy_of(evaluation, argument);
  return backend_of(evaluation, argument).look_up(proxy.backend->servers[static_cast<size_t>(argument.server)].name);
}

template <class F>
Answer of_backend(Evaluation& evaluation, Arguments arguments, Value& value, F number) {
  value.set_integer(static_cast<int64_t>(number(backend_of(evaluation, arguments[0]))));
  return Answer::found;
}
template <class F>
Answer of_frontend(Evaluation& evaluation, Arguments arguments, Value& value, F number) {
  value.set_integer(static_cast<int64_t>(number(frontend_of(evaluation, arguments[0]))));
  return Answer::found;
}
template <class F>
Answer of_server(Evaluation& evaluation, Arguments arguments, Value& value, F number) {
  const Server* server = server_of(evaluation, arguments[0]);
  if (!server) return Answer::absent;
  value.set_integer(static_cast<int64_t>(number(*server)));
  return Answer::found;
}

int64_t usable_servers(const Backend& backend) {
  return backend.active_servers() ? backend.active_servers() : backend.backup_servers();
}

Answer avg_queue(Evaluation& e, Arguments a, Value& v) {
  return of_backend(e, a, v, [](const Backend& backend) {
    const int64_t usable = usable_servers(backend), queued = backend.total_queue();
    return usable > 0 ? (queued + usable - 1) / usable : queued * 2;
  });
}
Answer be_conn(Evaluation& e, Arguments a, Value& v) {
  return of_backend(e, a, v, [](const Backend& backend) { return backend.current_sessions(); });
}
Answer be_sess_rate(Evaluation& e, Arguments a, Value& v) {
  return of_backend(e, a, v, [](Backend& backend) { return backend.session_rate.per_second(base::now()); });
}

/// Free slots, and with `queue` the places in queues, of the servers that are up; -1 when one has no limit.
int64_t free_slots(const Backend& backend, bool queue) {
  int64_t sum = 0;
  for (const auto& server : backend.servers()) {
    if (server->oper_state() == live::OperState::stopped || server->in_maintenance()) continue;
    const int64_t limit = server->maxconn(), line = server->config().maxqueue;
    if (!limit || (queue && !line)) return -1;
    sum += std::max<int64_t>(0, limit - server->current_sessions());
    if (queue) sum += std::max<int64_t>(0, line - server->current_queue());
  }
  return sum;
}
Answer be_conn_free(Evaluation& e, Arguments a, Value& v) {
  return of_backend(e, a, v, [](const Backend& backend) { return free_slots(backend, false); });
}
Answer connslots(Evaluation& e, Arguments a, Value& v) {
  return of_backend(e, a, v, [](const Backend& backend) { return free_slots(backend, true); });
}
Answer nbsrv(Evaluation& e, Arguments a, Value& v) { return of_backend(e, a, v, usable_servers); }
Answer queue(Evaluation& e, Arguments a, Value& v) {
  return of_backend(e, a, v, [](const Backend& backend) { return backend.total_queue(); });
}

Answer fe_conn(Evaluation& e, Arguments a, Value& v) {
  return of_frontend(e, a, v, [](const live::Frontend& frontend) { return frontend.current_sessions(); });
}
Answer fe_req_rate(Evaluation& e, Arguments a, Value& v) {
  return of_frontend(e, a, v, [](live::Frontend& frontend) { return frontend.request_rate.per_second(base::now()); });
}
Answer fe_sess_rate(Evaluation& e, Arguments a, Value& v) {
  return of_frontend(e, a, v, [](live::Frontend& frontend) { return frontend.session_rate.per_second(base::now()); });
}

Answer srv_conn(Evaluation& e, Arguments a, Value& v) {
  return of_server(e, a, v, [](const Server& server) { return server.current_sessions(); });
}
/// 2^31 - 1 of a server without a limit.
Answer srv_conn_free(Evaluation& e, Arguments a, Value& v) {
  return of_server(e, a, v, [](const Server& server) {
    const int64_t limit = server.maxconn();
    return limit ? std::max<int64_t>(0, limit - server.current_sessions()) : -1;
  });
}
Answer srv_is_up(Evaluation& e, Arguments a, Value& v) {
  const Answer answer = of_server(e, a, v, [](const Server& server) {
    return server.oper_state() != live::OperState::stopped && !server.in_maintenance();
  });
  v.type = sample::Type::boolean;
  return answer;
}
Answer srv_queue(Evaluation& e, Arguments a, Value& v) {
  return of_server(e, a, v, [](const Server& server) { return server.current_queue(); });
}
Answer srv_sess_rate(Evaluation& e, Arguments a, Value& v) {
  return of_server(e, a, v, [](const Server& server) { return server.session_rate.per_second(base::now()); });
}
Answer srv_uweight(Evaluation& e, Arguments a, Value& v) {
  return of_server(e, a, v, [](const Server& server) { return server.user_weight(); });
}
Answer srv_iweight(Evaluation& e, Arguments a, Value& v) {
  return of_server(e, a, v, [](const Server& server) { return server.initial_weight(); });
}
/// The weight of now, after slowstart.
Answer srv_weight(Evaluation& e, Arguments a, Value& v) {
  return of_server(e, a, v, [](const Server& server) {
    return (server.effective_weight() + live::weight_scale - 1) / live::weight_scale;
  });
}

Answer stopping(Evaluation& e, Arguments, Value& v) {
  v.set_boolean(e.state.process.stopping.load(std::memory_order_relaxed));
  return Answer::found;
}

const model::Rule* last_rule(const Evaluation& e) {
  const Extras* extras = e.its_extras ? e.its_extras->get() : nullptr;
  return extras ? extras->last_rule : nullptr;
}
Answer last_rule_file(Evaluation& e, Arguments, Value& v) {
  const model::Rule* rule = last_rule(e);
  if (!rule || !rule->where.file) return Answer::absent;
  v.set_string(rule->where.file->name);
  return Answer::found;
}
Answer last_rule_line(Evaluation& e, Arguments, Value& v) {
  const model::Rule* rule = last_rule(e);
  if (!rule) return Answer::absent;
  v.set_integer(rule->where.line);
  return Answer::found;
}

constexpr FetchFunction process_rows[] = {{"avg_queue", avg_queue},
                                          {"be_conn", be_conn},
                                          {"be_conn_free", be_conn_free},
                                          {"be_sess_rate", be_sess_rate},
                                          {"connslots", connslots},
                                          {"fe_conn", fe_conn},
                                          {"fe_req_rate", fe_req_rate},
                                          {"fe_sess_rate", fe_sess_rate},
                                          {"last_rule_file", last_rule_file},
                                          {"last_rule_line", last_rule_line},
                                          {"nbsrv", nbsrv},
                                          {"queue", queue},
                                          {"srv_conn", srv_conn},
                                          {"srv_conn_free", srv_conn_free},
                                          {"srv_is_up", srv_is_up},
                                          {"srv_iweight", srv_iweight},
                                          {"srv_queue", srv_queue},
                                          {"srv_sess_rate", srv_sess_rate},
                                          {"srv_uweight", srv_uweight},
                                          {"srv_weight", srv_weight},
                                          {"stopping", stopping}};

/// The backend or server that a text names, "backend/server" or "server" of the stream's own backend.
const Server* named_server(Evaluation& evaluation, std::string_view text) {
  const size_t slash = text.find('/');
  const live::Generation& generation = evaluation.generation;
  const Backend* backend = slash != text.npos   ? generation.find_backend(text.substr(0, slash))
                           : evaluation.backend ? &evaluation.backend->backend
                                                : nullptr;
  return backend ? backend->look_up(slash == text.npos ? text : text.substr(slash + 1)) : nullptr;
}

}  // namespace

constinit const std::span<const FetchFunction> process_answers = process_rows;

bool convert_by_name(Evaluation& evaluation, const sample::Converter& converter, Arguments arguments, Value& value) {
  if (converter.name == "nbsrv") {
    const Backend* backend = evaluation.generation.find_backend(value.text);
    if (backend) value.set_integer(usable_servers(*backend));
    return backend;
  }
  if (converter.name == "srv_queue") {
    const Server* server = named_server(evaluation, value.text);
    if (server) value.set_integer(server->current_queue());
    return server;
  }
  if (converter.name == "set-var") return evaluation.set_variable(*arguments[0].variable, value), true;
  if (converter.name == "unset-var") return evaluation.unset_variable(*arguments[0].variable), true;
  if (converter.name == "debug") return true;
  return convert_by_table(evaluation, converter, arguments, value);
}

}  // namespace ddbproxy::stream
