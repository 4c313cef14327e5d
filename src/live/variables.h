// Variables that expressions set and read (manual 7.3.1 "set-var", 3.2 "tune.vars").
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

#include "base/guarded.h"
#include "sample/scratch.h"
#include "sample/value.h"
#include "sample/variable.h"

namespace ddbproxy::live {

/// The bytes that the variables of a process take in all, while `tune.vars.global-max-size` limits them.
using VariableTotal = std::atomic<uint64_t>;

/// Variables by scope and name, each with a copy of its value. A handful at most: looked through in order. For one
/// thread.
class Variables {
 public:
  Variables() = default;
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;
  ~Variables() { clear(); }

  /// A copy in `scratch`; false when it was never set.
  bool get(const sample::Variable& variable, sample::Value& value, sample::Scratch& scratch) const;
  bool contains(const sample::Variable& variable) const { return find(variable) != nullptr; }
  /// False, and nothing is changed, when a limit would be exceeded. `total` lasts longer than these.
  bool set(const sample::Variable& variable, const sample::Value& value, const model::VariableLimits& limits,
           VariableTotal& total);
  void unset(const sample::Variable& variable);
  void clear();

 private:
  struct Entry {
    sample::Variable variable;
    sample::Type type;
    int64_t number;
    std::array<unsigned char, 16> ip;
    std::string text;

    size_t cost() const;
  };
  const Entry* find(const sample::Variable& variable) const;
  /// Of the scopes from the one to the other, in bytes.
  uint64_t cost(sample::Scope first, sample::Scope last) const;
  bool fits(sample::Scope scope, uint64_t before, uint64_t after, const model::VariableLimits& limits) const;

  std::vector<Entry> entries_;
  VariableTotal* total_ = nullptr;  // null: not counted there
};

/// Those of the process ("proc.x"); any thread.
class ProcessVariables {
 public:
  bool get(const sample::Variable& variable, sample::Value& value, sample::Scratch& scratch) const {
    return variables_.with([&](const Variables& all) { return all.get(variable, value, scratch); });
  }
  bool contains(const sample::Variable& variable) const {
    return variables_.with([&](const Variables& all) { return all.contains(variable); });
  }
  bool set(const sample::Variable& variable, const sample::Value& value, const model::VariableLimits& limits) {
    return variables_.with([&](Variables& all) { return all.set(variable, value, limits, total); });
  }
  void unset(const sample::Variable& variable) {
    variables_.with([&](Variables& all) { all.unset(variable); });
  }

  VariableTotal total{0};  ///< These and all others.

 private:
  base::Guarded<Variables> variables_;
};

}  // namespace ddbproxy::live
