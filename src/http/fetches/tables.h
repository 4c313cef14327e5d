// The tables of what fetches of HTTP messages answer, one a file.
#pragma once

#include <span>

#include "stream/evaluation.h"

namespace ddbproxy::http {

extern const std::span<const stream::FetchFunction> authorization_answers, cookie_answers, header_answers,
    request_answers, target_answers, unknown_answers;

}  // namespace ddbproxy::http
