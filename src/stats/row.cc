#include "stats/row.h"

#include <algorithm>

namespace ddbproxy::stats {

const char* Row::kind_name() const {
  switch (kind) {
    case RowKind::frontend: return "Frontend";
    case RowKind::backend: return "Backend";
    case RowKind::server: return "Server";
    case RowKind::listener: return "Listener";
  }
  return "Unknown";
}

bool Rows::wanted(const model::Proxy& proxy) const {
  if (proxy.disabled) return false;
  if (filter_.proxy_id != -1 && static_cast<int>(proxy.id) != filter_.proxy_id) return false;
  if (!filter_.name_contains.empty() && proxy.name.find(filter_.name_contains) == std::string::npos) return false;
  return filter_.scope.empty() ||
         std::find(filter_.scope.begin(), filter_.scope.end(), proxy.name) != filter_.scope.end();
}

bool Rows::wanted(const live::Server& server) const {
  if (filter_.server_id != -1 && static_cast<int>(server.id()) != filter_.server_id) return false;
  if (filter_.no_maintenance && server.in_maintenance()) return false;
  return !filter_.only_up || server.oper_state() != live::OperState::stopped;
}

bool Rows::next(Row& row) {
  const auto& proxies = generation_->model().proxies;
  while (proxy_ < proxies.size()) {
    const model::Proxy& proxy = *proxies[proxy_];
    if (wanted(proxy)) {
      row = Row{};
      row.proxy = &proxy;
      row.now = base::now();
      row.details = filter_.details;
      row.counts_servers = filter_.only_up || filter_.no_maintenance;
      row.frontend = generation_->frontend_of(proxy);
      row.backend = generation_->backend_of(proxy);
      if (step(row)) return true;
    }
    ++proxy_;
    index_ = 0;
    stage_ = Stage::frontend;
  }
  return false;
}

// frontend -> listeners -> servers -> backend -> the next proxy. False when this proxy has no more lines.
bool Rows::step(Row& row) {
  live::Frontend* frontend = row.frontend;
  live::Backend* backend = row.backend;
  switch (stage_) {
    case Stage::frontend:
      stage_ = Stage::listeners;
      if (frontend && filter_.kinds & Filter::frontends) {
        row.kind = RowKind::frontend;
        row.backend = nullptr;
        return true;
      }
      [[fallthrough]];
    case Stage::listeners:
      while (frontend && filter_.kinds & Filter::listeners && index_ < frontend->listeners().size()) {
        const live::Listener& listener = frontend->listeners()[index_++];
        if (!listener.counters) continue;
        if (filter_.server_id != -1 && static_cast<int>(index_) != filter_.server_id) continue;
        row.kind = RowKind::listener;
        row.listener = &listener;
        row.listener_number = index_;
        row.backend = nullptr;
        return true;
      }
      stage_ = Stage::servers;
      index_ = 0;
      [[fallthrough]];
    case Stage::servers:
      row.frontend = nullptr;
      while (backend && filter_.kinds & Filter::servers && index_ < backend->servers().size()) {
        live::Server& server = *backend->servers()[index_++];
        if (!wanted(server)) continue;
        row.kind = RowKind::server;
        row.server = &server;
        return true;
      }
      stage_ = Stage::backend;
      index_ = 1;  // the backend's line is still to come
      [[fallthrough]];
    case Stage::backend:
      row.frontend = nullptr;
      if (backend && index_ == 1 && filter_.kinds & Filter::backends) {
        index_ = 0;
        row.kind = RowKind::backend;
        return true;
      }
  }
  return false;
}

}  // namespace ddbproxy::stats
