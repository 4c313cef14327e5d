#include "log/rings.h"

#include <map>

#include "base/guarded.h"

namespace ddbproxy::log {
namespace {

constexpr size_t own_size = 1 << 20;  // as haproxy's

struct Registry {
  std::map<std::string, std::shared_ptr<Ring>, std::less<>> rings;
  Ring::Listener* listener = nullptr;

  std::shared_ptr<Ring> make(const std::string& name, size_t size) {
    std::shared_ptr<Ring>& ring = rings[name];
    if (!ring) {
      ring = std::make_shared<Ring>(name, size);
      ring->set_listener(listener);
    }
    return ring;
  }
};

base::Guarded<Registry>& registry() {
  static base::Guarded<Registry> all;
  return all;
}

}  // namespace

void adopt_rings(const model::Model& model) {
  if (model.rings.empty()) return;
  registry().with([&](Registry& all) {
    for (const auto& ring : model.rings) all.make(ring->name, ring->size)->resize(ring->size);
  });
}

std::shared_ptr<Ring> find_ring(std::string_view name) {
  return registry().with([&](Registry& all) -> std::shared_ptr<Ring> {
    if (name == own_ring) return all.make(std::string(name), own_size);
    const auto found = all.rings.find(name);
    return found == all.rings.end() ? nullptr : found->second;
  });
}

void set_ring_listener(Ring::Listener* listener) {
  registry().with([&](Registry& all) {
    all.listener = listener;
    for (const auto& [name, ring] : all.rings) ring->set_listener(listener);
  });
}

}  // namespace ddbproxy::log
