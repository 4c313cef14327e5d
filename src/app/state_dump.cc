#include "app/state_dump.h"

#include <fmt/format.h>

#include "log/console.h"

namespace ddbproxy::app {
namespace {

void say(log::Logger& logger, const std::string& text) {
  log::console(log::ConsoleLevel::warning, text);
  logger.write(log::notice, text);
}

std::string load_of(live::Frontend* frontend, live::Backend* backend) {
  return fmt::format("Conn: act(FE+BE): {}+{}, {} pend ({} unass), tot(FE+BE): {}+{}.",
                     frontend ? frontend->current_sessions() : 0, backend ? backend->current_sessions() : 0,
                     backend ? backend->total_queue() : 0, backend ? backend->current_queue() : 0,
                     frontend ? frontend->counters.sum(&live::FrontendCounters::stot) : 0,
                     backend ? backend->counters.sum(&live::BackendCounters::stot) : 0);
}

bool is_up(const live::Server& server) { return server.oper_state() != live::OperState::stopped; }

std::string availability(const live::Backend* backend) {
  if (!backend || backend->servers().empty()) return "has no servers";
  if (!backend->active_servers() && !backend->backup_servers()) return "has no server available !";
  if (!backend->active_servers()) return fmt::format("is running on {} backup servers", backend->backup_servers());
  return fmt::format("has {} active servers and {} backup servers available", backend->active_servers(),
                     backend->backup_servers());
}

}  // namespace

void dump_servers(live::State& state) {
  log::console(log::ConsoleLevel::warning, "SIGHUP received, dumping servers states.");
  for (const auto& proxy : state.model().proxies) {
    live::Frontend* frontend = state.frontend_of(*proxy);
    live::Backend* backend = state.backend_of(*proxy);
    log::Logger& logger = frontend ? frontend->logger() : backend->logger();
    logger.write(log::notice, fmt::format("SIGHUP received, dumping servers states for proxy {}.", proxy->name));
    if (backend)
      for (const auto& server : backend->servers())
        say(logger, fmt::format("SIGHUP: Server {}/{} is {}. Conn: {} act, {} pend, {} tot.", proxy->name,
                                server->name(), is_up(*server) ? "UP" : "DOWN", server->current_sessions(),
                                server->current_queue(), server->counters.sum(&live::ServerCounters::stot)));
    const std::string words = availability(backend);
    say(logger, fmt::format("SIGHUP: Proxy {} {}{} {}", proxy->name, words, words.ends_with('!') ? "" : ".",
                            load_of(frontend, backend)));
  }
}

}  // namespace ddbproxy::app
