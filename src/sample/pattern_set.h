// A list of patterns compiled for one method: what ACLs and maps look in.
#pragma once

#include <atomic>
#include <map>
#include <memory>

#include "sample/pattern.h"
#include "sample/patterns/index.h"

namespace ddbproxy::sample {

/// Every ACL line and map that compares by the same list in the same way has the same set. find() takes no lock, is
/// safe from any thread while the list is changed by one other, and takes time that does not grow with 100,000 entries
/// (but for sub, dir, dom and reg, which are tried in turn).
class PatternSet {
 public:
  explicit PatternSet(MatchOptions options);

  /// The entry that `value` matches, the one that haproxy 2.6 takes when there are several; or null. Of methods that
  /// look at no pattern (found, bool) it is an empty one. `value` is cast in `scratch`. The entry stays until the
  /// thread leaves what it is about. `groups`, of size Regex::most_groups, gets the groups of an expression.
  const PatternEntry* find(const Value& value, Scratch& scratch, base::Regex::Group* groups = nullptr) const;

  const MatchOptions& options() const { return options_; }
  /// Whether the runtime API says "idx=tree" of it; else it is "idx=list".
  bool in_tree(const PatternEntry& entry) const { return shown_.load()->in_tree(entry); }

 private:
  friend class PatternList;

  /// The index of a version of the list, made when it is first asked for.
  Index& of(uint32_t version);
  /// Shows that version from now on, and lets all before it go.
  void show(uint32_t version, Leftovers& leftovers);
  void clear(uint32_t version, Leftovers& leftovers);
  /// Fails when it is no value for this map.
  base::Status judge_value(std::string_view value) const;

  const MatchOptions options_;
  std::map<uint32_t, std::unique_ptr<Index>> indexes_;
  uint32_t version_ = 0;
  std::atomic<const Index*> shown_;
};

}  // namespace ddbproxy::sample
