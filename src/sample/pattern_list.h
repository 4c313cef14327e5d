// The patterns of one `acl` line, of one file or of one map: what the runtime API lists and changes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sample/pattern.h"
#include "sample/pattern_set.h"
#include "sample/patterns/leftovers.h"
#include "sample/patterns/text_hash.h"

namespace ddbproxy::sample {

/// All that compare by the same file share one list, with a PatternSet for each way of comparing. One thread changes
/// it; readers see each change as a whole. Whoever changes it takes the leftovers() afterwards, and frees them when no
/// reader can know them any more.
class PatternList {
 public:
  /// Whether a line of a file is a pattern, or a key and a value behind blanks.
  enum class Lines : uint8_t { patterns, keys_and_values };

  /// `file` is empty for the patterns of an `acl` line.
  explicit PatternList(std::string file = {});
  PatternList(const PatternList&) = delete;
  PatternList& operator=(const PatternList&) = delete;
  ~PatternList();

  const std::string& file() const { return file_; }
  /// Its file has keys and values.
  bool has_values() const { return has_values_; }

  /// Appends what a file says, before the list is compiled for anything.
  void load(std::string text, Lines lines);
  /// The set that compares in this way. Fails at the first entry that the method cannot read, or whose value is none of
  /// that type, in haproxy's words, with its line.
  base::Result<std::shared_ptr<const PatternSet>> compile(const MatchOptions& options);

  /// The version that readers see, and the latest that prepare() has made.
  uint32_t current_version() const { return current_; }
  uint32_t next_version() const { return next_; }
  uint32_t prepare() { return ++next_; }
  /// False: it has not been prepared yet ("Version number in the future").
  bool knows_version(uint32_t version) const { return static_cast<int32_t>(next_ - version) >= 0; }
  /// Readers see that version from now on; those before it are gone. False: "Version number out of range".
  bool commit(uint32_t version);

  /// Appends an entry to a known version. Fails, and changes nothing, when a set cannot read it.
  base::Status add(std::string_view pattern, std::optional<std::string_view> value, uint32_t version);
  base::Status add(std::string_view pattern, std::optional<std::string_view> value = {}) {
    return add(pattern, value, current_);
  }
  /// Removes all entries of this pattern, of whatever version; how many there were.
  size_t erase(std::string_view pattern);
  /// False: there is none.
  bool erase(uint64_t id);
  /// Gives all entries of this pattern, of whatever version, another value; how many there are. Fails, and changes
  /// nothing, when a set cannot take the value (haproxy then changes nothing either, and says nothing).
  base::Result<size_t> set(std::string_view pattern, std::string_view value);
  /// False: there is none.
  base::Result<bool> set(uint64_t id, std::string_view value);
  /// Removes the entries of this version.
  void clear(uint32_t version);

  /// How many entries there are, of all versions.
  size_t size() const { return entries_.size() - gone_; }
  /// As haproxy counts them for `show acl`: one for each set that has it, but an entry that goes, or that a set could
  /// not read, takes only one away.
  uint64_t entry_count() const { return entry_count_; }
  const std::vector<std::shared_ptr<PatternSet>>& sets() const { return sets_; }
  /// How the runtime API names an entry of this list, "0x..."; unique in the process.
  uint64_t id_of(const PatternEntry& entry) const { return first_id_ + entry.number; }
  /// The id that "0x..." says.
  static std::optional<uint64_t> parse_id(std::string_view text);
  /// The first entry of the version behind the one with this id, 0 for the first of all: to show a list in pieces.
  /// Null: there is none.
  const PatternEntry* next(uint32_t version, uint64_t behind) const;

  /// What changes have taken out of sight since the last call.
  [[nodiscard]] Leftovers leftovers() { return std::exchange(leftovers_, {}); }

 private:
  struct File;

  static constexpr size_t nowhere = ~size_t{0};

  size_t place_of(uint64_t id) const;
  size_t place_of_number(uint32_t number) const;
  /// The numbers of a pattern's entries.
  std::vector<uint32_t> numbers_of(std::string_view pattern);
  PatternEntry* make(std::string_view pattern, std::optional<std::string_view> value);
  void append(const PatternEntry* entry);
  void erase_at(size_t place);
  void set_at(size_t place, std::string_view value);
  /// Lets all entries go that `is_gone` says, which stand in no index any more.
  template <class F>
  void drop(F&& is_gone);
  void let_go(const PatternEntry* entry);
  void close_gaps();
  base::Status judge_value(std::string_view value) const;

  const std::string file_;
  const uint64_t first_id_;
  bool has_values_ = false;
  std::unique_ptr<File> from_file_;
  std::vector<const PatternEntry*> entries_;  ///< In order; null where one was.
  std::vector<uint32_t> numbers_;             ///< Of the entries, and of those that were there.
  size_t gone_ = 0;
  uint64_t entry_count_ = 0;
  uint32_t last_number_ = 0;
  uint32_t current_ = 0, next_ = 0;
  std::vector<std::shared_ptr<PatternSet>> sets_;
  std::unique_ptr<TextHash> by_pattern_;  ///< Of all versions; made when the first change asks for a pattern.
  Leftovers leftovers_;
};

}  // namespace ddbproxy::sample
