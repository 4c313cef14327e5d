// Which flows of a session go through the kernel's pipes: what `option splice-*` of both proxies comes to.
#pragma once

#include <ddbproxy/model.h>

#include "net/flow.h"

namespace ddbproxy::stream {

/// `direction` is the option of the one flow: &Proxy::splice_request or &Proxy::splice_response.
net::Splicing splicing(const model::Proxy& frontend, const model::Proxy& backend,
                       model::Toggle model::Proxy::*direction);

}  // namespace ddbproxy::stream
