// The vocabulary: every keyword of haproxy 2.6 and those of ddbproxy's own, where it may stand, and whether ddbproxy
// carries it out.
#pragma once

#include <string_view>
#include <vector>

namespace ddbproxy {

enum class Support : unsigned char {
  yes,      ///< carried out
  ignored,  ///< accepted without effect, as haproxy 2.6 does, with its warning
  planned,  ///< known to haproxy 2.6; refused as "not supported by ddbproxy yet"
};

/// One row of the vocabulary, for manuals, completions and editors.
struct KeywordInfo {
  std::string_view kind;    ///< "global", "proxy keyword", "option", "timeout", "bind option", "server option", ...
  std::string_view name;    ///< e.g. "timeout client"
  std::string_view syntax;  ///< Its arguments.
  /// Letters of D F L B G R P U E M I W S: defaults, frontend, listen, backend, global, resolvers, program, userlist,
  /// http-errors, mailers, ring, log-forward, peers.
  std::string_view sections;
  std::string_view mode;  ///< "tcp", "http" or "both"
  Support support = Support::planned;
  std::string_view doc;  ///< One sentence.
  bool own = false;      ///< haproxy 2.6 does not know it.
};

/// All rows, in the order of the manual. Computed once; safe from any thread.
const std::vector<KeywordInfo>& keywords();

}  // namespace ddbproxy
