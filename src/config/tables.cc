#include "config/tables.h"

namespace ddbproxy::config {

std::span<const Table<model::Global>* const> global_tables() {
  static constexpr const Table<model::Global>* tables[] = {
      &global_table,      &environment_table,      &tune_table,    &tls_global_table,
      &http_global_table, &process_variable_table, &cpu_map_table, &obsolete_global_table};
  return tables;
}

std::span<const Table<model::Proxy>* const> proxy_tables() {
  static constexpr const Table<model::Proxy>* tables[] = {
      &proxy_table,      &server_line_table, &balance_table, &log_table,         &check_script_table, &tcp_rules_table,
      &http_rules_table, &http_proxy_table,  &rule_table,    &email_alert_table, &monitor_table,      &obsolete_table};
  return tables;
}

std::span<const Table<model::Resolvers>* const> resolvers_tables() {
  static constexpr const Table<model::Resolvers>* tables[] = {&resolvers_table};
  return tables;
}

std::span<const Table<model::Program>* const> program_tables() {
  static constexpr const Table<model::Program>* tables[] = {&program_table};
  return tables;
}

std::span<const Table<model::Peers>* const> peers_tables() {
  static constexpr const Table<model::Peers>* tables[] = {&peers_table};
  return tables;
}

std::span<const Table<model::UserList>* const> userlist_tables() {
  static constexpr const Table<model::UserList>* tables[] = {&userlist_table};
  return tables;
}

std::span<const Table<model::ErrorPages>* const> http_errors_tables() {
  static constexpr const Table<model::ErrorPages>* tables[] = {&http_errors_table};
  return tables;
}

std::span<const Table<model::Mailers>* const> mailers_tables() {
  static constexpr const Table<model::Mailers>* tables[] = {&mailers_table};
  return tables;
}

std::span<const Table<model::Ring>* const> ring_tables() {
  static constexpr const Table<model::Ring>* tables[] = {&ring_table};
  return tables;
}

std::span<const Table<model::LogForward>* const> log_forward_tables() {
  static constexpr const Table<model::LogForward>* tables[] = {&log_forward_table};
  return tables;
}

const Keyword<model::Proxy>& server_row() { return *server_line_table.find("server"); }

std::span<const Table<model::Bind>* const> bind_tables() {
  static constexpr const Table<model::Bind>* tables[] = {&bind_table, &tls_bind_table};
  return tables;
}

std::span<const Table<model::Server>* const> server_tables() {
  static constexpr const Table<model::Server>* tables[] = {&server_table, &check_table, &tls_server_table};
  return tables;
}

}  // namespace ddbproxy::config
