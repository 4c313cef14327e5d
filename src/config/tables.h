// All tables of keywords, in the order of the manual: the whole vocabulary of the configuration.
#pragma once

#include <ddbproxy/log_sections.h>
#include <ddbproxy/model.h>

#include "config/keyword.h"

namespace ddbproxy::config {

// Each is defined in keywords/<topic>.cc.
extern const Table<model::Global> global_table, environment_table, stats_socket_table, tune_table, tls_global_table,
    http_global_table, process_variable_table, cpu_map_table, obsolete_global_table;
extern const Table<model::Proxy> proxy_table, timeout_table, option_table, check_option_table, http_option_table,
    obsolete_option_table, stats_table, balance_table, log_table, server_line_table, check_script_table,
    tcp_rules_table, http_rules_table, http_proxy_table, rule_table, email_alert_table, monitor_table, obsolete_table;
extern const Table<model::Resolvers> resolvers_table;
extern const Table<model::Program> program_table;
extern const Table<model::Peers> peers_table;
extern const Table<model::UserList> userlist_table;
extern const Table<model::ErrorPages> http_errors_table;
extern const Table<model::Mailers> mailers_table;
extern const Table<model::Ring> ring_table;
extern const Table<model::LogForward> log_forward_table;
extern const Table<model::Bind> bind_table, tls_bind_table;
extern const Table<model::Server> server_table, check_table, tls_server_table;

/// The tables whose rows may begin a line of a section.
std::span<const Table<model::Global>* const> global_tables();
std::span<const Table<model::Proxy>* const> proxy_tables();
std::span<const Table<model::Resolvers>* const> resolvers_tables();
std::span<const Table<model::Program>* const> program_tables();
std::span<const Table<model::Peers>* const> peers_tables();
std::span<const Table<model::UserList>* const> userlist_tables();
std::span<const Table<model::ErrorPages>* const> http_errors_tables();
std::span<const Table<model::Mailers>* const> mailers_tables();
std::span<const Table<model::Ring>* const> ring_tables();
std::span<const Table<model::LogForward>* const> log_forward_tables();
/// The row of `server` lines, for what has servers and is no proxy.
const Keyword<model::Proxy>& server_row();
/// The words after the addresses of `bind` and of `server`.
std::span<const Table<model::Bind>* const> bind_tables();
std::span<const Table<model::Server>* const> server_tables();

}  // namespace ddbproxy::config
