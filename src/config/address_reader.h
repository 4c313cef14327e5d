// Reads addresses as the configuration writes them: "*:80", "[::1]:80-90", "unix@/run/x", "abns@x", "fd@3",
// "udp4@host:514", "10.0.0.1:+5".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/address.h>
#include <ddbproxy/environment.h>
#include <ddbproxy/outside.h>

namespace ddbproxy::config {

class Context;

/// What the keyword that holds the address permits.
struct AddressRules {
  bool port = true;            ///< A port may follow.
  bool port_required = false;  ///< and must, and not be 0
  bool port_range = false;     ///< "80-90"
  bool port_offset = false;    ///< "+5" and "-5"
  bool descriptor = false;     ///< fd@ and sockpair@
  bool stream = true,
       datagram = false;    ///< Types of socket; an address without a type takes the first that is permitted.
  bool resolve = true;      ///< Ask the system for names that are no numbers.
  bool keep_name = false;   ///< A name that was not asked for, or not found, is no error: the reading then has an empty
                            ///< address and a host.
  bool variables = true;    ///< $NAME and ${NAME} stand for the environment's values, whatever quotes were around them.
  std::string_view prefix;  ///< Put before the path of a UNIX socket (`unix-bind prefix`).
};

/// What was read, or the words of the error as haproxy has them.
struct AddressReading {
  std::string error;
  Address address;  ///< With `port`; empty for a descriptor or a name that was kept.
  int descriptor = -1;
  std::string host;        ///< The name, when one stood there.
  uint16_t port = 0;       ///< The first port.
  uint16_t last_port = 0;  ///< The last of a range; the first when there is none.
  int port_offset = 0;
  bool relative_port = false;
  bool datagram = false;

  explicit operator bool() const { return error.empty(); }
  /// Some of haproxy's words about addresses end their line, which shows where others put more behind them.
  bool error_ends_line() const { return error.starts_with("invalid address") || error.ends_with("missing?)"); }
};

/// The word with the values of its variables, as read_address() takes it. A brace that is not closed right behind the
/// name is no error here, a name may begin with a digit, and one that is not set stands for nothing.
std::string expand_variables(std::string_view text, const Environment& environment);

AddressReading read_address(std::string_view text, const AddressRules& rules, const Environment& environment,
                            Outside& outside);
/// With the variables as the lines so far have made them.
AddressReading read_address(std::string_view text, const AddressRules& rules, const Context& context);

}  // namespace ddbproxy::config
