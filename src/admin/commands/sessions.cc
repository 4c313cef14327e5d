// Sessions: `show sess` and the commands that end them.
#include <algorithm>
#include <cstdlib>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <memory>

#include "admin/age.h"
#include "admin/runs.h"
#include "admin/targets.h"
#include "live/state.h"
#include "stream/census.h"

namespace ddbproxy::admin {
namespace {

using stream::StreamDescription;

std::string_view protocol(const Address& client) {
  switch (client.family()) {
    case AF_INET: return "tcpv4";
    case AF_INET6: return "tcpv6";
    case AF_UNIX: return "unix_stream";
    default: return "unknown";
  }
}

const std::string& or_none(const std::string& name, const std::string& none) { return name.empty() ? none : name; }

/// As haproxy names one end of a connection: that of a UNIX socket has no address of its own.
std::string text_of(const Address& address, uint32_t bind_id) {
  return address.is_unix() ? fmt::format("unix:{}", bind_id) : address.text();
}

std::string seconds_left(base::Milliseconds left) {
  return left.count() < 0 ? std::string() : age_text(left.count() / 1000);
}

/// haproxy's keys in haproxy's order. What has no meaning here stands at 0 or empty: the flags of channels and
/// conns, calls and the scheduler's figures.
std::string line(const StreamDescription& stream) {
  const std::string expires = seconds_left(stream.expires_in);
  return fmt::format(
      "{:#x}: proto={} src={} fe={} be={} srv={} ts=00 epoch=0 age={} calls=0 rate=0 cpu=0 lat=0 "
      "rq[f=0h,i=0,an=00h,rx={},wx=,ax=] rp[f=0h,i=0,an=00h,rx={},wx=,ax=] scf=[8,0h,fd={}] scb=[8,0h,fd={}] "
      "exp={} rc={} c_exp={}\n",
      stream.id, protocol(stream.facts.client), text_of(stream.facts.client, stream.facts.bind_id), stream.frontend,
      or_none(stream.backend, "<NONE>"), or_none(stream.server, "<none>"), age_text(stream.age.count() / 1000), expires,
      expires, stream.client_fd, stream.server_fd, expires, stream.facts.retries,
      stream.state == "connecting" ? expires : "");
}

template <class Half>
std::string id_and_mode(const Half* half) {
  if (!half) return "(id=-1 mode=-)";
  return fmt::format("(id={} mode={})", half->config().id, half->config().mode == model::Mode::http ? "http" : "tcp");
}

/// The layout of haproxy's detailed form, as far as it has a meaning here.
std::string details(const StreamDescription& stream, const live::State& state) {
  const sample::StreamFacts& facts = stream.facts;
  const auto accepted = std::chrono::floor<std::chrono::microseconds>(facts.accepted);
  const std::string expires = stream.expires_in.count() < 0 ? "<NEVER>" : seconds_left(stream.expires_in);
  const live::Frontend* frontend = state.find_frontend(stream.frontend);
  live::Backend* backend = state.find_backend(stream.backend);
  const live::Server* server = backend ? backend->find(stream.server) : nullptr;
  std::string text = fmt::format(
      "{:#x}: [{:%d/%b/%Y:%H:%M:}{:%S}] id={} proto={} source={}\n"
      "  flags=0x0, conn_retries={}, conn_exp={} conn_et=0x000 srv_conn=(nil), pend_pos=(nil) waiting={:d} epoch=0\n",
      stream.id, fmt::localtime(std::chrono::system_clock::to_time_t(facts.accepted)), accepted.time_since_epoch(),
      facts.request_counter, protocol(facts.client), text_of(facts.client, facts.bind_id), facts.retries,
      stream.state == "connecting" ? expires : "<NEVER>", stream.state == "queued");
  const bool unnamed = facts.bind_name.empty() || facts.bind_name == fmt::to_string(facts.bind_id);
  text += fmt::format("  frontend={} {}, listener={} (id={}) addr={}\n", stream.frontend,
                      frontend ? id_and_mode(frontend) : "(id=0 mode=tcp)", unnamed ? "?" : facts.bind_name,
                      facts.bind_id, text_of(facts.frontend_address, facts.bind_id));
  const auto at = [&](const Address& address) {
    return address.empty() ? std::string() : " addr=" + text_of(address, facts.bind_id);
  };
  text += fmt::format("  backend={} {}{}\n", or_none(stream.backend, "<NONE>"), id_and_mode(backend),
                      at(facts.backend_source));
  text += fmt::format("  server={} (id={}){}\n", or_none(stream.server, "<NONE>"),
                      server ? static_cast<int>(server->id()) : -1, at(facts.server_address));
  text += fmt::format(
      "  state={}, exp={}, age={}, idle={}\n"
      "  scf: fd={}\n"
      "  scb: fd={}\n"
      "  req: total={}\n"
      "  res: total={}\n",
      stream.state, expires, age_text(stream.age.count() / 1000), age_text(stream.idle.count() / 1000),
      stream.client_fd, stream.server_fd, facts.bytes_in, facts.bytes_out);
  return text;
}

/// An id as `show sess` prints it; 0 when it is none.
uint64_t session_id(const std::string& text) { return std::strtoull(text.c_str(), nullptr, 0); }

}  // namespace

Answer run_show_sess(Call& call) {
  stream::Workers* workers = call.runtime.services.workers;
  const uint64_t id = session_id(call.word(2));
  if (!workers) return id ? Answer::document("Session not found.\n") : Answer::done();
  const bool in_detail = id || call.word(2) == "all";
  // A connection between two requests has no stream in haproxy.
  std::function<bool(const stream::Stream&)> wanted = [](const stream::Stream& stream) {
    return !stream.between_requests();
  };
  if (id) wanted = [id](const stream::Stream& stream) { return stream.id() == id; };
  std::vector<StreamDescription> clients;
  if (call.runtime.describe_clients) clients = call.runtime.describe_clients();
  std::erase_if(clients, [id](const StreamDescription& client) { return id && client.id != id; });

  Answer answer;
  answer.later = [workers, wanted, id, in_detail, clients, &runtime = call.runtime](Answer::Finish finish) {
    stream::Census(*workers).describe_all(
        wanted, runtime.control, [=, &runtime](std::vector<StreamDescription> streams) {
          streams.insert(streams.end(), clients.begin(), clients.end());
          if (id && streams.empty()) return finish(Answer::document("Session not found.\n"));
          std::ranges::stable_sort(streams, {}, [](const StreamDescription& stream) { return stream.facts.accepted; });
          finish(Answer::pieces([all = std::make_shared<std::vector<StreamDescription>>(std::move(streams)), in_detail,
                                 &state = runtime.state, index = size_t{0}](std::string& out) mutable {
            if (index < all->size()) out += in_detail ? details((*all)[index], state) : line((*all)[index]);
            return ++index < all->size();
          }));
        });
  };
  return answer;
}

Answer run_shutdown_session(Call& call) {
  const uint64_t id = session_id(call.word(2));
  if (!id) return Answer::error("Session pointer expected (use 'show sess').\n");
  stream::Workers* workers = call.runtime.services.workers;
  const Answer none = Answer::error("No such session (use 'show sess').\n");
  if (!workers) return none;
  Answer answer;
  answer.later = [workers, id, none, &loop = call.runtime.control](Answer::Finish finish) {
    stream::Census(*workers).kill(id, stream::Kill::operator_, loop,
                                  [finish, none](bool found) { finish(found ? Answer() : none); });
  };
  return answer;
}

Answer run_shutdown_sessions_server(Call& call) {
  auto server = find_changeable_server(call, 3);
  if (!server) return server.error;
  if (stream::Workers* workers = call.runtime.services.workers)
    stream::Census(*workers).kill_where(
        [server = server.found](const stream::Stream& stream) { return stream.server() == server; },
        stream::Kill::operator_);
  return Answer::done();
}

}  // namespace ddbproxy::admin
