#include "stream/connection_rules.h"

#include "net/socket.h"

namespace ddbproxy::stream {
namespace {

using live::FrontendCounters;
using live::ListenerCounters;

void count(const Guest& guest, base::Counter FrontendCounters::*frontend, base::Counter ListenerCounters::*own) {
  (guest.config->frontend.counters.local().*frontend).add();
  if (guest.listener->counters) (guest.listener->counters->local().*own).add();
}

Decision run(const model::Rules& rules, Worker& worker, Guest& guest) {
  Evaluation on(worker.scratch(), worker.state(), *guest.config);
  Arrival& arrival = guest.arrival;
  net::CompactAddress from(arrival.client), to(arrival.destination);
  on.listener = guest.listener;
  on.client = &from;
  on.destination = &to;
  on.client_fd = guest.client.get();
  on.received_proxy = arrival.received_proxy;
  on.its_extras = &guest.extras;
  on.session_only = on.final = true;
  const Decision decision = run_rules(rules, on);
  arrival.client = from.expand();
  arrival.destination = to.expand();
  guest.expects |= on.expected_headers;
  if (decision == Decision::drop) {
    silence(guest.client.get());
    count(guest, &FrontendCounters::dreq, &ListenerCounters::dreq);
  }
  return decision;
}

}  // namespace

Decision run_connection_rules(Worker& worker, Guest& guest) {
  const Decision decision = run(guest.config->settings().connection_rules, worker, guest);
  if (decision != Decision::reject) return decision;
  count(guest, &FrontendCounters::dcon, &ListenerCounters::dcon);
  net::reset_on_close(guest.client.get());
  return decision;
}

Decision run_session_rules(Worker& worker, Guest& guest) {
  const Decision decision = run(guest.config->settings().session_rules, worker, guest);
  if (decision == Decision::reject) count(guest, &FrontendCounters::dses, &ListenerCounters::dses);
  return decision;
}

}  // namespace ddbproxy::stream
