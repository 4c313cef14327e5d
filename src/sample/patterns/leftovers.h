// What a change took out of sight, for as long as somebody may still look at it.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace ddbproxy::sample {

/// A worker may have come to it just before. Whoever makes a change takes these, and frees them once every worker has
/// left behind what it was about to do.
class Leftovers {
 public:
  template <class T>
  void keep(std::unique_ptr<T> thing) {
    if (thing) things_.push_back(std::shared_ptr<const void>(std::move(thing)));
  }
  bool empty() const { return things_.empty(); }

 private:
  std::vector<std::shared_ptr<const void>> things_;
};

}  // namespace ddbproxy::sample
