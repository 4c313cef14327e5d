#define XXH_INLINE_ALL
#include "sticky/table.h"

#include <algorithm>
#include <random>
#include <xxhash.h>

namespace ddbproxy::sticky {
namespace {

// Few entries stay in one exact order; of many, those of 64 threads hardly meet.
constexpr uint32_t of_one_shard = 4096;
constexpr size_t many_shards = 64, first_buckets = 16;
/// How many expired entries whoever comes by takes away at most.
constexpr size_t tidied_at_once = 64;

size_t shards_for(uint32_t size) { return size < of_one_shard ? 1 : many_shards; }

}  // namespace

Table::Table(std::string name, const model::StickTable& settings, bool shared)
    : name_(std::move(name)), kind_(settings), layout_(settings.data, shared), shared_(shared) {
  adopt(settings);
  shards_.resize(shards_for(settings.size));
  for (auto& shard : shards_) {
    shard = std::make_unique<Shard>();
    shard->buckets.resize(first_buckets);
  }
}

Table::~Table() {
  for (const auto& shard : shards_)
    for (Entry* entry : shard->buckets)
      while (entry) Entry::destroy(std::exchange(entry, entry->chained_));
}

bool Table::continues_as(const model::StickTable& settings, bool shared) const {
  return shared == shared_ && stores_as(settings) && shards_for(settings.size) == shards_.size();
}

bool Table::stores_as(const model::StickTable& settings) const {
  return kind_.key_type == settings.key_type && kind_.key_size == settings.key_size && kind_.data == settings.data &&
         kind_.by_address == settings.by_address;
}

void Table::copy(Table& before, Tick now) {
  using Kind = model::StickDataRow::Kind;
  const Layout& old = before.layout_;
  const auto copy_data = [&](Entry& entry, const Entry& from) {
    for (size_t i = 0; i < model::stick_data_rows.size(); ++i) {
      const auto data = static_cast<StickData>(i);
      // Connections that there are now are counted where they began.
      if (data == StickData::conn_cur) continue;
      for (uint32_t at = 0; at < layout_.count(data); ++at) switch (model::stick_data_rows[i].kind) {
          case Kind::number:
          case Kind::large: entry.set(layout_, data, now, from.get(old, data, now, at), at); break;
          case Kind::rate: entry.set_rate(layout_, data, now, at, from.rate(old, data, now, at)); break;
          case Kind::name: entry.set_name(layout_, from.name(old)); break;
        }
    }
  };
  for (size_t number = 0; number < before.shards(); ++number)
    before.for_each(number, [&](Entry& from) {
      const auto left = before.lifetime() ? std::optional(before.time_left(from, now)) : std::nullopt;
      Entry* made = nullptr;
      learn(from.key(old), now, left, [&](Entry& entry) { copy_data(*(made = &entry), from); });
      // Peers are told of it as of a change of ours.
      if (made) changed(*made);
    });
}

void Table::adopt(const model::StickTable& settings) {
  size_.store(settings.size, std::memory_order_relaxed);
  lifetime_.store(static_cast<uint32_t>(settings.expire.count()), std::memory_order_relaxed);
  nopurge_.store(settings.nopurge, std::memory_order_relaxed);
}

uint32_t Table::time_left(const Entry& entry, Tick now) const {
  const auto left = static_cast<int32_t>(entry.expires() - now);
  return lifetime() && left > 0 ? static_cast<uint32_t>(left) : 0;
}

uint32_t Table::idle_time(const Entry& entry, Tick now) const { return now - (entry.expires() - lifetime()); }

uint32_t Table::hash_of(std::string_view key) {
  // Of a seed that nobody knows, so that nobody chooses keys that meet.
  static const uint64_t seed = (uint64_t{std::random_device()()} << 32) | std::random_device()();
  return static_cast<uint32_t>(XXH3_64bits_withSeed(key.data(), key.size(), seed));
}

Entry* Table::find(Shard& shard, std::string_view key, uint32_t hash, Tick now) {
  for (Entry* entry = bucket_of(shard, hash); entry; entry = entry->chained_) {
    if (entry->hash_ != hash || entry->key(layout_) != key) continue;
    if (entry->pins_ || !has_expired(*entry, now)) return entry;
    drop(shard, *entry);
    return nullptr;
  }
  return nullptr;
}

void Table::grow(Shard& shard) {
  std::vector<Entry*> before(shard.buckets.size() * 2);
  before.swap(shard.buckets);
  for (Entry* entry : before)
    while (entry) {
      Entry* next = entry->chained_;
      Entry*& bucket = bucket_of(shard, entry->hash_);
      entry->chained_ = std::exchange(bucket, entry);
      entry = next;
    }
}

void Table::leave_order(Shard& shard, Entry& entry) {
  (entry.older_ ? entry.older_->newer_ : shard.oldest) = entry.newer_;
  (entry.newer_ ? entry.newer_->older_ : shard.newest) = entry.older_;
  entry.older_ = entry.newer_ = nullptr;
}

void Table::join_order(Shard& shard, Entry& entry) {
  entry.older_ = std::exchange(shard.newest, &entry);
  (entry.older_ ? entry.older_->newer_ : shard.oldest) = &entry;
}

/// One that is not pinned.
void Table::drop(Shard& shard, Entry& entry) {
  leave_order(shard, entry);
  if (shared_) remove(shard, entry.change());
  Entry** link = &bucket_of(shard, entry.hash_);
  while (*link != &entry) link = &(*link)->chained_;
  *link = entry.chained_;
  --shard.count;
  used_.fetch_sub(1, std::memory_order_relaxed);
  Entry::destroy(&entry);
}

void Table::expire(Shard& shard, Tick now, size_t most) {
  while (most-- && shard.oldest && has_expired(*shard.oldest, now)) drop(shard, *shard.oldest);
}

void Table::expire(Tick now) {
  if (!lifetime()) return;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    expire(*shard, now, SIZE_MAX);
  }
}

