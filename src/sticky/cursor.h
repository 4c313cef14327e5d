// Goes through the changes of a shared table, for one peer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "sticky/table.h"

namespace ddbproxy::sticky {

/// A mark in each shard's order of changes: what is in front of it has been taken. An entry that changes moves behind
/// all marks, so that nothing has to be compared or remembered for it. All cursors of a table belong to one thread.
class Cursor {
 public:
  /// Begins at the end: only what changes from now on is taken.
  explicit Cursor(std::shared_ptr<Table> table);
  ~Cursor();
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  Table& table() const { return *table_; }
  /// Begins a lesson: everything that is there now is to be taken, what peers have said, too.
  void rewind();
  /// Until everything that was there at the last rewind() has been taken.
  bool in_lesson() const { return open_lessons_ != 0; }
  /// Ends a lesson early.
  void drop_lesson();
  /// What was taken behind this change is to be taken again: the other end never had it.
  void go_back(uint64_t change);

  /// Calls what(Entry&) for up to `most` entries, each with its shard locked; of what peers have said only in a lesson.
  /// Gives how many there were: fewer than `most` when no more are there now.
  template <class What>
  size_t take(size_t most, What what) {
    size_t taken = 0;
    for (size_t tried = 0; tried < marks_.size() && taken < most; ++tried) {
      taken += take_of(next_shard_, most - taken, what);
      if (taken < most) next_shard_ = (next_shard_ + 1) % marks_.size();
    }
    return taken;
  }

 private:
  struct Mark {
    Change at, end;
    bool in_lesson = false;
  };

  template <class What>
  size_t take_of(size_t number, size_t most, What& what) {
    Mark& mark = marks_[number];
    Table::Shard& shard = *table_->shards_[number];
    const std::lock_guard lock(shard.mutex);
    size_t taken = 0;
    Change* last = nullptr;
    for (Change* each = mark.at.after; each && taken < most; each = each->after) {
      last = each;
      if (each->kind == Change::Kind::mark) {
        if (each == &mark.end) end_lesson(mark);
        continue;
      }
      const uint64_t change = each->number.load(std::memory_order_relaxed);
      if (!change && !mark.in_lesson) continue;
      // Written even where it does not rise: see Table::is_untold().
      const uint64_t before = shard.taken.load(std::memory_order_relaxed);
      shard.taken.exchange(std::max(before, change), std::memory_order_acq_rel);
      what(Entry::of(*each));
      ++taken;
    }
    if (last) move_behind(shard, mark, *last);
    return taken;
  }
  static void move_behind(Table::Shard& shard, Mark& mark, Change& change);
  void end_lesson(Mark& mark);

  std::shared_ptr<Table> table_;
  std::vector<Mark> marks_;
  size_t next_shard_ = 0, open_lessons_ = 0;
};

}  // namespace ddbproxy::sticky
