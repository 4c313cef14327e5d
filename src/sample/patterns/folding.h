// Letters without their case: of ASCII alone, whatever the locale.
#pragma once

#include <string>
#include <string_view>

#include "sample/scratch.h"

namespace ddbproxy::sample {

constexpr char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter; }

inline std::string folded(std::string_view text) {
  std::string result(text);
  for (char& each : result) each = lower(each);
  return result;
}

inline std::string_view folded(std::string_view text, Scratch& scratch) {
  char* room = scratch.take(text.size());
  for (size_t i = 0; i < text.size(); ++i) room[i] = lower(text[i]);
  return {room, text.size()};
}

}  // namespace ddbproxy::sample