/// Makes room for more entries, if it may.
bool Table::drop_oldest(Tick now) {
  expire(now);
  if (used() < size()) return true;
  if (nopurge_.load(std::memory_order_relaxed)) return false;
  // As many at once as haproxy, so that not every newcomer has to look. Keys are spread evenly over the shards, and so
  // are the oldest.
  const size_t most = ((size() >> 8) + shards_.size()) / shards_.size();
  bool any = false;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    for (size_t i = 0; i < most && shard->oldest; ++i, any = true) drop(*shard, *shard->oldest);
  }
  return any;
}

Pin Table::hold(Shard& shard, Entry& entry, Tick now) {
  if (!entry.pins_++) leave_order(shard, entry);
  touch(entry, now);
  return Pin(*this, entry);
}

void Table::let_go(Entry& entry, Tick now) {
  Shard& shard = shard_of(entry.hash_);
  const std::lock_guard lock(shard.mutex);
  touch(entry, now);
  if (shared_) note_change(shard, entry);
  if (!--entry.pins_) join_order(shard, entry);
}

Pin Table::pin(std::string_view key, Tick now) {
  const uint32_t hash = hash_of(key);
  Shard& shard = shard_of(hash);
  const std::lock_guard lock(shard.mutex);
  Entry* entry = find(shard, key, hash, now);
  return entry ? hold(shard, *entry, now) : Pin();
}

Pin Table::pin_or_make(std::string_view key, Tick now) {
  const uint32_t hash = hash_of(key);
  Shard& shard = shard_of(hash);
  std::unique_lock lock(shard.mutex);
  Entry* entry = find_or_make(shard, lock, key, hash, now);
  return entry ? hold(shard, *entry, now) : Pin();
}

Entry* Table::find_or_make(Shard& shard, std::unique_lock<std::mutex>& lock, std::string_view key, uint32_t hash,
                           Tick now) {
  for (;;) {
    if (Entry* entry = find(shard, key, hash, now)) return entry;
    if (used_.fetch_add(1, std::memory_order_relaxed) < size()) break;
    used_.fetch_sub(1, std::memory_order_relaxed);
    lock.unlock();
    const bool room = drop_oldest(now);
    lock.lock();
    if (!room) return nullptr;
  }
  expire(shard, now, tidied_at_once);
  Entry* entry = Entry::make(layout_, key, hash);
  if (!entry) {
    used_.fetch_sub(1, std::memory_order_relaxed);
    return nullptr;
  }
  if (shared_) new (&entry->change()) Change;
  Entry*& bucket = bucket_of(shard, hash);
  entry->chained_ = std::exchange(bucket, entry);
  ++shard.count;
  join_order(shard, *entry);
  // A longer chain is slower, and no reason to fail.
  if (shard.count > shard.buckets.size()) try {
      grow(shard);
    } catch (const std::bad_alloc&) {
    }
  return entry;
}

