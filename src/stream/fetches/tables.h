// The tables of what fetches answer, one a file.
#pragma once

#include <span>

#include "sample/converter.h"
#include "stream/evaluation.h"

namespace ddbproxy::stream {

extern const std::span<const FetchFunction> connection_answers, constant_answers, payload_answers, process_answers,
    tls_hello_answers;

/// The converters that need more than their input: variables, servers, backends.
bool convert_by_name(Evaluation& evaluation, const sample::Converter& converter, sample::Arguments arguments,
                     sample::Value& value);

}  // namespace ddbproxy::stream
