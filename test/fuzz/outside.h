// What a fuzzed word must not reach: while one of these lives there are no files, no directories and no hosts, and the
// only user and group is haproxy, whatever the machine has.
#pragma once

namespace ddbproxy::fuzz {

class NothingOutside {
 public:
  NothingOutside() { closed = true; }
  ~NothingOutside() { closed = false; }
  NothingOutside(const NothingOutside&) = delete;
  NothingOutside& operator=(const NothingOutside&) = delete;

  static inline bool closed = false;
};

}  // namespace ddbproxy::fuzz
