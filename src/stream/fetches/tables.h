// The tables of what fetches answer, one a file.
#pragma once

#include <span>

#include "sample/converter.h"
#include "sample/expression.h"
#include "stream/evaluation.h"

namespace ddbproxy::stream {

extern const std::span<const FetchFunction> connection_answers, constant_answers, payload_answers, process_answers,
    tls_hello_answers;

/// What stick tables tell; absent of a fetch that asks for something else.
sample::Answer fetch_of_table(Evaluation& evaluation, const sample::FetchCall& call, sample::Value& value);
bool is_of_table(const sample::Fetch& row);
/// The converters that look their input up in a stick table; false: not found, or none of those.
bool convert_by_table(Evaluation& evaluation, const sample::Converter& converter, sample::Arguments arguments,
                      sample::Value& value);

/// The converters that need more than their input: variables, servers, backends.
bool convert_by_name(Evaluation& evaluation, const sample::Converter& converter, sample::Arguments arguments,
                     sample::Value& value);

}  // namespace ddbproxy::stream
