#include "live/server_orders.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"

namespace ddbproxy::live {

WeightOrder read_weight(const std::string& text, int initial, bool fixed) {
  constexpr long most = 256;
  if (text.empty()) return {0, "Require <weight> or <weight%>.\n"};
  char* end = nullptr;
  long weight = std::strtol(text.c_str(), &end, 10);
  if (end == text.c_str()) return {0, "Empty weight string empty or preceded by garbage"};
  const std::string rest = end;
  if (rest == "%") {
    if (weight < 0) return {0, "Relative weight must be positive.\n"};
    weight = std::min(most, std::min(weight, 100 * most) * initial / 100);
  } else if (!rest.empty()) {
    return {0, "Trailing garbage in weight string"};
  } else if (weight < 0 || weight > most) {
    return {0, "Absolute weight can only be between 0 and 256 inclusive.\n"};
  }
  if (fixed && weight != 0 && weight != initial)
    return {0, "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.\n"};
  return {static_cast<int>(weight), {}};
}

MaxconnOrder read_maxconn(const std::string& text) {
  if (text.empty()) return {0, "Require <maxconn>.\n"};
  char* end = nullptr;
  const long maxconn = std::strtol(text.c_str(), &end, 10);
  if (end == text.c_str()) return {0, "maxconn string empty or preceded by garbage"};
  if (*end) return {0, "Trailing garbage in maxconn string"};
  return {static_cast<uint32_t>(maxconn), {}};
}

std::string read_check_address(const std::string& text, Server::CheckPlace& place) {
  place.address = Address::parse_ip(text);
  return place.address.empty() ? fmt::format("invalid addr '{}'", text) : std::string();
}

std::string read_check_port(const std::string& text, Server::CheckPlace& place) {
  const auto port = base::parse_integer(text);
  if (!port) return "provided port is not an integer";
  if (*port < 0 || *port > UINT16_MAX) return "provided port is invalid";
  place.port = static_cast<uint16_t>(*port);
  return {};
}

}  // namespace ddbproxy::live
