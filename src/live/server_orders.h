// What texts ask of a server: the weights and limits that the runtime API and agents name. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "live/server.h"

namespace ddbproxy::live {

/// `error` is empty when `weight` is one to set; it is haproxy's message otherwise, with its line end or, as there,
/// none.
struct WeightOrder {
  int weight = 0;
  std::string error;
};

/// Reads "<n>" or "<n>%" of the initial weight. `fixed`: the algorithm cannot change weights while running, so that
/// only none or the initial one will do.
WeightOrder read_weight(const std::string& text, int initial, bool fixed);

/// As WeightOrder, of `maxconn`.
struct MaxconnOrder {
  uint32_t maxconn = 0;
  std::string error;
};

MaxconnOrder read_maxconn(const std::string& text);

/// Read where checks go into `place`; haproxy's message, without a line end as there, when that is nowhere.
std::string read_check_address(const std::string& text, Server::CheckPlace& place);
std::string read_check_port(const std::string& text, Server::CheckPlace& place);

}  // namespace ddbproxy::live
