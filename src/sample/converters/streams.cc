// Converters that need the stream or what runs around it. Context::convert() does it.
#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using enum Type;

constexpr Converter rows[] = {
    {"capture-req", ArgumentKinds::of("integer"), string, string, nullptr, nullptr, false,
     "Captures the text in a slot of the request, and gives it on as it is."},
    {"capture-res", ArgumentKinds::of("integer"), string, string, nullptr, nullptr, false,
     "Captures the text in a slot of the response, and gives it on as it is."},
    {"debug", ArgumentKinds::of("[string,string]"), any, any, nullptr, nullptr, false,
     "Writes the value behind a prefix to a ring or a standard stream, and gives it on as it is."},
    {"nbsrv", ArgumentKinds::of(""), string, integer, nullptr, nullptr, true,
     "How many servers of the backend of this name can be used."},
    {"srv_queue", ArgumentKinds::of(""), string, integer, nullptr, nullptr, true,
     "How many sessions wait for the server of this name, with or without its backend in front."},
};

}  // namespace

constinit const Rows stream_rows = rows;

}  // namespace ddbproxy::sample
