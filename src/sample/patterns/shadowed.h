// Entries with a pattern that an earlier one has already.
#pragma once

#include <deque>
#include <unordered_map>

#include "sample/pattern.h"

namespace ddbproxy::sample {

/// An index shows the first of those that are the same; the others wait here. One thread.
class Shadowed {
 public:
  void add(const PatternEntry& shown, const PatternEntry& entry) { behind_[&shown].push_back(&entry); }
  /// The one that is shown when `shown` goes; null: nobody waits.
  const PatternEntry* next_of(const PatternEntry& shown);
  /// False: it does not wait behind `shown`.
  bool erase(const PatternEntry& shown, const PatternEntry& entry);
  /// One that is shown, or waits behind `shown`, has become another.
  void replace(const PatternEntry& shown, const PatternEntry& old, const PatternEntry& with);
  template <class F>
  void for_each_behind(const PatternEntry& shown, F&& f) const {
    const auto found = behind_.find(&shown);
    if (found == behind_.end()) return;
    for (const PatternEntry* each : found->second) f(*each);
  }

 private:
  std::unordered_map<const PatternEntry*, std::deque<const PatternEntry*>> behind_;
};

}  // namespace ddbproxy::sample
