#include "config/tables.h"

namespace ddbproxy::config {

std::span<const Table<model::Global>* const> global_tables() {
  static constexpr const Table<model::Global>* tables[] = {&global_table};
  return tables;
}

std::span<const Table<model::Proxy>* const> proxy_tables() {
  static constexpr const Table<model::Proxy>* tables[] = {&proxy_table};
  return tables;
}

std::span<const Table<model::Bind>* const> bind_tables() {
  static constexpr const Table<model::Bind>* tables[] = {&bind_table};
  return tables;
}

std::span<const Table<model::Server>* const> server_tables() {
  static constexpr const Table<model::Server>* tables[] = {&server_table};
  return tables;
}

}  // namespace ddbproxy::config
