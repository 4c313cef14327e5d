// What a server answered to the request of an HTTP check. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "live/health/expectation.h"

namespace ddbproxy::live {

struct HttpAnswer {
  enum class Reading : uint8_t {
    partial,    ///< The head has not arrived whole.
    malformed,  ///< It is no HTTP.
    head,       ///< The head is whole; the body may go on.
    whole,
  };
  Reading reading = Reading::partial;
  int code = 0;
  std::string_view reason;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string body;  ///< Without the chunks that carried it.
};

/// Reads what has arrived so far; `closed`: nothing will follow. The views show `bytes`.
HttpAnswer read_http_answer(std::string_view bytes, bool closed);

/// judge() for the expectations of `http-check expect`.
Judgement judge_http(const model::CheckExpect& expect, std::string_view bytes, bool closed, std::string_view comment,
                     CheckMemory& memory);

}  // namespace ddbproxy::live
