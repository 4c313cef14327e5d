// Lists of servers: `show servers state`, `show servers conn`, `show backend`.
#include <fmt/format.h>

#include "admin/runs.h"
#include "admin/targets.h"
#include "live/health/check_status.h"
#include "live/state.h"

namespace ddbproxy::admin {
namespace {

using live::CheckStatus;
using live::Server;

/// Numbers of the column srv_check_result. Nothing is known of a check that is under way.
int check_result(const Server& server) {
  const CheckStatus status = server.check_running() ? CheckStatus::unknown : server.health().status;
  switch (status) {
    case CheckStatus::unknown:
    case CheckStatus::initializing: return 0;
    case CheckStatus::starting:
    case CheckStatus::analyzed:
    case CheckStatus::checked: return 1;  // neutral
    case CheckStatus::socket_error:
    case CheckStatus::l4_timeout:
    case CheckStatus::l4_connection:
    case CheckStatus::l6_timeout:
    case CheckStatus::l6_response:
    case CheckStatus::l7_timeout:
    case CheckStatus::l7_response:
    case CheckStatus::l7_status:
    case CheckStatus::program_error:
    case CheckStatus::program_timeout: return 2;  // failed
    case CheckStatus::l4_ok:
    case CheckStatus::l6_ok:
    case CheckStatus::l7_ok:
    case CheckStatus::program_ok: return 3;  // passed
    case CheckStatus::l7_ok_conditionally: return 4;
  }
  return 0;
}

std::string host_of(const Address& address) { return address.is_ip() ? address.host() : "-"; }

void write_state(std::string& out, const Server& server) {
  const live::Backend& backend = server.backend();
  const Server::Health& health = server.health();
  const Server::CheckPlace& check = server.check_place();
  const Address address = server.address();
  const Server::CheckPlace& agent = server.agent_place();
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text.c_str(); };
  out += fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} 0 {} {} {} {}\n", backend.config().id,
                     backend.name(), server.id(), server.name(), host_of(address),
                     static_cast<int>(server.oper_state()), server.admin_state(), server.user_weight(),
                     server.initial_weight(), base::milliseconds_between(health.last_change, base::now()) / 1000,
                     static_cast<int>(health.status), check_result(server), health.health, server.check_state(),
                     server.agent_state(), int{backend.config().forced_id}, int{server.config().forced_id},
                     or_dash(server.host()), server.port(), or_dash(server.config().resolution.service), check.port,
                     host_of(check.address), host_of(agent.address), agent.port);
}

void write_connections(std::string& out, const Server& server) {
  const live::Backend& backend = server.backend();
  const Address address = server.address();
  // There is no pool of idle connections: those columns are 0, with haproxy's default delay and limit. A server that
  // was added while running has no such defaults there, and no pools.
  const bool pools = !server.added();
  out += fmt::format("{}/{} {}/{} {} {} - {} {} {} {} 0 0 {} 0", backend.name(), server.name(), backend.config().id,
                     server.id(), host_of(address), server.port(), pools ? 5000 : 0, Server::connections_in_use,
                     server.connections_needed(), server.connections_needed(), pools ? -1 : 0);
  for (int i = 0; pools && i < base::workers(); ++i) out += " 0";
  out += '\n';
}

/// A line for each server of `only`, or of all backends, a backend at a time.
Answer list_servers(Call& call, std::string head, void (*write)(std::string& out, const Server& server)) {
  live::Backend* only = nullptr;
  if (!call.word(3).empty()) {
    auto backend = find_backend(call, 3);
    if (!backend) return backend.error;
    only = backend.found;
  }
  Answer answer;
  answer.text = std::move(head);
  answer.more = [&state = call.runtime.state, only, write, index = size_t{0}](std::string& out) mutable {
    const auto& backends = state.backends();
    if (index >= backends.size()) return false;
    const live::Backend& backend = *backends[index++];
    if (!only || only == &backend)
      for (const auto& server : backend.servers()) write(out, *server);
    return index < backends.size();
  };
  return answer;
}

}  // namespace

Answer run_show_servers_state(Call& call) {
  return list_servers(
      call,
      "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight "
      "srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state "
      "bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr "
      "srv_agent_addr srv_agent_port\n",
      write_state);
}

Answer run_show_servers_conn(Call& call) {
  return list_servers(call,
                      fmt::format("# bkname/svname bkid/svid addr port - purge_delay used_cur used_max need_est "
                                  "unsafe_nb safe_nb idle_lim idle_cur idle_per_thr[{}]\n",
                                  base::workers()),
                      write_connections);
}

Answer run_show_backend(Call& call) {
  std::string text = "# name\n";
  for (const auto& backend : call.runtime.state.backends()) text += backend->name() + '\n';
  return Answer::document(std::move(text));
}

}  // namespace ddbproxy::admin
