#include "live/variables.h"

#include <algorithm>

namespace ddbproxy::live {

size_t Variables::cost_of(size_t text) { return sizeof(Entry) + text; }

const Variables::Entry* Variables::find(const sample::Variable& variable) const {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) { return each.variable == variable; });
  return found == entries_.end() ? nullptr : &*found;
}

bool Variables::get(const sample::Variable& variable, sample::Value& value, sample::Scratch& scratch) const {
  const Entry* found = find(variable);
  if (!found) return false;
  value.type = found->type;
  value.number = found->number;
  value.ip = found->ip;
  value.text = scratch.copy(found->text);
  return true;
}

bool Variables::set(const sample::Variable& variable, const sample::Value& value, size_t most) {
  auto* found = const_cast<Entry*>(find(variable));
  const size_t before = found ? cost_of(found->text.size()) : 0, after = cost_of(value.text.size());
  if (most && size_ - before + after > most) return false;
  size_ = size_ - before + after;
  if (!found) found = &entries_.emplace_back(Entry{variable, {}, 0, {}, {}});
  found->type = value.type;
  found->number = value.number;
  found->ip = value.ip;
  found->text.assign(value.text);
  return true;
}

void Variables::unset(const sample::Variable& variable) {
  const Entry* found = find(variable);
  if (!found) return;
  size_ -= cost_of(found->text.size());
  entries_.erase(entries_.begin() + (found - entries_.data()));
}

}  // namespace ddbproxy::live
