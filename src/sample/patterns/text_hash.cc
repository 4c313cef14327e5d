#include "sample/patterns/text_hash.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "base/text.h"
#include "sample/patterns/folding.h"
#include "sample/patterns/reading.h"

namespace ddbproxy::sample {
namespace {

/// Stands where an entry was, so that searches go on behind it.
constexpr PatternEntry erased{};

uint32_t hash_of_text(std::string_view text) {
  const size_t hash = std::hash<std::string_view>()(text);
  return static_cast<uint32_t>(hash ^ hash >> 32);
}

/// How many entries a table of this size takes before searches become long.
constexpr size_t room_in(size_t size) { return size / 5 * 4; }

}  // namespace

TextHash::Table::Table(size_t size)
    : mask(size - 1),
      hashes(std::make_unique<std::atomic<uint32_t>[]>(size)),
      entries(std::make_unique<std::atomic<const PatternEntry*>[]>(size)) {}

uint32_t TextHash::hash_of(const PatternEntry& entry) const {
  switch (reading_) {
    case Reading::exact: return hash_of_text(entry.pattern());
    case Reading::folded: return hash_of_text(folded(entry.pattern()));
    case Reading::hexadecimal: return hash_of_text(*base::read_hex(entry.pattern()));
  }
  return 0;
}

bool TextHash::equal(const PatternEntry& entry, std::string_view text) const {
  const std::string_view pattern = entry.pattern();
  switch (reading_) {
    case Reading::exact: return pattern == text;
    case Reading::folded:
      return pattern.size() == text.size() &&
             std::equal(pattern.begin(), pattern.end(), text.begin(), [](char a, char b) { return lower(a) == b; });
    case Reading::hexadecimal: return pattern.size() == 2 * text.size() && *base::read_hex(pattern) == text;
  }
  return false;
}

bool TextHash::equal(const PatternEntry& a, const PatternEntry& b) const {
  const std::string_view first = a.pattern(), second = b.pattern();
  if (reading_ == Reading::exact) return first == second;
  return first.size() == second.size() &&
         std::equal(first.begin(), first.end(), second.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

const PatternEntry* TextHash::find(std::string_view text) const {
  const Table* table = shown_.load(std::memory_order_acquire);
  const uint32_t hash = hash_of_text(text);
  for (size_t place = hash & table->mask;; place = (place + 1) & table->mask) {
    const PatternEntry* entry = table->entries[place].load(std::memory_order_acquire);
    if (!entry) return nullptr;
    if (entry != &erased && table->hashes[place].load(std::memory_order_relaxed) == hash && equal(*entry, text))
      return entry;
  }
}

size_t TextHash::place_of(const PatternEntry& entry, uint32_t hash) const {
  for (size_t place = hash & table_->mask;; place = (place + 1) & table_->mask) {
    const PatternEntry* each = table_->entries[place].load(std::memory_order_relaxed);
    if (!each) return place;
    if (each != &erased && table_->hashes[place].load(std::memory_order_relaxed) == hash && equal(*each, entry))
      return place;
  }
}

void TextHash::grow(size_t entries, Leftovers& leftovers) {
  size_t size = 16;
  while (room_in(size) < entries) size *= 2;
  auto next = std::make_unique<Table>(size);
  for (size_t i = 0; i <= table_->mask; ++i) {
    const PatternEntry* entry = table_->entries[i].load(std::memory_order_relaxed);
    if (!entry || entry == &erased) continue;
    const uint32_t hash = table_->hashes[i].load(std::memory_order_relaxed);
    size_t place = hash & next->mask;
    while (next->entries[place].load(std::memory_order_relaxed)) place = (place + 1) & next->mask;
    next->hashes[place].store(hash, std::memory_order_relaxed);
    next->entries[place].store(entry, std::memory_order_relaxed);
  }
  shown_.store(next.get(), std::memory_order_release);
  leftovers.keep(std::exchange(table_, std::move(next)));
  used_ = count_;
}

void TextHash::reserve(size_t entries) {
  Leftovers nobody_looks;
  if (entries > room_in(table_->mask + 1)) grow(entries, nobody_looks);
}

void TextHash::insert(const PatternEntry& entry, Leftovers& leftovers) {
  // Twice as many as there are, so that a table full of erased ones does not grow.
  if (used_ + 1 > room_in(table_->mask + 1)) grow(std::max<size_t>(12, 2 * count_), leftovers);
  const uint32_t hash = hash_of(entry);
  const size_t place = place_of(entry, hash);
  if (const PatternEntry* first = table_->entries[place].load(std::memory_order_relaxed)) {
    shadowed_.add(*first, entry);
    return;
  }
  table_->hashes[place].store(hash, std::memory_order_relaxed);
  table_->entries[place].store(&entry, std::memory_order_release);
  ++used_;
  ++count_;
}

void TextHash::erase(const PatternEntry& entry) {
  auto& place = table_->entries[place_of(entry, hash_of(entry))];
  const PatternEntry* first = place.load(std::memory_order_relaxed);
  if (!first) return;
  if (first != &entry) {
    shadowed_.erase(*first, entry);
    return;
  }
  const PatternEntry* next = shadowed_.next_of(entry);
  place.store(next ? next : &erased, std::memory_order_release);
  if (!next) --count_;
}

void TextHash::replace(const PatternEntry& old, const PatternEntry& with) {
  auto& place = table_->entries[place_of(old, hash_of(old))];
  const PatternEntry* first = place.load(std::memory_order_relaxed);
  if (!first) return;
  shadowed_.replace(*first, old, with);
  if (first == &old) place.store(&with, std::memory_order_release);
}

}  // namespace ddbproxy::sample
