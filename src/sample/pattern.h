// How patterns are compared with values (manual 7.1.1 to 7.1.6), and one pattern as given.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "sample/value.h"

namespace ddbproxy::sample {

/// What `-m` names: found, bool, int, ip, bin, len, str, sub, reg, beg, end, dir, dom. The last two are how the ACLs
/// "method" and "req.ssl_ver" compare where no -m says otherwise.
enum class Match : uint8_t {
  found,
  boolean,
  integer,
  ip,
  binary,
  length,
  string,
  substring,
  regex,
  begin,
  end,
  directory,
  domain,
  method,
  dotted
};

/// The method of this name of `-m`, and the name that the runtime API shows.
std::optional<Match> match_named(std::string_view name);
std::string_view name_of(Match match);
/// The method that values of this type are compared by where no -m says otherwise; none: there is none for it.
std::optional<Match> default_match(Type type);
/// Whether values of this type can be compared by it.
bool can_match(Type type, Match match);
/// Whether words of an ACL may be operators of this method: eq, ge, gt, le, lt.
constexpr bool has_operators(Match match) {
  return match == Match::integer || match == Match::length || match == Match::dotted;
}

/// Finds the IPv4 address of a host, in host order. Also asked for what only looks like an address ("10", "1.2.3"),
/// which systems read in their own ways.
using ResolveHost = std::function<std::optional<uint32_t>(std::string_view name)>;

/// How a list is compiled.
struct MatchOptions {
  Match match = Match::string;
  bool ignore_case = false;  ///< -i
  ResolveHost resolve;       ///< Null with -n, and for maps: names of hosts are errors.
  /// Of a map: what its values must be (string, integer, address); any: of an ACL, where they do not matter.
  Type values = Type::any;
  bool references = false;  ///< Of map_regm, which the runtime API tells apart from map_reg.

  /// Whether a set for the one does for the other.
  bool compares_as(const MatchOptions& other) const {
    return match == other.match && ignore_case == other.ignore_case && values == other.values &&
           references == other.references && !resolve == !other.resolve;
  }
};

/// One pattern as given. Immutable; it stays while any thread may look at it, like the text that it shows.
struct PatternEntry {
  static constexpr uint32_t nowhere = ~uint32_t{0};

  const char* text = nullptr;
  uint32_t pattern_size = 0;
  uint32_t value_at = nowhere, value_size = 0;  ///< Of a map.
  uint32_t number = 0;                          ///< Rises in the order of a list; a changed value keeps it.
  uint32_t line = 0;                            ///< In its file; 0: in the configuration or by the runtime API.
  uint32_t version = 0;                         ///< Of its list.

  std::string_view pattern() const { return {text, pattern_size}; }
  bool has_value() const { return value_at != nowhere; }
  std::string_view value() const { return has_value() ? std::string_view(text + value_at, value_size) : ""; }
};

}  // namespace ddbproxy::sample
