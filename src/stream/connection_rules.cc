#include "stream/connection_rules.h"

#include "net/socket.h"

namespace ddbproxy::stream {
namespace {

using live::FrontendCounters;
using live::ListenerCounters;

void count(const live::FrontendConfig& config, live::Listener& listener, base::Counter FrontendCounters::*frontend,
           base::Counter ListenerCounters::*own) {
  (config.frontend.counters.local().*frontend).add();
  if (listener.counters) (listener.counters->local().*own).add();
}

Decision run(const model::Rules& rules, Worker& worker, const live::FrontendConfig& config, live::Listener& listener,
             int client, Arrival& arrival) {
  Evaluation on(worker.scratch(), worker.state(), config);
  net::CompactAddress from(arrival.client), to(arrival.destination);
  on.listener = &listener;
  on.client = &from;
  on.destination = &to;
  on.client_fd = client;
  on.received_proxy = arrival.received_proxy;
  on.its_extras = &arrival.extras;
  on.session_only = on.final = true;
  const Decision decision = run_rules(rules, on);
  arrival.client = from.expand();
  arrival.destination = to.expand();
  if (decision == Decision::drop) {
    silence(client);
    count(config, listener, &FrontendCounters::dreq, &ListenerCounters::dreq);
  }
  return decision;
}

}  // namespace

Decision run_connection_rules(Worker& worker, Guest& guest) {
  const live::FrontendConfig& config = *guest.config;
  const Decision decision =
      run(config.settings().connection_rules, worker, config, *guest.listener, guest.client.get(), guest.arrival);
  if (decision != Decision::reject) return decision;
  count(config, *guest.listener, &FrontendCounters::dcon, &ListenerCounters::dcon);
  net::reset_on_close(guest.client.get());
  return decision;
}

Decision run_session_rules(Worker& worker, const live::FrontendConfig& config, live::Listener& listener, int client,
                           Arrival& arrival) {
  const Decision decision = run(config.settings().session_rules, worker, config, listener, client, arrival);
  if (decision != Decision::reject) return decision;
  count(config, listener, &FrontendCounters::dses, &ListenerCounters::dses);
  return decision;
}

}  // namespace ddbproxy::stream
