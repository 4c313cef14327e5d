// Texts that are equal: one look, however many there are.
#pragma once

#include <atomic>
#include <memory>

#include "sample/patterns/leftovers.h"
#include "sample/patterns/shadowed.h"

namespace ddbproxy::sample {

/// How the text of a pattern is compared.
enum class Reading : uint8_t { exact, folded, hexadecimal };

/// A hash table of entries. One thread changes it, any looks into it.
class TextHash {
 public:
  explicit TextHash(Reading reading) : reading_(reading), table_(std::make_unique<Table>(16)), shown_(table_.get()) {}

  void reserve(size_t entries);
  void insert(const PatternEntry& entry, Leftovers& leftovers);
  void erase(const PatternEntry& entry);
  void replace(const PatternEntry& old, const PatternEntry& with);
  /// The first that is equal; `text` is in lower case where the reading is folded.
  const PatternEntry* find(std::string_view text) const;
  /// Calls f on all of this pattern, in order; f changes nothing here.
  template <class F>
  void for_each_of(std::string_view pattern, F&& f) const {
    const PatternEntry* first = find(pattern);
    if (!first) return;
    f(*first);
    shadowed_.for_each_behind(*first, f);
  }

 private:
  struct Table {
    explicit Table(size_t size);
    size_t mask;
    std::unique_ptr<std::atomic<uint32_t>[]> hashes;
    std::unique_ptr<std::atomic<const PatternEntry*>[]> entries;
  };

  uint32_t hash_of(const PatternEntry& entry) const;
  bool equal(const PatternEntry& entry, std::string_view text) const;
  bool equal(const PatternEntry& a, const PatternEntry& b) const;
  /// Where the one stands that is equal, or where the search for it ends.
  size_t place_of(const PatternEntry& entry, uint32_t hash) const;
  void grow(size_t entries, Leftovers& leftovers);

  const Reading reading_;
  std::unique_ptr<Table> table_;
  std::atomic<const Table*> shown_;
  size_t used_ = 0;   ///< Places that are not empty, those of erased entries among them.
  size_t count_ = 0;  ///< Entries in the table.
  Shadowed shadowed_;
};

}  // namespace ddbproxy::sample
