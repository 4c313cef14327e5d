#include "sticky/cursor.h"

namespace ddbproxy::sticky {

Cursor::Cursor(std::shared_ptr<Table> table) : table_(std::move(table)), marks_(table_->shards()) {
  for (size_t i = 0; i < marks_.size(); ++i) {
    Table::Shard& shard = *table_->shards_[i];
    const std::lock_guard lock(shard.mutex);
    marks_[i].at.kind = marks_[i].end.kind = Change::Kind::mark;
    Table::append(shard, marks_[i].at);
    Table::append(shard, marks_[i].end);
  }
}

Cursor::~Cursor() {
  for (size_t i = 0; i < marks_.size(); ++i) {
    Table::Shard& shard = *table_->shards_[i];
    const std::lock_guard lock(shard.mutex);
    Table::remove(shard, marks_[i].at);
    Table::remove(shard, marks_[i].end);
  }
}

void Cursor::rewind() {
  for (size_t i = 0; i < marks_.size(); ++i) {
    Table::Shard& shard = *table_->shards_[i];
    const std::lock_guard lock(shard.mutex);
    Mark& mark = marks_[i];
    Table::remove(shard, mark.at);
    Table::remove(shard, mark.end);
    Table::insert(shard, nullptr, mark.at);
    Table::append(shard, mark.end);
    mark.in_lesson = true;
  }
  open_lessons_ = marks_.size();
}

void Cursor::end_lesson(Mark& mark) {
  if (!mark.in_lesson) return;
  mark.in_lesson = false;
  --open_lessons_;
}

void Cursor::drop_lesson() {
  for (Mark& mark : marks_) end_lesson(mark);
}

void Cursor::move_behind(Table::Shard& shard, Mark& mark, Change& change) {
  Table::remove(shard, mark.at);
  Table::insert(shard, &change, mark.at);
}

void Cursor::go_back(uint64_t change) {
  for (size_t i = 0; i < marks_.size(); ++i) {
    Table::Shard& shard = *table_->shards_[i];
    const std::lock_guard lock(shard.mutex);
    Change* last = marks_[i].at.before;
    while (last) {
      const uint64_t number = last->number.load(std::memory_order_relaxed);
      if (last->kind == Change::Kind::entry && number && number <= change) break;
      last = last->before;
    }
    Table::remove(shard, marks_[i].at);
    Table::insert(shard, last, marks_[i].at);
  }
}

}  // namespace ddbproxy::sticky
