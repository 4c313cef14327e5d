// Rows of the sections defaults, frontend, backend and listen that belong to no other topic (manual 4.2).
#include <fmt/format.h>

#include "config/context.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Frontend;
using model::Proxy;

void mode(Line& line, Proxy& proxy) {
  const std::string_view word = line.take();
  if (word == "tcp")
    proxy.mode = model::Mode::tcp;
  else if (word == "http")
    proxy.mode = model::Mode::http;
  else
    line.alert(fmt::format("unknown proxy mode '{}'.", word));
}

/// The first form of `bind`: one numeric address and options.
void bind(Line& line, Proxy& proxy) {
  model::Bind bind;
  bind.where = line.where();
  bind.text = line.take();
  const size_t colon = bind.text.rfind(':');
  if (colon == bind.text.npos) {
    line.alert(fmt::format("'bind' : missing port specification in '{}'", bind.text));
    return;
  }
  const std::string host = bind.text.substr(0, colon);
  Address address = Address::parse_ip(host.empty() || host == "*" ? "0.0.0.0" : host);
  address.set_port(static_cast<uint16_t>(std::atoi(bind.text.c_str() + colon + 1)));
  bind.listeners.push_back({address});
  while (!line.done()) {
    const std::string_view word = line.take();
    if (const auto* row = find(bind_tables(), word))
      row->parse(line, bind);
    else
      line.alert(fmt::format("'bind {}' : unknown keyword '{}'", bind.text, word));
  }
  proxy.frontend->binds.push_back(std::move(bind));
}

/// The first form of `server`: a name, a numeric address and options.
void server(Line& line, Proxy& proxy) {
  model::Server server = line.context().draft->default_server;
  server.where = line.where();
  server.name = line.take();
  const std::string text(line.take());
  const size_t colon = text.rfind(':');
  server.address = Address::parse_ip(text.substr(0, colon));
  if (colon != text.npos) server.address.set_port(static_cast<uint16_t>(std::atoi(text.c_str() + colon + 1)));
  line.introduce(fmt::format("[{}] : 'server {}/{}' : ", line.place(), proxy.name, server.name));
  while (!line.done()) {
    const std::string_view word = line.take();
    if (const auto* row = find(server_tables(), word))
      row->parse(line, server);
    else
      line.alert(fmt::format("unknown keyword '{}'", word));
  }
  proxy.backend->servers.push_back(std::move(server));
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "bind",
     .syntax = "<address>[,...] [<option>...]",
     .sections = in_frontend | in_listen,
     .parse = bind,
     .doc = "Addresses that the frontend listens on.",
     .misplaced = Misplaced::refused},
    {.name = "default_backend",
     .syntax = "<backend>",
     .sections = client_side,
     .max_args = 1,
     .parse = string<&Proxy::frontend, &Frontend::default_backend>,
     .doc = "The backend for sessions that no other rule has sent elsewhere."},
    {.name = "maxconn",
     .syntax = "<number>",
     .sections = client_side,
     .max_args = 1,
     .parse = integer<&Proxy::frontend, &Frontend::maxconn>,
     .doc = "Most connections of the frontend at a time.",
     .hint = " Maybe you want 'fullconn' instead ?"},
    {.name = "mode", .syntax = "{tcp|http}", .max_args = 1, .parse = mode, .doc = "The protocol of the proxy."},
    {.name = "option", .syntax = "<name> [<argument>...]", .doc = "Sets an option.", .words = &option_table},
    {.name = "server",
     .syntax = "<name> <address>[:<port>] [<option>...]",
     .sections = in_backend | in_listen,
     .parse = server,
     .doc = "A server of the backend.",
     .misplaced = Misplaced::refused},
    {.name = "timeout", .syntax = "<event> <time>", .doc = "Sets a timeout.", .words = &timeout_table},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> proxy_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
