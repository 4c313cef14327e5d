// Whether a request comes with the password of one of the page's accounts (RFC 7617).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/request.h"

namespace ddbproxy::stats {

using Accounts = std::vector<std::pair<std::string, std::string>>;

/// True without accounts. Takes as long for a wrong password as for a right one.
bool authorized(const http::Request& request, const Accounts& accounts);

}  // namespace ddbproxy::stats
