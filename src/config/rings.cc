#include "config/rings.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/context.h"

namespace ddbproxy::config {
namespace {

using model::LogTarget;

/// The one that is there without a section, as haproxy makes it.
constexpr std::string_view own_ring = "buf0";

const model::Ring* find_ring(const model::Model& model, std::string_view name) {
  const auto found = std::ranges::find_if(model.rings, [&](const auto& ring) { return ring->name == name; });
  return found == model.rings.end() ? nullptr : found->get();
}

void resolve_targets(const model::Model& model, std::vector<LogTarget>& targets) {
  for (LogTarget& target : targets) {
    if (target.kind != LogTarget::Kind::ring) continue;
    const model::Ring* ring = find_ring(model, target.ring);
    target.format = ring ? ring->format : LogTarget::Format::timed;
    if (ring) target.length = std::min(target.length, ring->maxlen);
  }
}

bool names(const std::vector<LogTarget>& targets, std::string_view ring) {
  return std::ranges::any_of(
      targets, [&](const LogTarget& each) { return each.kind == LogTarget::Kind::ring && each.ring == ring; });
}

}  // namespace

void resolve_ring_targets(Context& context) {
  model::Model& model = *context.model;
  resolve_targets(model, model.global.logs);
  for (const auto& proxy : model.proxies) resolve_targets(model, proxy->log.targets);
  for (const auto& section : model.log_forwards) resolve_targets(model, section->proxy->log.targets);
  for (const auto& section : model.peers) resolve_targets(model, section->log.targets);
}

std::vector<std::string> missing_rings(const Context& context) {
  std::vector<std::string> failures;
  const model::Model& model = *context.model;
  for (const Context::RingUse& use : context.ring_uses) {
    if (use.ring == own_ring || find_ring(model, use.ring)) continue;
    const std::string place = fmt::format("in file '{}' at line {} uses unknown ring named '{}'.", use.where.file->name,
                                          use.where.line, use.ring);
    if (names(model.global.logs, use.ring)) {
      failures.push_back(fmt::format("global log server declared {}", place));
      continue;
    }
    const auto look_into = [&](const model::Proxy& proxy, std::string_view kind) {
      if (names(proxy.log.targets, use.ring))
        failures.push_back(fmt::format("log server declared in {} section '{}' {}", kind, proxy.name, place));
    };
    for (const auto& proxy : model.proxies) look_into(*proxy, "proxy");
    for (const auto& section : model.log_forwards) look_into(*section->proxy, "log-forward");
  }
  return failures;
}

}  // namespace ddbproxy::config
