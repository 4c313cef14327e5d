#include "config/context.h"

namespace ddbproxy::config {

model::Proxy& Context::add_proxy(std::unique_ptr<model::Proxy> added) {
  model::Proxy& proxy = *added;
  indices_.emplace(&proxy, static_cast<int>(model->proxies.size()));
  model->proxies.push_back(std::move(added));
  if (proxy.frontend) frontends_.try_emplace(proxy.name, &proxy);
  if (proxy.backend) backends_.try_emplace(proxy.name, &proxy);
  return proxy;
}

}  // namespace ddbproxy::config
