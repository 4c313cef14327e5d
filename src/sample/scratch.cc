#include "sample/scratch.h"

#include <algorithm>
#include <cstring>

namespace ddbproxy::sample {

char* Scratch::take(size_t size) {
  while (at_.block < blocks_.size() && blocks_[at_.block].size - at_.used < size) at_ = {at_.block + 1, 0};
  if (at_.block == blocks_.size()) {
    const size_t room = std::max(size, longest_);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(room), room});
  }
  char* begin = blocks_[at_.block].bytes.get() + at_.used;
  at_.used += size;
  return begin;
}

void Scratch::trim(const char* begin, size_t used) {
  at_.used = static_cast<size_t>(begin - blocks_[at_.block].bytes.get()) + used;
}

std::string_view Scratch::copy(std::string_view text) {
  char* begin = take(text.size());
  if (!text.empty()) std::memcpy(begin, text.data(), text.size());
  return {begin, text.size()};
}

}  // namespace ddbproxy::sample