void Table::insert(Shard& shard, Change* before, Change& change) {
  change.before = before;
  change.after = before ? before->after : shard.first_change;
  (change.before ? change.before->after : shard.first_change) = &change;
  (change.after ? change.after->before : shard.last_change) = &change;
}

void Table::remove(Shard& shard, Change& change) {
  const bool there = change.before || shard.first_change == &change;
  if (!there) return;
  (change.before ? change.before->after : shard.first_change) = change.after;
  (change.after ? change.after->before : shard.last_change) = change.before;
  change.before = change.after = nullptr;
}

/// Whether everybody is still to be told of the last change of an entry: then they are told of one more with it. Here
/// and in Cursor::take() `taken` is read and written at once, so that of the two one comes first: then the data that
/// was written before is read there, or what was taken is seen here. Without the lock, of an entry that is pinned.
bool Table::is_untold(Shard& shard, const Change& change) {
  const uint64_t taken = shard.taken.fetch_add(0, std::memory_order_acq_rel);
  return change.number.load(std::memory_order_relaxed) > taken;
}

void Table::note_change(Entry& entry) {
  Shard& shard = shard_of(entry.hash_);
  if (is_untold(shard, entry.change())) return;
  const std::lock_guard lock(shard.mutex);
  note_change(shard, entry);
}

void Table::note_change(Shard& shard, Entry& entry) {
  Change& change = entry.change();
  if (is_untold(shard, change)) return;
  remove(shard, change);
  change.number.store(changes_.fetch_add(1, std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  append(shard, change);
  if (told_.exchange(true, std::memory_order_seq_cst)) return;
  if (ChangeListener* listener = listener_.load(std::memory_order_acquire)) listener->table_changed();
}

void Table::note_learned(Shard& shard, Entry& entry, Tick now, std::optional<uint32_t> time_left) {
  entry.expires_.store(now + std::min(time_left.value_or(lifetime()), lifetime()), std::memory_order_relaxed);
  if (!entry.pins_) {
    leave_order(shard, entry);
    join_order(shard, entry);
    // To those that expire when it does; not at any price.
    constexpr int most_steps = 64;
    for (int step = 0; step < most_steps && entry.older_; ++step) {
      Entry& older = *entry.older_;
      if (static_cast<int32_t>(older.expires() - entry.expires()) <= 0) break;
      older.newer_ = entry.newer_;
      (entry.newer_ ? entry.newer_->older_ : shard.newest) = &older;
      entry.older_ = older.older_;
      (entry.older_ ? entry.older_->newer_ : shard.oldest) = &entry;
      entry.newer_ = &older;
      older.older_ = &entry;
    }
  }
  if (!shared_) return;
  Change& change = entry.change();
  // What we have changed ourselves is told as it is when it is told.
  if (!change.before && shard.first_change != &change) append(shard, change);
}

Table::Removal Table::remove(std::string_view key, Tick now) {
  const uint32_t hash = hash_of(key);
  Shard& shard = shard_of(hash);
  const std::lock_guard lock(shard.mutex);
  Entry* entry = find(shard, key, hash, now);
  if (!entry) return Removal::none;
  if (entry->pins_) return Removal::pinned;
  drop(shard, *entry);
  return Removal::done;
}

void Pin::reset() {
  if (entry_) table_->let_go(*std::exchange(entry_, nullptr), tick_of(base::now()));
  table_ = nullptr;
}

Tracked::Tracked(Pin pin, Tick now) : pin_(std::move(pin)) {
  if (!pin_) return;
  pin_.add(StickData::conn_cur, now);
  pin_.add(StickData::conn_cnt, now);
  pin_.add(StickData::conn_rate, now);
}

void Tracked::end() {
  if (!pin_) return;
  // It may have been set to something else meanwhile; it never falls below 0.
  const Tick now = tick_of(base::now());
  if (pin_.stores(StickData::conn_cur) && pin_.get(StickData::conn_cur, now) > 0)
    pin_.add(StickData::conn_cur, now, static_cast<uint64_t>(-1));
  pin_.reset();
}

}  // namespace ddbproxy::sticky
