// What a value stands for, by a list of keys and values: what the converters map_* look in (manual 7.3.1, "map").
#pragma once

#include <memory>

#include "sample/pattern_list.h"

namespace ddbproxy::sample {

/// A set whose entries have values of one type. Safe from any thread, as the set is.
class Map {
 public:
  /// `values` is string, integer or address. `references` of map_regm: \1 in a value stands for what the expression's
  /// first group matched. Fails as PatternList::compile() does.
  static base::Result<std::shared_ptr<const Map>> compile(std::shared_ptr<PatternList> list, Match match, Type values,
                                                          bool references = false);

  /// Turns `value` into what it stands for; false: it is no key here, and unchanged, or the value's references are
  /// wrong.
  bool find(Value& value, Scratch& scratch) const;

  const std::shared_ptr<PatternList>& list() const { return list_; }
  const PatternSet& set() const { return *set_; }

 private:
  Map(std::shared_ptr<PatternList> list, std::shared_ptr<const PatternSet> set, bool references)
      : list_(std::move(list)), set_(std::move(set)), references_(references) {}

  std::shared_ptr<PatternList> list_;
  std::shared_ptr<const PatternSet> set_;
  bool references_;
};

}  // namespace ddbproxy::sample
