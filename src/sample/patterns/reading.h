// Reads the texts of patterns and of the values of maps, with haproxy's words for what is wrong with them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sample/pattern.h"
#include "sample/value.h"

namespace ddbproxy::sample {

struct NumberRange {
  int64_t lowest = INT64_MIN, highest = INT64_MAX;
  bool contains(int64_t number) const { return lowest <= number && number <= highest; }
};

/// "5", "5:9", "5:", ":9", with ':' or '-'.
base::Result<NumberRange> read_range(std::string_view text);
/// The same of two numbers with a dot, "3.1:3.2", as 65536 times the first and the second.
base::Result<NumberRange> read_dotted_range(std::string_view text);

struct Network {
  bool ipv6 = false;
  std::array<unsigned char, 16> address{};  ///< Without the bits that the mask leaves out; in network order.
  uint8_t bits = 0;                         ///< How many bits the mask has, when they are the first.
  uint32_t mask = 0;                        ///< IPv4: in host order.
  bool is_prefix = true;                    ///< IPv4: its mask has its bits in front.

  uint32_t ipv4() const {
    return uint32_t{address[0]} << 24 | uint32_t{address[1]} << 16 | uint32_t{address[2]} << 8 | uint32_t{address[3]};
  }
};

/// An address, with a mask behind a slash; or a host, when `resolve` can say where it is.
base::Result<Network> read_network(std::string_view text, const ResolveHost& resolve);

/// The value of a map's entry as that type; false: it is none. A text is not copied.
bool read_map_value(std::string_view text, Type type, Value& value);

/// Reads the words of one `acl` line, in which an operator stays for the words behind it.
class PatternWords {
 public:
  explicit PatternWords(Match match) : match_(match) {}
  /// The pattern that the word says, as the list shows it ("gt 5" is "6:"); nothing: it was an operator.
  base::Result<std::optional<std::string>> read(std::string_view word);

 private:
  enum class Operator : uint8_t { eq, gt, ge, lt, le };
  Match match_;
  Operator operator_ = Operator::eq;
};

}  // namespace ddbproxy::sample
