// What to do after a connection to a server has failed: `retries` and `option redispatch` as haproxy 2.6 means them.
// Pure.
#pragma once

#include <ddbproxy/model.h>

namespace ddbproxy::stream {

struct Retry {
  enum class Where : uint8_t {
    nowhere,  ///< give up
    same_server,
    any_server,  ///< ask the balancer again, and prefer another one
  };
  Where where = Where::nowhere;
  bool pause = false;  ///< Wait before; see retry_pause().
};

/// `number` is that of the retry to make, from 1. `refused`: the server answered, or the network did, rather than
/// nobody in time. `active_servers` is how many the balancer could choose from. `tied`: it did not choose the server of
/// the last try; a rule or persistence did.
Retry plan_retry(const model::Backend& backend, int number, bool refused, uint32_t active_servers, bool tied = false);

/// How long to wait before a retry that is likely to end as the last try did.
model::Milliseconds retry_pause(const model::Timeouts& timeouts);

/// Whether the algorithm would choose the same server again for the same client.
bool is_deterministic(model::Algorithm algorithm);

}  // namespace ddbproxy::stream
