// Look-ups in a model.
#include <ddbproxy/model.h>

namespace ddbproxy::model {

const Proxy* Model::find_frontend(std::string_view name) const {
  for (const auto& proxy : proxies)
    if (proxy->frontend && proxy->name == name) return proxy.get();
  return nullptr;
}

const Proxy* Model::find_backend(std::string_view name) const {
  for (const auto& proxy : proxies)
    if (proxy->backend && proxy->name == name) return proxy.get();
  return nullptr;
}

}  // namespace ddbproxy::model
