// Values one behind the other in a text, from a process to another one of the same program.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace ddbproxy::app {

/// Writes them.
class WireText {
 public:
  void number(uint64_t value) { text_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void string(std::string_view value) {
    number(value.size());
    text_ += value;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Reads them in the same order. Once something is missing everything is 0 and empty, and whole() false.
class WireReader {
 public:
  explicit WireReader(std::string_view text) : rest_(text) {}

  uint64_t number() {
    uint64_t value = 0;
    const std::string_view bytes = take(sizeof value);
    if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string_view string() { return take(number()); }
  bool whole() const { return whole_; }

 private:
  std::string_view take(uint64_t size) {
    whole_ = whole_ && size <= rest_.size();
    if (!whole_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool whole_ = true;
};

}  // namespace ddbproxy::app
