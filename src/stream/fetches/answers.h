// Ways to say what a fetch has found.
#pragma once

#include "sample/value.h"
#include "stream/evaluation.h"

namespace ddbproxy::stream {

inline sample::Answer give_text(sample::Value& value, std::string_view answer) {
  value.set_string(answer);
  return sample::Answer::found;
}
inline sample::Answer give_integer(sample::Value& value, int64_t answer) {
  value.set_integer(answer);
  return sample::Answer::found;
}
inline sample::Answer give_boolean(sample::Value& value, bool answer) {
  value.set_boolean(answer);
  return sample::Answer::found;
}

}  // namespace ddbproxy::stream
