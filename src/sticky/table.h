// A stick table that runs (manual 11): keys, what is stored with each, and until when.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ddbproxy/stick_table.h>

#include "base/clock.h"
#include "sticky/entry.h"

namespace ddbproxy::sticky {

class Cursor;
class Pin;

/// Who is told that a shared table has changes that nobody has taken yet: once, until Table::listen_again(). Any
/// thread; lasts longer than the threads that change tables.
class ChangeListener {
 public:
  virtual void table_changed() = 0;

 protected:
  ~ChangeListener() = default;
};

inline Tick tick_of(base::Instant when) {
  return static_cast<Tick>(std::chrono::duration_cast<base::Milliseconds>(when.time_since_epoch()).count());
}

/// Shards, each with its lock, its index and the order in which its entries were last used. What is pinned is neither
/// removed nor in that order. Any thread; lasts as long as some generation that has it.
class Table {
 public:
  /// `shared`: peers are told of changes. The others have no order of changes, and pay nothing for it.
  Table(std::string name, const model::StickTable& settings, bool shared = false);
  ~Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const std::string& name() const { return name_; }
  /// Its kind of keys and data, which stay; size and times may have changed since.
  const model::StickTable& kind() const { return kind_; }
  const Layout& layout() const { return layout_; }
  /// Whether a table of these settings can go on with what is in this one.
  bool continues_as(const model::StickTable& settings, bool shared) const;
  /// Takes over what is in another one that stores the same by the same keys; nobody knows this one yet.
  void copy(Table& before, Tick now);
  bool stores_as(const model::StickTable& settings) const;
  /// Goes by the size and the times of these settings from now on.
  void adopt(const model::StickTable& settings);

  uint32_t size() const { return size_.load(std::memory_order_relaxed); }
  /// How many entries there are; some of them may have expired.
  uint32_t used() const { return used_.load(std::memory_order_relaxed); }
  /// In milliseconds; 0: never.
  uint32_t lifetime() const { return lifetime_.load(std::memory_order_relaxed); }
  /// Until it expires; 0 where nothing does.
  uint32_t time_left(const Entry& entry, Tick now) const;
  /// Since it was last used.
  uint32_t idle_time(const Entry& entry, Tick now) const;

  /// Calls what(Entry&) on the entry of this key, with its shard locked; false when there is none.
  template <class What>
  bool with(std::string_view key, Tick now, What what) {
    const uint32_t hash = hash_of(key);
    Shard& shard = shard_of(hash);
    const std::lock_guard lock(shard.mutex);
    Entry* entry = find(shard, key, hash, now);
    if (entry) what(*entry);
    return entry != nullptr;
  }
  /// Empty when there is none.
  Pin pin(std::string_view key, Tick now);
  /// Makes it, too. Empty when the table is full, or there is no memory.
  Pin pin_or_make(std::string_view key, Tick now);
  enum class Removal : uint8_t { done, none, pinned };
  Removal remove(std::string_view key, Tick now);
  /// Drops what has expired.
  void expire(Tick now);

  bool shared() const { return shared_; }
  /// The data of a pinned entry has changed.
  void changed(Entry& entry) {
    if (shared_) [[unlikely]]
      note_change(entry);
  }
  /// What a peer has said: makes the entry if there is none, and calls what(Entry&) with its shard locked; peers are
  /// not told of it again. `time_left` in milliseconds; nothing: its time begins anew. False: there is no room.
  template <class What>
  bool learn(std::string_view key, Tick now, std::optional<uint32_t> time_left, What what) {
    const uint32_t hash = hash_of(key);
    Shard& shard = shard_of(hash);
    std::unique_lock lock(shard.mutex);
    Entry* entry = find_or_make(shard, lock, key, hash, now);
    if (!entry) return false;
    what(*entry);
    note_learned(shard, *entry, now, time_left);
    return true;
  }
  /// Null: nobody.
  void set_listener(ChangeListener* listener) { listener_.store(listener, std::memory_order_release); }
  void listen_again() { told_.store(false, std::memory_order_seq_cst); }
  /// How many changes of our own there have been.
  uint64_t changes() const { return changes_.load(std::memory_order_relaxed); }

  /// For dumps: calls what(Entry&) on the entries of one shard, locked.
  size_t shards() const { return shards_.size(); }
  template <class What>
  void for_each(size_t shard_number, What what) {
    Shard& shard = *shards_[shard_number];
    const std::lock_guard lock(shard.mutex);
    for (Entry* first : shard.buckets)
      for (Entry* entry = first; entry; entry = entry->chained_) what(*entry);
  }

