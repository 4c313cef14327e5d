// Whether a password is a user's (manual 3.4).
#pragma once

#include <string_view>

#include <ddbproxy/sections.h>

namespace ddbproxy::http {

/// A password that crypt(3) has to judge costs what its method costs: milliseconds of this thread, be it right or
/// wrong. The last verdict of each thread is kept, so that several questions about one request cost that once. Any
/// thread.
bool is_password(const model::User& user, std::string_view given);

}  // namespace ddbproxy::http
