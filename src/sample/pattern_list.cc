#include "sample/pattern_list.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>
#include <fmt/format.h>

namespace ddbproxy::sample {
namespace {

/// An entry that owns its texts.
struct OwnEntry : PatternEntry {
  std::unique_ptr<char[]> bytes;
};

uint64_t next_list() {
  static std::atomic<uint64_t> lists = 0;
  return ++lists;
}

constexpr bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

/// One line of a file as an entry; false: it says nothing.
bool read_line(const char* at, const char* end, PatternList::Lines lines, PatternEntry& entry) {
  if (at == end || *at == '#') return false;
  if (const void* zero = std::memchr(at, '\0', static_cast<size_t>(end - at))) end = static_cast<const char*>(zero);
  if (const void* feed = std::memchr(at, '\r', static_cast<size_t>(end - at))) end = static_cast<const char*>(feed);
  while (at < end && is_blank(*at)) ++at;
  if (at == end) return false;
  const auto from_begin = [begin = at](const char* place) { return static_cast<uint32_t>(place - begin); };
  entry.text = at;
  entry.pattern_size = from_begin(end);
  if (lines == PatternList::Lines::patterns) return true;
  while (at < end && !is_blank(*at)) ++at;
  entry.pattern_size = from_begin(at);
  while (at < end && is_blank(*at)) ++at;
  while (end > at && is_blank(end[-1])) --end;
  entry.value_at = from_begin(at);
  entry.value_size = static_cast<uint32_t>(end - at);
  return true;
}

template <class F>
void for_each_line(std::string_view text, F&& f) {
  const char *at = text.data(), *const end = at + text.size();
  for (uint32_t number = 1; at < end; ++number) {
    const void* feed = std::memchr(at, '\n', static_cast<size_t>(end - at));
    const char* line_end = feed ? static_cast<const char*>(feed) : end;
    f(at, line_end, number);
    at = line_end + 1;
  }
}

}  // namespace

/// The text of a file, and its entries, which point into it.
struct PatternList::File {
  std::string text;
  std::unique_ptr<PatternEntry[]> entries;
  size_t count = 0, left = 0;

