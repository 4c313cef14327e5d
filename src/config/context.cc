#include "config/context.h"

#include "config/library.h"

namespace ddbproxy::config {

Context::Context(const ParseOptions& options_given, Diagnostics& diagnostics_to)
    : options(options_given),
      diagnostics(diagnostics_to),
      model(std::make_unique<model::Model>()),
      library_(std::make_unique<Library>()) {
  model->environment = options.environment;
  library_->lists.open_in(base_folder);
}

Context::~Context() = default;

model::Proxy& Context::add_proxy(std::unique_ptr<model::Proxy> added) {
  model::Proxy& proxy = *added;
  indices_.emplace(&proxy, static_cast<int>(model->proxies.size()));
  model->proxies.push_back(std::move(added));
  if (proxy.frontend) frontends_.try_emplace(proxy.name, &proxy);
  if (proxy.backend) backends_.try_emplace(proxy.name, &proxy);
  return proxy;
}

const model::ErrorPages* Context::find_error_pages(std::string_view name) const {
  for (const model::ErrorPages& each : model->error_pages)
    if (each.name == name) return &each;
  return nullptr;
}

}  // namespace ddbproxy::config
