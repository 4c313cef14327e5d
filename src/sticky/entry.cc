#include "sticky/entry.h"

#include <cstring>
#include <mutex>
#include <new>
#include <set>

namespace ddbproxy::sticky {
namespace {

using Kind = model::StickDataRow::Kind;
using Number = std::atomic<uint32_t>;
using Large = std::atomic<uint64_t>;
using Name = std::atomic<const std::string*>;

Kind kind_of(StickData data) { return model::stick_data_rows[static_cast<size_t>(data)].kind; }

/// Null when it is a new one and there are as many as that.
const std::string* keep(std::string_view name, size_t most) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> names;
  const std::lock_guard lock(mutex);
  const auto known = names.find(name);
  if (known != names.end()) return &*known;
  return names.size() < most ? &*names.emplace(name).first : nullptr;
}

}  // namespace

Layout::Layout(const model::StickTable::Data& stored, bool shared) : size_(shared ? sizeof(Change) : 0) {
  // The wide ones first, so that all are aligned.
  for (const bool wide : {true, false})
    for (size_t i = 0; i < items_.size(); ++i) {
      const Kind kind = model::stick_data_rows[i].kind;
      if (!stored[i].count || wide != (kind == Kind::large || kind == Kind::name)) continue;
      items_[i] = {stored[i].count, static_cast<uint32_t>(stored[i].period.count()), size_};
      size_ += stored[i].count * static_cast<uint32_t>(kind == Kind::rate ? sizeof(WindowRate) : wide ? 8 : 4);
    }
}

Entry* Entry::make(const Layout& layout, std::string_view key, uint32_t hash) {
  void* room = ::operator new(sizeof(Entry) + layout.size() + key.size(), std::nothrow);
  if (!room) return nullptr;
  Entry* entry = new (room) Entry(key, hash);
  // Zeros are what all of its data begin with.
  std::memset(entry->data(), 0, layout.size());
  std::memcpy(entry->data() + layout.size(), key.data(), key.size());
  return entry;
}

void Entry::destroy(Entry* entry) {
  entry->~Entry();
  ::operator delete(entry);
}

uint64_t Entry::get(const Layout& layout, StickData data, Tick now, uint32_t at) const {
  switch (kind_of(data)) {
    case Kind::number: return item<Number>(layout, data, at).load(std::memory_order_relaxed);
    case Kind::large: return item<Large>(layout, data, at).load(std::memory_order_relaxed);
    case Kind::rate: return item<WindowRate>(layout, data, at).read(now, layout.period(data));
    case Kind::name: break;
  }
  return 0;
}

void Entry::add(const Layout& layout, StickData data, Tick now, uint64_t n, uint32_t at) {
  switch (kind_of(data)) {
    case Kind::number:
      item<Number>(layout, data, at).fetch_add(static_cast<uint32_t>(n), std::memory_order_relaxed);
      return;
    case Kind::large: item<Large>(layout, data, at).fetch_add(n, std::memory_order_relaxed); return;
    case Kind::rate: return item<WindowRate>(layout, data, at).add(now, layout.period(data), static_cast<uint32_t>(n));
    case Kind::name: return;
  }
}

void Entry::set(const Layout& layout, StickData data, Tick now, uint64_t n, uint32_t at) {
  switch (kind_of(data)) {
    case Kind::number:
      item<Number>(layout, data, at).store(static_cast<uint32_t>(n), std::memory_order_relaxed);
      return;
    case Kind::large: item<Large>(layout, data, at).store(n, std::memory_order_relaxed); return;
    case Kind::rate: return item<WindowRate>(layout, data, at).set(now, static_cast<uint32_t>(n));
    case Kind::name: return;
  }
}

const std::string* Entry::name(const Layout& layout) const {
  return item<Name>(layout, StickData::server_key, 0).load(std::memory_order_acquire);
}

void Entry::set_name(const Layout& layout, const std::string* name) {
  item<Name>(layout, StickData::server_key, 0).store(name, std::memory_order_release);
}

WindowRate::Parts Entry::rate(const Layout& layout, StickData data, Tick now, uint32_t at) const {
  return item<WindowRate>(layout, data, at).parts(now);
}

void Entry::set_rate(const Layout& layout, StickData data, Tick now, uint32_t at, WindowRate::Parts parts) {
  item<WindowRate>(layout, data, at).take(now, layout.period(data), parts);
}

const std::string* kept_name(std::string_view name) { return keep(name, SIZE_MAX); }

const std::string* kept_name_of_peer(std::string_view name) {
  constexpr size_t longest = 256, most = 10000;
  return name.size() > longest ? nullptr : keep(name, most);
}

}  // namespace ddbproxy::sticky
