// The Prometheus exporter: the statistics in the text format that Prometheus scrapes (`http-request use-service
// prometheus-exporter`).
#pragma once

#include <optional>
#include <string_view>

#include "http/responder.h"
#include "live/state.h"
#include "stats/process_info.h"

namespace ddbproxy::stats {

/// What the query of a scrape asks for: `scope=frontend`, `no-maint`.
struct ScrapeQuery {
  bool process = true;
  unsigned kinds = Filter::everything;
  bool no_maintenance = false;
};
/// Reads what follows '?'; empty when it cannot be understood. Other parameters are for nobody.
std::optional<ScrapeQuery> read_scrape_query(std::string_view target);

class PrometheusExporter final : public http::Responder {
 public:
  /// Both must outlive it.
  PrometheusExporter(live::State& state, ProcessInfo& process) : state_(state), process_(process) {}

  const model::Proxy* wants(const live::FrontendConfig& frontend, const http::Request& request) const override;
  http::Response respond(const model::Proxy& proxy, const http::Request& request) override;

 private:
  live::State& state_;
  ProcessInfo& process_;
};

}  // namespace ddbproxy::stats
