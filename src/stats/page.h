// The stats page: answers requests below `stats uri` with the statistics, and posts with changes.
#pragma once

#include "http/responder.h"
#include "live/state.h"
#include "stats/admin_form.h"
#include "stats/page_query.h"
#include "stats/process_info.h"

namespace ddbproxy::stats {

class Page final : public http::Responder {
 public:
  /// Both must outlive it.
  Page(live::State& state, ProcessInfo& process) : state_(state), process_(process) {}

  const model::Proxy* wants(const live::FrontendConfig& frontend, const http::Request& request) const override;
  bool refuses(const model::Proxy& proxy, const http::Request& request) const override;
  http::Response respond(const model::Proxy& proxy, const http::Request& request) override;
  void answer(const model::Proxy& proxy, const http::Request& request, const Done& done) override;

 private:
  http::Response unauthorized(const model::Proxy& proxy, const http::Request& request,
                              const std::optional<std::string>& realm) const;
  http::Response denied(const model::Proxy& proxy, const http::Request& request) const;
  http::Response show(const model::Proxy& proxy, PageQuery query, bool admin);
  http::Response update(const model::Proxy& proxy, const http::Request& request, live::Traffic traffic);
  http::Response change(const model::Stats& settings, const http::Request& request);
  void remember(const http::Request& request, Outcome outcome, const AdminForm& form);

  live::State& state_;
  ProcessInfo& process_;
  // Of the last action, so that the page that its answer leads to can name it.
  struct {
    std::string client, outcome, words;
    base::Instant at{};
  } last_;
};

}  // namespace ddbproxy::stats
