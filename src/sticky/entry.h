// A key of a stick table and what is stored with it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include <ddbproxy/stick_table.h>

#include "sticky/window_rate.h"

namespace ddbproxy::sticky {

class Cursor;

using model::StickData;

/// The place of an entry among those of its shard that peers are to be told of: the last one changed last. Under the
/// shard's lock, but for the number.
struct Change {
  Change *before = nullptr, *after = nullptr;
  /// Of our own changes, which rise over the whole table; 0: it is as a peer said, or nobody has changed it yet.
  std::atomic<uint64_t> number{0};
  enum class Kind : uint8_t { entry, mark } kind = Kind::entry;
};

/// Where each kind of data lies in the entries of a table; made once for it.
class Layout {
 public:
  /// `shared`: the entries also have a place in the order of changes (Change).
  explicit Layout(const model::StickTable::Data& stored, bool shared = false);

  bool has(StickData data) const { return count(data) != 0; }
  uint32_t count(StickData data) const { return items_[static_cast<size_t>(data)].count; }
  /// Of a rate, in milliseconds.
  uint32_t period(StickData data) const { return items_[static_cast<size_t>(data)].period; }
  uint32_t offset(StickData data) const { return items_[static_cast<size_t>(data)].offset; }
  uint32_t size() const { return size_; }

 private:
  struct Item {
    uint32_t count = 0, period = 0, offset = 0;
  };
  std::array<Item, model::stick_data_rows.size()> items_;
  uint32_t size_ = 0;
};

/// One allocation: this, the data, the key. Belongs to its table, which keeps what is pinned. Its data may be read and
/// changed by any thread that has it pinned, or holds its shard's lock.
class Entry {
 public:
  /// Null: there is no memory for it.
  static Entry* make(const Layout& layout, std::string_view key, uint32_t hash);
  static void destroy(Entry* entry);

  std::string_view key(const Layout& layout) const { return {data() + layout.size(), key_size_}; }
  uint32_t pins() const { return pins_; }
  Tick expires() const { return expires_.load(std::memory_order_relaxed); }

  // Of data that is stored; `at` counts those of one kind.
  /// The number as it is shown; of a rate, that of now.
  uint64_t get(const Layout& layout, StickData data, Tick now, uint32_t at = 0) const;
  void add(const Layout& layout, StickData data, Tick now, uint64_t n, uint32_t at = 0);
  void set(const Layout& layout, StickData data, Tick now, uint64_t n, uint32_t at = 0);
  /// The server's name or address; null: none.
  const std::string* name(const Layout& layout) const;
  /// A rate as it is kept.
  WindowRate::Parts rate(const Layout& layout, StickData data, Tick now, uint32_t at) const;
  void set_rate(const Layout& layout, StickData data, Tick now, uint32_t at, WindowRate::Parts parts);
  /// `name` lives as long as the process: see kept_name().
  void set_name(const Layout& layout, const std::string* name);

 private:
  friend class Cursor;
  friend class Table;
  Entry(std::string_view key, uint32_t hash) : hash_(hash), key_size_(static_cast<uint32_t>(key.size())) {}
  /// Of entries of shared tables.
  Change& change() { return *reinterpret_cast<Change*>(data()); }
  static Entry& of(Change& change) {
    return *reinterpret_cast<Entry*>(reinterpret_cast<char*>(&change) - sizeof(Entry));
  }
  char* data() { return reinterpret_cast<char*>(this) + sizeof(Entry); }
  const char* data() const { return reinterpret_cast<const char*>(this) + sizeof(Entry); }
  template <class T>
  T& item(const Layout& layout, StickData which, uint32_t at) {
    return reinterpret_cast<T*>(data() + layout.offset(which))[at];
  }
  template <class T>
  const T& item(const Layout& layout, StickData which, uint32_t at) const {
    return reinterpret_cast<const T*>(data() + layout.offset(which))[at];
  }

  // Under the shard's lock.
  Entry* chained_ = nullptr;                   // in its bucket
  Entry *older_ = nullptr, *newer_ = nullptr;  // of those that are not pinned
  uint32_t pins_ = 0;
  const uint32_t hash_;
  const uint32_t key_size_;
  std::atomic<Tick> expires_{0};
};
static_assert(sizeof(Entry) % 8 == 0);

/// One text for all that are equal, for good: names and addresses of servers, which are few.
const std::string* kept_name(std::string_view name);
/// The same of a name that somebody else has chosen: null when it is too long, or when there are very many already.
const std::string* kept_name_of_peer(std::string_view name);

}  // namespace ddbproxy::sticky
