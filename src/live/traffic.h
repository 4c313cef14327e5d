// What running sessions have moved and no counter has yet: most count their bytes when they end.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace ddbproxy::live {

/// Gathered for one question, each worker asking its own streams.
class Traffic {
 public:
  struct Bytes {
    uint64_t in = 0, out = 0;
  };
  /// `whose` is the address of a frontend, a backend, a server or a listener; null is nobody's.
  void add(const void* whose, Bytes more) {
    if (!whose) return;
    Bytes& sum = of_[whose];
    sum.in += more.in;
    sum.out += more.out;
  }
  void add(const Traffic& others) {
    for (const auto& [whose, bytes] : others.of_) add(whose, bytes);
  }
  Bytes of(const void* whose) const {
    const auto found = of_.find(whose);
    return found != of_.end() ? found->second : Bytes{};
  }

 private:
  std::unordered_map<const void*, Bytes> of_;
};

}  // namespace ddbproxy::live