 private:
  friend class Cursor;
  friend class Pin;
  struct alignas(64) Shard {
    std::mutex mutex;
    std::vector<Entry*> buckets;
    uint32_t count = 0;
    Entry *oldest = nullptr, *newest = nullptr;
    Change* last_change = nullptr;
    Change* first_change = nullptr;
    std::atomic<uint64_t> taken{0};  // the last change that somebody has taken; see Table::is_untold()
  };

  static uint32_t hash_of(std::string_view key);
  Shard& shard_of(uint32_t hash) { return *shards_[hash & (shards_.size() - 1)]; }
  Entry*& bucket_of(Shard& shard, uint32_t hash) const { return shard.buckets[hash >> 8 & (shard.buckets.size() - 1)]; }
  Entry* find(Shard& shard, std::string_view key, uint32_t hash, Tick now);
  /// Null when the table is full or there is no memory. May unlock for a moment.
  Entry* find_or_make(Shard& shard, std::unique_lock<std::mutex>& lock, std::string_view key, uint32_t hash, Tick now);
  static bool is_untold(Shard& shard, const Change& change);
  void note_change(Entry& entry);
  void note_change(Shard& shard, Entry& entry);
  void note_learned(Shard& shard, Entry& entry, Tick now, std::optional<uint32_t> time_left);
  static void insert(Shard& shard, Change* before, Change& change);
  static void append(Shard& shard, Change& change) { insert(shard, shard.last_change, change); }
  static void remove(Shard& shard, Change& change);
  void grow(Shard& shard);
  void touch(Entry& entry, Tick now) { entry.expires_.store(now + lifetime(), std::memory_order_relaxed); }
  static void leave_order(Shard& shard, Entry& entry);
  static void join_order(Shard& shard, Entry& entry);
  bool has_expired(const Entry& entry, Tick now) const {
    return lifetime() && static_cast<int32_t>(entry.expires() - now) <= 0;
  }
  void drop(Shard& shard, Entry& entry);
  void expire(Shard& shard, Tick now, size_t most);
  bool drop_oldest(Tick now);
  Pin hold(Shard& shard, Entry& entry, Tick now);
  void let_go(Entry& entry, Tick now);

  const std::string name_;
  const model::StickTable kind_;
  const Layout layout_;
  std::atomic<uint32_t> size_, lifetime_, used_{0};
  std::atomic<bool> nopurge_;
  const bool shared_;
  std::atomic<ChangeListener*> listener_{nullptr};
  std::atomic<bool> told_{false};
  std::atomic<uint64_t> changes_{0};
  std::vector<std::unique_ptr<Shard>> shards_;
};

/// Keeps an entry in its table, and counts as a use of it at its beginning and at its end.
class Pin {
 public:
  Pin() = default;
  Pin(Pin&& other) noexcept
      : table_(std::exchange(other.table_, nullptr)), entry_(std::exchange(other.entry_, nullptr)) {}
  Pin& operator=(Pin&& other) noexcept {
    reset();
    table_ = std::exchange(other.table_, nullptr);
    entry_ = std::exchange(other.entry_, nullptr);
    return *this;
  }
  ~Pin() { reset(); }
  explicit operator bool() const { return entry_ != nullptr; }
  Table* table() const { return table_; }
  Entry* entry() const { return entry_; }
  void reset();

  bool stores(StickData data, uint32_t at = 0) const { return at < table_->layout().count(data); }
  uint64_t get(StickData data, Tick now, uint32_t at = 0) const { return entry_->get(table_->layout(), data, now, at); }
  /// Where it is stored.
  void add(StickData data, Tick now, uint64_t n = 1, uint32_t at = 0) {
    if (!stores(data, at)) return;
    entry_->add(table_->layout(), data, now, n, at);
    table_->changed(*entry_);
  }
  void set(StickData data, Tick now, uint64_t n, uint32_t at = 0) {
    if (!stores(data, at)) return;
    entry_->set(table_->layout(), data, now, n, at);
    table_->changed(*entry_);
  }
  /// Begins its time anew.
  void touch(Tick now) { table_->touch(*entry_, now); }

 private:
  friend class Table;
  Pin(Table& table, Entry& entry) : table_(&table), entry_(&entry) {}
  Table* table_ = nullptr;
  Entry* entry_ = nullptr;
};

/// A key that a connection is counted for, from now to its end.
class Tracked {
 public:
  Tracked() = default;
  Tracked(Pin pin, Tick now);
  Tracked(Tracked&&) = default;
  Tracked& operator=(Tracked&& other) noexcept {
    end();
    pin_ = std::move(other.pin_);
    return *this;
  }
  ~Tracked() { end(); }
  explicit operator bool() const { return static_cast<bool>(pin_); }
  Pin& pin() { return pin_; }
  const Pin& pin() const { return pin_; }
  void end();

 private:
  Pin pin_;
};

}  // namespace ddbproxy::sticky
