// Finds the entry of a list that a value matches.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/regex.h"
#include "base/result.h"
#include "sample/pattern.h"
#include "sample/patterns/leftovers.h"
#include "sample/scratch.h"
#include "sample/value.h"

namespace ddbproxy::sample {

/// One thread changes it, each change in one atomic store, while any thread looks into it without a lock. Nothing that
/// was taken out of it is freed before Leftovers are.
class Index {
 public:
  virtual ~Index() = default;

  /// An entry comes last in the order of its list. Fails when its pattern cannot be read.
  virtual base::Status insert(const PatternEntry& entry, Leftovers& leftovers) = 0;
  virtual void erase(const PatternEntry& entry, Leftovers& leftovers) = 0;
  /// `with` has the pattern and the place in the order of `old`.
  virtual void replace(const PatternEntry& old, const PatternEntry& with, Leftovers& leftovers) = 0;
  /// Null: none. The value has the type that the method compares. Where an expression matched, `groups` gets its
  /// groups.
  virtual const PatternEntry* find(const Value& value, Scratch& scratch, base::Regex::Group* groups) const = 0;
  /// Whether haproxy keeps such an entry in a tree: what `get acl` says.
  virtual bool in_tree(const PatternEntry& entry) const = 0;
  /// Nobody looks into it yet, and about so many entries are about to come. Until loaded(), changes need no Leftovers.
  virtual void load(size_t) {}
  virtual void loaded() {}
};

/// The index of a method.
std::unique_ptr<Index> make_index(const MatchOptions& options);

}  // namespace ddbproxy::sample
