#include "config/context.h"

#include <algorithm>

#include "config/address_reader.h"
#include "config/library.h"

namespace ddbproxy::config {

Context::Context(const ParseOptions& options_given, Diagnostics& diagnostics_to)
    : options(options_given),
      outside(options.outside ? *options.outside : Outside::of_process()),
      diagnostics(diagnostics_to),
      model(std::make_unique<model::Model>()),
      library_(std::make_unique<Library>()) {
  model->environment = options.environment;
  library_->lists.read_from(outside, base_folder);
}

Context::~Context() = default;

AddressReading read_address(std::string_view text, const AddressRules& rules, const Context& context) {
  return read_address(text, rules, context.environment(), context.outside);
}

model::Proxy& Context::add_proxy(std::unique_ptr<model::Proxy> added) {
  model::Proxy& proxy = *added;
  indices_.emplace(&proxy, static_cast<int>(model->proxies.size()));
  model->proxies.push_back(std::move(added));
  if (proxy.frontend) frontends_.try_emplace(proxy.name, &proxy);
  if (proxy.backend) backends_.try_emplace(proxy.name, &proxy);
  return proxy;
}

namespace {

template <class Sections>
auto find_named(const Sections& sections, std::string_view name) -> decltype(sections.data()) {
  const auto found = std::ranges::find_if(sections, [&](const auto& each) { return each.name == name; });
  return found == sections.end() ? nullptr : &*found;
}

}  // namespace

const model::ErrorPages* Context::find_error_pages(std::string_view name) const {
  return find_named(model->error_pages, name);
}

const model::UserList* Context::find_userlist(std::string_view name) const {
  return find_named(model->userlists, name);
}

// By name, since every rule may name one.
const std::vector<model::TableRef>& Context::tables() {
  if (!tables_) {
    tables_ = model::tables_of(*model);
    for (const model::TableRef& each : *tables_) tables_by_name_.emplace(each.name, &each);
  }
  return *tables_;
}

const model::TableRef* Context::find_table(std::string_view name) {
  tables();
  const auto found = tables_by_name_.find(name);
  return found == tables_by_name_.end() ? nullptr : found->second;
}

}  // namespace ddbproxy::config
