// Room for the texts that an evaluation makes.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace ddbproxy::sample {

/// Hands out bytes that stay until clear(). What it took from the system it keeps and hands out again, so that an
/// evaluation allocates nothing once the thread has seen a few. One for each thread.
class Scratch {
 public:
  explicit Scratch(size_t longest = 16384) : longest_(longest) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  /// Room for `size` bytes.
  char* take(size_t size);
  /// Gives back the end of what take() has just handed out: `used` of its bytes stay.
  void trim(const char* begin, size_t used);
  std::string_view copy(std::string_view text);
  /// The longest text that a sample may be, as haproxy's (tune.bufsize).
  size_t longest() const { return longest_; }

  /// What has been handed out up to now; clear(mark) takes back what came later.
  struct Mark {
    size_t block = 0, used = 0;
  };
  Mark mark() const { return at_; }
  void clear() { at_ = {}; }
  void clear(Mark to) { at_ = to; }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    size_t size = 0;
  };
  std::vector<Block> blocks_;
  Mark at_;
  size_t longest_;
};

}  // namespace ddbproxy::sample
