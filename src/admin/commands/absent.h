// What haproxy answers to a command when there is nothing of the kind that it acts upon.
#pragma once

#include <span>
#include <string_view>

#include "admin/answer.h"

namespace ddbproxy::admin {

struct AbsentReply {
  Severity severity = Severity::none;
  const char* text = nullptr;  ///< {}: the first argument; null: "not supported by ddbproxy yet"
};

struct AbsentSubject {
  enum class Payload : uint8_t { none, last_arguments, required };

  std::string_view words;  ///< The command's, as in its table.
  size_t arguments;        ///< That it needs.
  AbsentReply incomplete;  ///< With fewer.
  AbsentReply absent;      ///< With as many or more.
  Payload payload = Payload::none;
};

std::span<const AbsentSubject> absent_subjects();

}  // namespace ddbproxy::admin
