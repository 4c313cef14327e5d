#include "live/variables.h"

#include <algorithm>

namespace ddbproxy::live {

namespace {

/// What haproxy counts for a variable beside the text of its value.
constexpr size_t overhead = 80;

}  // namespace

size_t Variables::Entry::cost() const { return overhead + text.size(); }

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

uint64_t Variables::cost(sample::Scope first, sample::Scope last) const {
  uint64_t sum = 0;
  for (const Entry& each : entries_)
    if (first <= each.variable.scope && each.variable.scope <= last) sum += each.cost();
  return sum;
}

// Scopes stand from the widest to the narrowest: each of a stream's holds those behind it.
bool Variables::fits(sample::Scope scope, uint64_t before, uint64_t after, const model::VariableLimits& limits) const {
  using sample::Scope;
  const auto within = [&](uint64_t most, Scope first, Scope last) {
    return !most || scope < first || scope > last || cost(first, last) - before + after <= most;
  };
  return within(limits.process, Scope::process, Scope::process) &&
         within(limits.session, Scope::session, Scope::response) &&
         within(limits.transaction, Scope::transaction, Scope::response) &&
         within(limits.message, Scope::request, Scope::response) && within(limits.check, Scope::check, Scope::check);
}

bool Variables::set(const sample::Variable& variable, const sample::Value& value, const model::VariableLimits& limits,
                    VariableTotal& total) {
  auto* found = const_cast<Entry*>(find(variable));
  const uint64_t before = found ? found->cost() : 0, after = overhead + value.text.size();
  if (after > before && !fits(variable.scope, before, after, limits)) return false;
  // Two threads at once may exceed it by a variable each.
  if (limits.global && after > before && total.load(std::memory_order_relaxed) + after - before > limits.global)
    return false;
  if (limits.global && !total_) {
    total_ = &total;
    total.fetch_add(cost(sample::Scope::process, sample::Scope::check), std::memory_order_relaxed);
  }
  if (total_) total_->fetch_add(after - before, std::memory_order_relaxed);
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
  if (total_) total_->fetch_sub(found->cost(), std::memory_order_relaxed);
  entries_.erase(entries_.begin() + (found - entries_.data()));
}

void Variables::clear() {
  if (total_) total_->fetch_sub(cost(sample::Scope::process, sample::Scope::check), std::memory_order_relaxed);
  entries_.clear();
  total_ = nullptr;
}

}  // namespace ddbproxy::live
