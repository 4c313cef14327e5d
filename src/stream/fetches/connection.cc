// What is known of the connections and the proxies of a stream (manual 7.3.3).
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "base/fd.h"
#include "live/backend.h"
#include "live/frontend.h"
#include "live/server.h"
#include "net/socket.h"
#include "stream/fetches/answers.h"
#include "stream/fetches/tables.h"

namespace ddbproxy::stream {
namespace {

using sample::Answer;
using sample::Arguments;
using sample::Value;

Answer address(Value& value, const Address& answer) {
  return value.set_address(answer) ? Answer::found : Answer::absent;
}
Answer port(Value& value, const Address& answer) {
  return answer.is_ip() ? give_integer(value, answer.port()) : Answer::absent;
}
/// A time limit in milliseconds; absent when there is none.
Answer limit(Value& value, const model::Duration& duration) {
  return duration && duration->count() ? give_integer(value, duration->count()) : Answer::absent;
}

// --- addresses of the client's side ---

Address client(const Evaluation& e) { return e.client ? e.client->expand() : Address(); }
Address destination(const Evaluation& e) {
  if (e.destination && !e.destination->empty()) return e.destination->expand();
  if (e.listener && e.listener->address.is_ip() && !e.listener->address.is_any()) return e.listener->address;
  return e.client_fd >= 0 ? net::local_address(e.client_fd) : Address();
}
/// As they were before set-src and set-dst.
Address first_client(const Evaluation& e) {
  const Extras* extras = e.its_extras ? e.its_extras->get() : nullptr;
  return extras && !extras->first_client.empty() ? extras->first_client.expand() : client(e);
}
Address first_destination(const Evaluation& e) {
  const Extras* extras = e.its_extras ? e.its_extras->get() : nullptr;
  return extras && !extras->first_destination.empty() ? extras->first_destination.expand() : destination(e);
}

/// One of this host's: only those can be bound.
bool is_local(Address where) {
  if (!where.is_ip()) return false;
  where.set_port(0);
  const base::Fd socket(::socket(where.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return socket && bind(socket.get(), where.data(), where.size()) == 0;
}

Answer src(Evaluation& e, Arguments, Value& v) { return address(v, client(e)); }
Answer src_port(Evaluation& e, Arguments, Value& v) { return port(v, client(e)); }
Answer src_is_local(Evaluation& e, Arguments, Value& v) { return give_boolean(v, is_local(client(e))); }
Answer dst(Evaluation& e, Arguments, Value& v) { return address(v, destination(e)); }
Answer dst_port(Evaluation& e, Arguments, Value& v) { return port(v, destination(e)); }
Answer dst_is_local(Evaluation& e, Arguments, Value& v) { return give_boolean(v, is_local(destination(e))); }
Answer fc_src(Evaluation& e, Arguments, Value& v) { return address(v, first_client(e)); }
Answer fc_src_port(Evaluation& e, Arguments, Value& v) { return port(v, first_client(e)); }
Answer fc_src_is_local(Evaluation& e, Arguments, Value& v) { return give_boolean(v, is_local(first_client(e))); }
Answer fc_dst(Evaluation& e, Arguments, Value& v) { return address(v, first_destination(e)); }
Answer fc_dst_port(Evaluation& e, Arguments, Value& v) { return port(v, first_destination(e)); }
Answer fc_dst_is_local(Evaluation& e, Arguments, Value& v) { return give_boolean(v, is_local(first_destination(e))); }

// --- the client's connection ---

/// In mode tcp nobody knows one.
Answer fc_http_major(Evaluation& e, Arguments, Value& v) {
  return e.frontend->proxy.mode == model::Mode::http ? give_integer(v, 1) : Answer::absent;
}
Answer fc_rcvd_proxy(Evaluation& e, Arguments, Value& v) { return give_boolean(v, e.received_proxy); }
Answer fc_err(Evaluation& e, Arguments, Value& v) { return give_integer(v, e.failure); }
Answer fc_err_str(Evaluation& e, Arguments, Value& v) { return give_text(v, e.failure_words); }
/// A field of the PROXY header that the client sent.
template <std::string Extras::*member>
Answer proxy_field(Evaluation& e, Arguments, Value& v) {
  const Extras* extras = e.its_extras ? e.its_extras->get() : nullptr;
  return extras && !(extras->*member).empty() ? give_text(v, extras->*member) : Answer::absent;
}
Answer unique_id(Evaluation& e, Arguments, Value& v) {
  const std::string_view id = e.unique_id();
  return id.empty() ? Answer::absent : give_text(v, id);
}
Answer no(Evaluation&, Arguments, Value& v) { return give_boolean(v, false); }

template <uint32_t tcp_info::*member>
Answer tcp_counter(Evaluation& e, Arguments, Value& v) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (e.client_fd < 0 || getsockopt(e.client_fd, IPPROTO_TCP, TCP_INFO, &info, &size)) return Answer::absent;
  return give_integer(v, info.*member);
}
/// In milliseconds, or in microseconds when that is asked for.
template <uint32_t tcp_info::*member>
Answer tcp_time(Evaluation& e, Arguments arguments, Value& v) {
  const Answer answer = tcp_counter<member>(e, arguments, v);
  if (arguments[0].text != "us") v.number /= 1000;
  return answer;
}

// --- listener and frontend ---

Answer so_id(Evaluation& e, Arguments, Value& v) {
  return e.listener ? give_integer(v, e.listener->id) : Answer::absent;
}
Answer so_name(Evaluation& e, Arguments, Value& v) {
  return e.listener && !e.listener->bind->name.empty() ? give_text(v, e.listener->bind->name) : Answer::absent;
}
Answer dst_conn(Evaluation& e, Arguments, Value& v) {
  return e.listener ? give_integer(v, e.listener->active->load(std::memory_order_relaxed)) : Answer::absent;
}
Answer fe_id(Evaluation& e, Arguments, Value& v) {
  return e.frontend ? give_integer(v, e.frontend->proxy.id) : Answer::absent;
}
Answer fe_name(Evaluation& e, Arguments, Value& v) {
  return e.frontend ? give_text(v, e.frontend->frontend.name()) : Answer::absent;
}
Answer fe_defbe(Evaluation& e, Arguments, Value& v) {
  const std::string& name = e.frontend->settings().default_backend;
  return name.empty() ? Answer::absent : give_text(v, name);
}
Answer fe_client_timeout(Evaluation& e, Arguments, Value& v) { return limit(v, e.frontend->proxy.timeouts.client); }

// --- backend and server ---

/// Until it is sent elsewhere, a stream is in its frontend.
const model::Proxy& stay(const Evaluation& e) { return e.backend ? e.backend->proxy : e.frontend->proxy; }

Answer be_id(Evaluation& e, Arguments, Value& v) { return give_integer(v, stay(e).id); }
Answer be_name(Evaluation& e, Arguments, Value& v) { return give_text(v, stay(e).name); }
Answer be_server_timeout(Evaluation& e, Arguments, Value& v) { return limit(v, stay(e).timeouts.server); }
Answer be_tunnel_timeout(Evaluation& e, Arguments, Value& v) { return limit(v, stay(e).timeouts.tunnel); }
Answer srv_id(Evaluation& e, Arguments, Value& v) {
  return e.server ? give_integer(v, e.server->id()) : Answer::absent;
}
Answer srv_name(Evaluation& e, Arguments, Value& v) {
  return e.server ? give_text(v, e.server->name()) : Answer::absent;
}

Address own(const Evaluation& e) { return e.server_fd >= 0 ? net::local_address(e.server_fd) : Address(); }
Address remote(const Evaluation& e) { return e.server_fd >= 0 ? net::peer_address(e.server_fd) : Address(); }
Answer bc_src(Evaluation& e, Arguments, Value& v) { return address(v, own(e)); }
Answer bc_src_port(Evaluation& e, Arguments, Value& v) { return port(v, own(e)); }
Answer bc_dst(Evaluation& e, Arguments, Value& v) { return address(v, remote(e)); }
Answer bc_dst_port(Evaluation& e, Arguments, Value& v) { return port(v, remote(e)); }
Answer bc_http_major(Evaluation& e, Arguments, Value& v) {
  return e.server_fd >= 0 && e.frontend->proxy.mode == model::Mode::http ? give_integer(v, 1) : Answer::absent;
}
Answer no_of_server(Evaluation& e, Arguments, Value& v) {
  return e.server_fd >= 0 ? give_boolean(v, false) : Answer::absent;
}
Answer bc_err(Evaluation& e, Arguments, Value& v) { return e.server_fd >= 0 ? give_integer(v, 0) : Answer::absent; }
Answer bc_err_str(Evaluation& e, Arguments, Value& v) {
  return e.server_fd >= 0 ? give_text(v, "Success") : Answer::absent;
}

Answer captured_request(Evaluation& e, Arguments arguments, Value& v) {
  const Extras* extras = e.its_extras ? e.its_extras->get() : nullptr;
  const auto slot = static_cast<size_t>(arguments[0].number);
  if (!extras || slot >= extras->captures.size() || extras->captures[slot].empty()) return Answer::absent;
  return give_text(v, extras->captures[slot]);
}

Answer prio_class(Evaluation& evaluation, Arguments, Value& value) {
  value.set_integer(evaluation.priority().priority_class);
  return Answer::found;
}
Answer prio_offset(Evaluation& evaluation, Arguments, Value& value) {
  value.set_integer(evaluation.priority().offset);
  return Answer::found;
}

constexpr FetchFunction connection_rows[] = {{"bc_dst", bc_dst},
                                             {"bc_dst_port", bc_dst_port},
                                             {"bc_err", bc_err},
                                             {"bc_err_str", bc_err_str},
                                             {"bc_http_major", bc_http_major},
                                             {"bc_src", bc_src},
                                             {"bc_src_port", bc_src_port},
                                             {"be_id", be_id},
                                             {"be_name", be_name},
                                             {"be_server_timeout", be_server_timeout},
                                             {"be_tunnel_timeout", be_tunnel_timeout},
                                             {"capture.req.hdr", captured_request},
                                             {"cur_server_timeout", be_server_timeout},
                                             {"cur_tunnel_timeout", be_tunnel_timeout},
                                             {"dst", dst},
                                             {"dst_conn", dst_conn},
                                             {"dst_is_local", dst_is_local},
                                             {"dst_port", dst_port},
                                             {"fc_dst", fc_dst},
                                             {"fc_dst_is_local", fc_dst_is_local},
                                             {"fc_dst_port", fc_dst_port},
                                             {"fc_err", fc_err},
                                             {"fc_err_str", fc_err_str},
                                             {"fc_fackets", tcp_counter<&tcp_info::tcpi_fackets>},
                                             {"fc_http_major", fc_http_major},
                                             {"fc_lost", tcp_counter<&tcp_info::tcpi_lost>},
                                             {"fc_pp_authority", proxy_field<&Extras::proxy_authority>},
                                             {"fc_pp_unique_id", proxy_field<&Extras::proxy_unique_id>},
                                             {"fc_rcvd_proxy", fc_rcvd_proxy},
                                             {"fc_reordering", tcp_counter<&tcp_info::tcpi_reordering>},
                                             {"fc_retrans", tcp_counter<&tcp_info::tcpi_retrans>},
                                             {"fc_rtt", tcp_time<&tcp_info::tcpi_rtt>},
                                             {"fc_rttvar", tcp_time<&tcp_info::tcpi_rttvar>},
                                             {"fc_sacked", tcp_counter<&tcp_info::tcpi_sacked>},
                                             {"fc_src", fc_src},
                                             {"fc_src_is_local", fc_src_is_local},
                                             {"fc_src_port", fc_src_port},
                                             {"fc_unacked", tcp_counter<&tcp_info::tcpi_unacked>},
                                             {"fe_client_timeout", fe_client_timeout},
                                             {"fe_defbe", fe_defbe},
                                             {"fe_id", fe_id},
                                             {"fe_name", fe_name},
                                             {"internal.strm.is_htx", no},
                                             {"prio_class", prio_class},
                                             {"prio_offset", prio_offset},
                                             {"so_id", so_id},
                                             {"so_name", so_name},
                                             {"src", src},
                                             {"src_is_local", src_is_local},
                                             {"src_port", src_port},
                                             {"srv_id", srv_id},
                                             {"srv_name", srv_name},
                                             {"unique-id", unique_id},
                                             {"ssl_bc", no},
                                             {"ssl_bc_is_resumed", no_of_server},
                                             {"ssl_fc", no},
                                             {"ssl_fc_has_sni", no},
                                             {"ssl_fc_is_resumed", no}};

}  // namespace

constinit const std::span<const FetchFunction> connection_answers = connection_rows;

}  // namespace ddbproxy::stream
