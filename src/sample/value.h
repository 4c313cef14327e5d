// What an expression answers: a typed value that owns nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <ddbproxy/address.h>

#include "sample/type.h"

namespace ddbproxy::sample {

/// A plain value. Its text points into what it was read from (a message, the configuration) or into the evaluation's
/// Scratch, and nobody writes there: who changes a text makes another.
struct Value {
  Type type = Type::any;
  bool may_change = false;             ///< More bytes may make it another.
  bool more = false;                   ///< Its fetch has further values: it is asked again with `next` as it stands.
  bool each = false;                   ///< All its values are wanted, one after the other, and not one of them.
  uint32_t next = 0;                   ///< Where the fetch goes on; 0 at first.
  int64_t number = 0;                  ///< boolean (0 or 1), integer
  std::array<unsigned char, 16> ip{};  ///< ipv4 (the first four), ipv6; in network order
  std::string_view text;               ///< string, binary, method

  void set_boolean(bool value) { type = Type::boolean, number = value; }
  void set_integer(int64_t value) { type = Type::integer, number = value; }
  void set_string(std::string_view value) { type = Type::string, text = value; }
  void set_binary(std::string_view value) { type = Type::binary, text = value; }
  void set_method(std::string_view value) { type = Type::method, text = value; }
  /// False, and unchanged, when it is neither IPv4 nor IPv6.
  bool set_address(const Address& address);
  uint32_t ipv4_host_order() const {
    return uint32_t{ip[0]} << 24 | uint32_t{ip[1]} << 16 | uint32_t{ip[2]} << 8 | uint32_t{ip[3]};
  }
  void set_ipv4(uint32_t host_order) {
    type = Type::ipv4;
    ip = {static_cast<unsigned char>(host_order >> 24), static_cast<unsigned char>(host_order >> 16),
          static_cast<unsigned char>(host_order >> 8), static_cast<unsigned char>(host_order)};
  }
  /// With port 0; of ipv4 and ipv6 only.
  Address address() const;
};

}  // namespace ddbproxy::sample
