// Log messages in a stream of bytes (RFC 6587). Pure.
#pragma once

#include <string>
#include <string_view>

namespace ddbproxy::log {

/// Finds one message after the other: each has its length and a blank before it, or begins with '<' and ends with its
/// line. Holds no more than one message and what came behind it.
class Frames {
 public:
  explicit Frames(size_t longest) : longest_(longest) {}

  /// Only after next() has said `more`; as many as room() at most.
  void append(std::string_view bytes);
  size_t room() const { return longest_ + most_digits + 2 - (held_.size() - taken_); }

  enum class Next : uint8_t { message, more, broken };
  /// `message` is good until the next call of anything.
  Next next(std::string_view& message);

 private:
  static constexpr size_t most_digits = 10;

  Next next_counted(std::string_view rest, std::string_view& message);
  Next next_line(std::string_view rest, std::string_view& message);

  const size_t longest_;
  std::string held_;
  size_t taken_ = 0;  // of what is held
};

}  // namespace ddbproxy::log
