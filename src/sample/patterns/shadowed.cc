#include "sample/patterns/shadowed.h"

#include <algorithm>

namespace ddbproxy::sample {
namespace {

/// They wait in the order of their list.
std::deque<const PatternEntry*>::iterator place_of(std::deque<const PatternEntry*>& waiting,
                                                   const PatternEntry& entry) {
  const auto place = std::lower_bound(waiting.begin(), waiting.end(), entry.number,
                                      [](const PatternEntry* each, uint32_t number) { return each->number < number; });
  return place != waiting.end() && *place == &entry ? place : waiting.end();
}

}  // namespace

const PatternEntry* Shadowed::next_of(const PatternEntry& shown) {
  auto found = behind_.extract(&shown);
  if (found.empty()) return nullptr;
  const PatternEntry* next = found.mapped().front();
  found.mapped().pop_front();
  found.key() = next;
  if (!found.mapped().empty()) behind_.insert(std::move(found));
  return next;
}

bool Shadowed::erase(const PatternEntry& shown, const PatternEntry& entry) {
  const auto found = behind_.find(&shown);
  if (found == behind_.end()) return false;
  const auto place = place_of(found->second, entry);
  if (place == found->second.end()) return false;
  found->second.erase(place);
  if (found->second.empty()) behind_.erase(found);
  return true;
}

void Shadowed::replace(const PatternEntry& shown, const PatternEntry& old, const PatternEntry& with) {
  if (&shown == &old) {
    auto found = behind_.extract(&old);
    if (found.empty()) return;
    found.key() = &with;
    behind_.insert(std::move(found));
    return;
  }
  const auto found = behind_.find(&shown);
  if (found == behind_.end()) return;
  const auto place = place_of(found->second, old);
  if (place != found->second.end()) *place = &with;
}

}  // namespace ddbproxy::sample
