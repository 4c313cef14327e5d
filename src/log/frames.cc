#include "log/frames.h"

#include <algorithm>

namespace ddbproxy::log {

void Frames::append(std::string_view bytes) {
  held_.erase(0, taken_);
  taken_ = 0;
  held_ += bytes;
}

Frames::Next Frames::next(std::string_view& message) {
  const std::string_view rest = std::string_view(held_).substr(taken_);
  if (rest.empty()) {
    held_.clear();
    taken_ = 0;
    return Next::more;
  }
  if (rest[0] == '<') return next_line(rest, message);
  return rest[0] >= '1' && rest[0] <= '9' ? next_counted(rest, message) : Next::broken;
}

Frames::Next Frames::next_counted(std::string_view rest, std::string_view& message) {
  size_t count = 0, at = 0;
  for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '9'; ++at) {
    count = count * 10 + static_cast<size_t>(rest[at] - '0');
    if (count > longest_) return Next::broken;
  }
  if (at == rest.size()) return Next::more;
  if (rest[at] != ' ') return Next::broken;
  ++at;
  if (rest.size() - at < count) return Next::more;
  message = rest.substr(at, count);
  taken_ += at + count;
  return Next::message;
}

Frames::Next Frames::next_line(std::string_view rest, std::string_view& message) {
  const size_t end = rest.find('\n');
  if (std::min(end, rest.size()) > longest_) return Next::broken;
  if (end == rest.npos) return Next::more;
  message = rest.substr(0, end);
  if (message.ends_with('\r')) message.remove_suffix(1);
  taken_ += end + 1;
  return Next::message;
}

}  // namespace ddbproxy::log
