// Sessions: `show sess` and the commands that end them.
#include <cstdlib>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <memory>

#include "admin/age.h"
#include "admin/runs.h"
#include "admin/targets.h"
#include "live/state.h"
#include "stream/workers.h"

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
      stream.id, protocol(stream.facts.client), stream.facts.client.text(), stream.frontend,
      or_none(stream.backend, "<NONE>"), or_none(stream.server, "<none>"), age_text(stream.age.count() / 1000), expires,
      expires, stream.client_fd, stream.server_fd, expires, stream.facts.retries,
      stream.state == "connecting" ? expires : "");
}

/// The layout of haproxy's detailed form, as far as it has a meaning here.
std::string details(const StreamDescription& stream) {
  const sample::StreamFacts& facts = stream.facts;
  const auto accepted = std::chrono::floor<std::chrono::microseconds>(facts.accepted);
  const std::string expires = stream.expires_in.count() < 0 ? "<NEVER>" : seconds_left(stream.expires_in);
  return fmt::format(
      "{:#x}: [{:%d/%b/%Y:%H:%M:}{:%S}] id={} proto={} source={}\n"
      "  state={}, conn_retries={}, exp={}, age={}, idle={}\n"
      "  frontend={}, listener addr={}\n"
      "  backend={} addr={}\n"
      "  server={} addr={}\n"
      "  req: fd={} total={}\n"
      "  res: fd={} total={}\n",
      stream.id, fmt::localtime(std::chrono::system_clock::to_time_t(facts.accepted)), accepted.time_since_epoch(),
      facts.request_counter, protocol(facts.client), facts.client.text(), stream.state, facts.retries, expires,
      age_text(stream.age.count() / 1000), age_text(stream.idle.count() / 1000), stream.frontend,
      facts.frontend_address.text(), or_none(stream.backend, "<NONE>"), facts.backend_source.text(),
      or_none(stream.server, "<NONE>"), facts.server_address.text(), stream.client_fd, facts.bytes_in, stream.server_fd,
      facts.bytes_out);
}

/// An id as `show sess` prints it; 0 when it is none.
uint64_t session_id(const std::string& text) { return std::strtoull(text.c_str(), nullptr, 0); }

}  // namespace

Answer run_show_sess(Call& call) {
  stream::Workers* workers = call.runtime.services.workers;
  const uint64_t id = session_id(call.word(2));
  if (!workers) return id ? Answer::document("Session not found.\n") : Answer::done();
  const bool in_detail = id || call.word(2) == "all";
  std::function<bool(const stream::Stream&)> wanted;
  if (id) wanted = [id](const stream::Stream& stream) { return stream.id() == id; };

  Answer answer;
  answer.later = [workers, wanted, id, in_detail, &loop = call.runtime.control](Answer::Finish finish) {
    workers->describe_all(wanted, loop, [finish, id, in_detail](std::vector<StreamDescription> streams) {
      if (id && streams.empty()) return finish(Answer::document("Session not found.\n"));
      finish(Answer::pieces([all = std::make_shared<std::vector<StreamDescription>>(std::move(streams)), in_detail,
                             index = size_t{0}](std::string& out) mutable {
        if (index < all->size()) out += in_detail ? details((*all)[index]) : line((*all)[index]);
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
    workers->kill(id, stream::Kill::operator_, loop, [finish, none](bool found) { finish(found ? Answer() : none); });
  };
  return answer;
}

Answer run_shutdown_sessions_server(Call& call) {
  auto server = find_server(call, 3);
  if (!server) return server.error;
  if (stream::Workers* workers = call.runtime.services.workers)
    workers->kill_where([server = server.found](const stream::Stream& stream) { return stream.server() == server; },
                        stream::Kill::operator_);
  return Answer::done();
}

}  // namespace ddbproxy::admin
