// A file of server states, as `show servers state` writes it: lines of fields. What they mean is server_records.h's.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/outside.h>

namespace ddbproxy::config {

/// The fields of a line, in their order; the last five may be missing, and what follows them is left out.
enum StateField : uint8_t {
  backend_id,
  backend_name,
  server_id,
  server_name,
  server_address,
  oper_state,
  admin_state,
  user_weight,
  initial_weight,
  last_change,
  check_status,
  check_result,
  check_health,
  check_state,
  agent_state,
  backend_id_forced,
  server_id_forced,
  host,
  port,
  service,
  use_ssl,
  check_port,
  check_address,
  agent_address,
  agent_port,
  state_fields
};

/// Points into its file's text.
using StateLine = std::array<std::string_view, state_fields>;

class ServerStateFile {
 public:
  /// A line of the wrong shape makes all of them void.
  enum class Fault : uint8_t { none, not_opened, no_version, corrupted };

  /// What cannot be read of it (a folder) is as if it were not there.
  explicit ServerStateFile(Outside::File file);
  ServerStateFile(const ServerStateFile&) = delete;
  ServerStateFile& operator=(const ServerStateFile&) = delete;

  Fault fault() const { return fault_; }
  int error() const { return error_; }   ///< errno, of not_opened
  size_t line() const { return line_; }  ///< Which one is corrupted; haproxy does not count that of the version.
  const std::vector<StateLine>& lines() const { return lines_; }

 private:
  void read_text();

  const std::string text_;
  std::vector<StateLine> lines_;
  Fault fault_ = Fault::none;
  int error_ = 0;
  size_t line_ = 0;
};

}  // namespace ddbproxy::config