  bool has(const PatternEntry* entry) const {
    return !std::less<>()(entry, entries.get()) && std::less<>()(entry, entries.get() + count);
  }
};

PatternList::PatternList(std::string file) : file_(std::move(file)), first_id_(next_list() << 32) {}

PatternList::~PatternList() {
  for (const PatternEntry* each : entries_)
    if (each) let_go(each);
}

void PatternList::load(std::string text, Lines lines) {
  auto file = std::make_unique<File>();
  file->text = std::move(text);
  has_values_ = lines == Lines::keys_and_values;
  PatternEntry read;
  for_each_line(file->text, [&](const char* at, const char* end, uint32_t) {
    file->count += read_line(at, end, PatternList::Lines::patterns, read);
  });
  file->entries = std::make_unique<PatternEntry[]>(file->count);
  entries_.reserve(file->count);
  numbers_.reserve(file->count);
  for_each_line(file->text, [&](const char* at, const char* end, uint32_t number) {
    PatternEntry& entry = file->entries[file->left];
    if (!read_line(at, end, lines, entry)) return;
    ++file->left;
    entry.line = number;
    entry.number = ++last_number_;
    append(&entry);
  });
  from_file_ = std::move(file);
}

base::Result<std::shared_ptr<const PatternSet>> PatternList::compile(const MatchOptions& options) {
  for (const auto& set : sets_)
    if (set->options().compares_as(options)) return std::shared_ptr<const PatternSet>(set);
  auto set = std::make_shared<PatternSet>(options);
  const auto fail = [&](const PatternEntry& entry, std::string words) {
    if (entry.line > 0) words += fmt::format(" at line {} of file '{}'", entry.line, file_);
    return base::Error{0, std::move(words)};
  };
  set->of(current_).load(size());
  for (const PatternEntry* entry : entries_) {
    if (!entry) continue;
    auto status = entry->has_value() ? set->judge_value(entry->value()) : base::ok();
    if (status) status = set->of(entry->version).insert(*entry, leftovers_);
    if (!status) return fail(*entry, status.error().text);
  }
  set->of(current_).loaded();
  set->show(current_, leftovers_);
  sets_.push_back(set);
  entry_count_ += size();
  return std::shared_ptr<const PatternSet>(set);
}

bool PatternList::commit(uint32_t version) {
  if (static_cast<int32_t>(version - current_) <= 0 || !knows_version(version)) return false;
  for (const auto& set : sets_) set->show(version, leftovers_);
  current_ = version;
  drop([&](const PatternEntry& entry) { return static_cast<int32_t>(entry.version - version) < 0; });
  return true;
}

base::Status PatternList::judge_value(std::string_view value) const {
  for (const auto& set : sets_)
    if (auto status = set->judge_value(value); !status) return status;
  return base::ok();
}

PatternEntry* PatternList::make(std::string_view pattern, std::optional<std::string_view> value) {
  auto own = std::make_unique<OwnEntry>();
  own->bytes = std::make_unique_for_overwrite<char[]>(pattern.size() + value.value_or("").size());
  char* const end = std::copy(pattern.begin(), pattern.end(), own->bytes.get());
  own->text = own->bytes.get();
  own->pattern_size = static_cast<uint32_t>(pattern.size());
  if (value) {
    std::copy(value->begin(), value->end(), end);
    own->value_at = own->pattern_size;
    own->value_size = static_cast<uint32_t>(value->size());
  }
  return own.release();
}

void PatternList::append(const PatternEntry* entry) {
  entries_.push_back(entry);
  numbers_.push_back(entry->number);
  if (by_pattern_) by_pattern_->insert(*entry, leftovers_);
}

base::Status PatternList::add(std::string_view pattern, std::optional<std::string_view> value, uint32_t version) {
  PatternEntry* entry = make(pattern, value);
  entry->version = version;
  entry->number = ++last_number_;
  for (size_t i = 0; i < sets_.size(); ++i) {
    auto status = value ? sets_[i]->judge_value(*value) : base::ok();
    if (status) status = sets_[i]->of(version).insert(*entry, leftovers_);
    if (status) continue;
    entry_count_ += i;
    --entry_count_;
    while (i-- > 0) sets_[i]->of(version).erase(*entry, leftovers_);
    let_go(entry);
    return status;
  }
  entry_count_ += sets_.size();
  append(entry);
  return base::ok();
}

void PatternList::let_go(const PatternEntry* entry) {
  if (!from_file_ || !from_file_->has(entry)) {
    leftovers_.keep(std::unique_ptr<const OwnEntry>(static_cast<const OwnEntry*>(entry)));
  } else if (--from_file_->left == 0) {
    leftovers_.keep(std::move(from_file_));
  }
}

void PatternList::close_gaps() {
  if (gone_ * 2 <= entries_.size()) return;
  size_t to = 0;
  for (size_t from = 0; from < entries_.size(); ++from) {
    if (!entries_[from]) continue;
    entries_[to] = entries_[from];
    numbers_[to++] = numbers_[from];
  }
  entries_.resize(to);
  numbers_.resize(to);
  gone_ = 0;
}

template <class F>
void PatternList::drop(F&& is_gone) {
  for (const PatternEntry*& place : entries_) {
    if (!place || !is_gone(*place)) continue;
    if (by_pattern_) by_pattern_->erase(*place);
    let_go(std::exchange(place, nullptr));
    ++gone_;
    --entry_count_;
  }
  close_gaps();
}

size_t PatternList::place_of_number(uint32_t number) const {
  const auto found = std::lower_bound(numbers_.begin(), numbers_.end(), number);
  const auto place = static_cast<size_t>(found - numbers_.begin());
  return found != numbers_.end() && *found == number && entries_[place] ? place : nowhere;
}

size_t PatternList::place_of(uint64_t id) const {
  return id >> 32 == first_id_ >> 32 ? place_of_number(static_cast<uint32_t>(id)) : nowhere;
}

std::vector<uint32_t> PatternList::numbers_of(std::string_view pattern) {
  if (!by_pattern_) {
    by_pattern_ = std::make_unique<TextHash>(Reading::exact);
    by_pattern_->reserve(size());
    for (const PatternEntry* each : entries_)
      if (each) by_pattern_->insert(*each, leftovers_);
  }
  std::vector<uint32_t> numbers;
  by_pattern_->for_each_of(pattern, [&](const PatternEntry& entry) { numbers.push_back(entry.number); });
  return numbers;
}

void PatternList::erase_at(size_t place) {
  const PatternEntry* entry = std::exchange(entries_[place], nullptr);
  ++gone_;
  --entry_count_;
  for (const auto& set : sets_) set->of(entry->version).erase(*entry, leftovers_);
  if (by_pattern_) by_pattern_->erase(*entry);
  let_go(entry);
}

size_t PatternList::erase(std::string_view pattern) {
  const auto numbers = numbers_of(pattern);
  for (const uint32_t number : numbers) erase_at(place_of_number(number));
  close_gaps();
  return numbers.size();
}

bool PatternList::erase(uint64_t id) {
  const size_t place = place_of(id);
  if (place == nowhere) return false;
  erase_at(place);
  close_gaps();
  return true;
}

void PatternList::set_at(size_t place, std::string_view value) {
  const PatternEntry* old = entries_[place];
  PatternEntry* entry = make(old->pattern(), value);
  entry->number = old->number;
  entry->line = old->line;
  entry->version = old->version;
  for (const auto& set : sets_) set->of(old->version).replace(*old, *entry, leftovers_);
  if (by_pattern_) by_pattern_->replace(*old, *entry);
  entries_[place] = entry;
  let_go(old);
}

base::Result<size_t> PatternList::set(std::string_view pattern, std::string_view value) {
  const auto numbers = numbers_of(pattern);
  if (numbers.empty()) return size_t{0};
  if (auto status = judge_value(value); !status) return status.error();
  for (const uint32_t number : numbers) set_at(place_of_number(number), value);
  return numbers.size();
}

base::Result<bool> PatternList::set(uint64_t id, std::string_view value) {
  const size_t place = place_of(id);
  if (place == nowhere) return false;
  if (auto status = judge_value(value); !status) return status.error();
  set_at(place, value);
  return true;
}

void PatternList::clear(uint32_t version) {
  for (const auto& set : sets_) set->clear(version, leftovers_);
  drop([&](const PatternEntry& entry) { return entry.version == version; });
}

std::optional<uint64_t> PatternList::parse_id(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id, 16);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return id;
}

const PatternEntry* PatternList::next(uint32_t version, uint64_t behind) const {
  const uint32_t number = static_cast<uint32_t>(behind);
  auto place = static_cast<size_t>(std::upper_bound(numbers_.begin(), numbers_.end(), number) - numbers_.begin());
  for (; place < entries_.size(); ++place)
    if (entries_[place] && entries_[place]->version == version) return entries_[place];
  return nullptr;
}

}  // namespace ddbproxy::sample
