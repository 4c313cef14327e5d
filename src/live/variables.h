// Variables that expressions set and read (manual 7.3.1 "set-var", 3.2 "tune.vars").
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "sample/scratch.h"
#include "sample/value.h"
#include "sample/variable.h"

namespace ddbproxy::live {

/// Variables by scope and name, each with a copy of its value. A handful at most: looked through in order. For one
/// thread.
class Variables {
 public:
  /// A copy in `scratch`; false when it was never set.
  bool get(const sample::Variable& variable, sample::Value& value, sample::Scratch& scratch) const;
  bool contains(const sample::Variable& variable) const { return find(variable) != nullptr; }
  /// False when it would need more than `most` bytes in all; 0: no limit.
  bool set(const sample::Variable& variable, const sample::Value& value, size_t most = 0);
  void unset(const sample::Variable& variable);
  /// As haproxy counts it against tune.vars: values and what keeping them takes.
  size_t size() const { return size_; }

 private:
  struct Entry {
    sample::Variable variable;
    sample::Type type;
    int64_t number;
    std::array<unsigned char, 16> ip;
    std::string text;
  };
  const Entry* find(const sample::Variable& variable) const;
  static size_t cost_of(size_t text);

  std::vector<Entry> entries_;
  size_t size_ = 0;
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
  bool set(const sample::Variable& variable, const sample::Value& value, size_t most = 0) {
    return variables_.with([&](Variables& all) { return all.set(variable, value, most); });
  }
  void unset(const sample::Variable& variable) {
    variables_.with([&](Variables& all) { all.unset(variable); });
  }

 private:
  base::Guarded<Variables> variables_;
};

}  // namespace ddbproxy::live
