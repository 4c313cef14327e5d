// Cross checks of the whole configuration, with haproxy's warnings.
#pragma once

#include <string>

#include "config/context.h"

namespace ddbproxy::config {

void validate(Context& context);

/// What is wrong with a checked server that is added while the proxy runs when its check knows no port; else empty.
std::string judge_check_port(const model::Proxy& proxy, const model::Server& server);

}  // namespace ddbproxy::config
