// `stick-table` (manual 4.2, 11): what a table's keys are, and what it stores with them.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <ddbproxy/diagnostics.h>

namespace ddbproxy::model {

/// What a table can store, in the order in which `show table` lists it.
enum class StickData : uint8_t {
  server_id,
  gpt0,
  gpc0,
  gpc0_rate,
  conn_cnt,
  conn_rate,
  conn_cur,
  sess_cnt,
  sess_rate,
  http_req_cnt,
  http_req_rate,
  http_err_cnt,
  http_err_rate,
  bytes_in_cnt,
  bytes_in_rate,
  bytes_out_cnt,
  bytes_out_rate,
  gpc1,
  gpc1_rate,
  server_key,
  http_fail_cnt,
  http_fail_rate,
  gpt,
  gpc,
  gpc_rate,
};

/// A row for each, by its number.
struct StickDataRow {
  enum class Kind : uint8_t { number, large, rate, name };
  std::string_view name;
  Kind kind = Kind::number;
  bool several = false;  ///< It is asked for with how many of them.
};
inline constexpr std::array<StickDataRow, 25> stick_data_rows{{
    {"server_id"},
    {"gpt0"},
    {"gpc0"},
    {"gpc0_rate", StickDataRow::Kind::rate},
    {"conn_cnt"},
    {"conn_rate", StickDataRow::Kind::rate},
    {"conn_cur"},
    {"sess_cnt"},
    {"sess_rate", StickDataRow::Kind::rate},
    {"http_req_cnt"},
    {"http_req_rate", StickDataRow::Kind::rate},
    {"http_err_cnt"},
    {"http_err_rate", StickDataRow::Kind::rate},
    {"bytes_in_cnt", StickDataRow::Kind::large},
    {"bytes_in_rate", StickDataRow::Kind::rate},
    {"bytes_out_cnt", StickDataRow::Kind::large},
    {"bytes_out_rate", StickDataRow::Kind::rate},
    {"gpc1"},
    {"gpc1_rate", StickDataRow::Kind::rate},
    {"server_key", StickDataRow::Kind::name},
    {"http_fail_cnt"},
    {"http_fail_rate", StickDataRow::Kind::rate},
    {"gpt", StickDataRow::Kind::number, true},
    {"gpc", StickDataRow::Kind::number, true},
    {"gpc_rate", StickDataRow::Kind::rate, true},
}};

/// One of each proxy at most, which names it.
struct StickTable {
  enum class KeyType : uint8_t { ip, ipv6, integer, string, binary };
  /// How much of a kind of data is stored; `count` of 0: none.
  struct Stored {
    uint32_t count = 0;
    std::chrono::milliseconds period{0};  ///< rates
    bool operator==(const Stored&) const = default;
  };
  using Data = std::array<Stored, stick_data_rows.size()>;

  Location where;
  KeyType key_type = KeyType::ip;
  uint32_t key_size = 4;                ///< In bytes; of strings the most.
  uint32_t size = 0;                    ///< Most entries.
  bool nopurge = false;                 ///< A full table takes no further keys.
  bool by_address = false;              ///< srvkey addr: servers are remembered by their address.
  std::chrono::milliseconds expire{0};  ///< 0: never
  std::string peers;                    ///< The section whose peers have the table, too; empty: nobody has.
  uint32_t number = 0;                  ///< How many tables stand in front of it in the configuration.
  Data data;

  const Stored& stored(StickData each) const { return data[static_cast<size_t>(each)]; }
  Stored& stored(StickData each) { return data[static_cast<size_t>(each)]; }
};

/// The number of a kind of data by its name, or -1.
constexpr int find_stick_data(std::string_view name) {
  if (name == "server_name") name = "server_key";
  for (size_t i = 0; i < stick_data_rows.size(); ++i)
    if (stick_data_rows[i].name == name) return static_cast<int>(i);
  return -1;
}

}  // namespace ddbproxy::model
