#include "config/resolve.h"

#include <fmt/format.h>

namespace ddbproxy::config {

void resolve(Context& context) {
  for (const auto& proxy : context.model->proxies) {
    if (!proxy->frontend || proxy->frontend->default_backend.empty()) continue;
    model::Frontend& frontend = *proxy->frontend;
    if (const auto* backend = context.find_backend(frontend.default_backend)) {
      frontend.default_backend_index = context.index_of(*backend);
    } else {
      context.diagnostics.add(Severity::alert, proxy->where,
                              fmt::format("Proxy '{}': unable to find required default_backend: '{}'.", proxy->name,
                                          frontend.default_backend));
    }
  }
}

}  // namespace ddbproxy::config
