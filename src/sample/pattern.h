// How patterns are compared with values, and the sets of patterns that ACLs and maps look in (manual 7.1.1 to 7.1.6).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sample/scratch.h"
#include "sample/value.h"

namespace ddbproxy::sample {

/// What `-m` names: found, bool, int, ip, bin, len, str, sub, reg, beg, end, dir, dom.
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
  domain
};

/// The method of this name of `-m`, and back.
std::optional<Match> match_named(std::string_view name);
std::string_view name_of(Match match);
/// The method that values of this type are compared by where no -m says otherwise; none: there is none for it.
std::optional<Match> default_match(Type type);
/// Whether values of this type can be compared by it, and as which type they are.
bool can_match(Type type, Match match);

/// One pattern as given.
struct PatternEntry {
  uint64_t id = 0;      ///< As the runtime API names it; unique in the process.
  std::string pattern;  ///< As written.
  std::string value;    ///< Of a map: what it stands for.
  uint32_t line = 0;    ///< In its file; 0: in the configuration or by the runtime API.
};

/// The patterns of one `acl` line, of one file or of one map: what the runtime API lists and changes. Every
/// PatternSet that looks in the same file has the same list. Changed by one thread.
class PatternList;

/// A list compiled for one method: looking up takes no lock and time that does not grow with 100,000 entries
/// (hash for equality, prefix and suffix trees, longest prefix for networks, sorted ranges for integers). What it
/// answers is the first that matches in the order of haproxy 2.6.
class PatternSet {
 public:
  /// The entry that `value` matches, or null. `value` is cast in `scratch`. Safe from any thread while a change is
  /// published by another.
  const PatternEntry* find(const Value& value, Scratch& scratch) const;
};

}  // namespace ddbproxy::sample
