// The lines that declare servers: server, default-server (manual 4.2, 5.2).
#include <cstdlib>
#include <fmt/format.h>
#include <optional>

#include "config/context.h"
#include "config/option_words.h"
#include "config/readers.h"
#include "config/server_reader.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;
using model::Server;

/// Whether servers may stand in this section; reports it when not.
bool may_have_servers(Line& line, const Proxy& proxy) {
  if (line.context().section == in_defaults)
    line.alert(fmt::format("'{}' not allowed in 'defaults' section.", line.keyword()));
  else if (!proxy.backend)
    line.alert(fmt::format("parsing [{}] : '{}' not allowed because frontend '{}' has no backend capability.",
                           line.place(), line.keyword(), proxy.name));
  else
    return true;
  return false;
}

void server(Line& line, Proxy& proxy) {
  speak_as_server(line, "");
  if (!may_have_servers(line, proxy)) return;
  const std::string name(line.take()), address(line.take());
  if (name.empty() || address.empty()) {
    line.alert("'server' expects <name> and <addr>[:<port>] as arguments.", line.position()).hint =
        missing_name(name, address);
    return;
  }
  if (const char c = bad_character(name))
    return void(line.alert(fmt::format("character '{}' is not permitted in server name '{}'.", c, name), 1));
  const size_t before = line.context().diagnostics.all().size();
  if (auto made = read_server(line, proxy, name, name, address)) proxy.backend->servers.push_back(std::move(*made));
  for (Diagnostic& said : line.context().diagnostics.since(before)) said.hint = missing_name(name, address);
}

/// "5" is 1 to 5, "3-5" what it says; empty when it is neither.
std::optional<std::pair<int, int>> read_range(const std::string& text) {
  char* end = nullptr;
  long low = std::strtol(text.c_str(), &end, 10), high = low;
  if (*end == '-' && end != text.c_str())
    high = std::strtol(end + 1, nullptr, 10);
  else if (*end)
    return {};
  else
    low = 1;
  constexpr long most = 65536;
  if (low < 1 || high < low || high > most) return {};
  return std::pair(static_cast<int>(low), static_cast<int>(high));
}

void server_template(Line& line, Proxy& proxy) {
  speak_as_server(line, "");
  if (!may_have_servers(line, proxy)) return;
  const std::string prefix(line.take()), range(line.take()), address(line.take());
  if (prefix.empty() || range.empty() || address.empty()) {
    line.alert("'server-template' expects <prefix> <nb | range> <addr>[:<port>] as arguments.", line.position());
    return;
  }
  if (const char c = bad_character(prefix))
    return void(
        line.alert(fmt::format("character '{}' is not permitted in server-template prefix '{}'.", c, prefix), 1));
  const auto numbers = read_range(range);
  if (!numbers) return void(line.alert(fmt::format("Wrong server-template number or range arg '{}'.", range), 2));
  // haproxy has no name for it while it reads the options.
  auto made = read_server(line, proxy, prefix, "(null)", address);
  if (!made) return;
  for (int number = numbers->first; number <= numbers->second; ++number) {
    Server& added = proxy.backend->servers.emplace_back(*made);
    added.name = prefix + std::to_string(number);
    if (number == numbers->first) continue;
    added.id = 0;
    added.forced_id = false;
  }
}

void default_server(Line& line, Proxy& proxy) {
  speak_as_server(line, "");
  if (!proxy.backend && !may_have_servers(line, proxy)) return;
  Server& server = line.context().draft->default_server;
  server.name = "default-server";
  if (read_options(line, server_tables(), server) == OptionsEnd::unknown)
    say_unknown_option(line, " Hint: no address was expected for this server.");
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "default-server",
     .syntax = "<option>...",
     .sections = server_side,
     .parse = default_server,
     .doc = "Options of the server lines that follow.",
     .misplaced = Misplaced::read},
    {.name = "server",
     .syntax = "<name> <address>[:<port>] [<option>...]",
     .sections = in_listen | in_backend,
     .parse = server,
     .doc = "A server of the backend.",
     .misplaced = Misplaced::read},
    {.name = "server-template",
     .syntax = "<prefix> <range> <name>[:<port>] [<option>...]",
     .sections = in_listen | in_backend,
     .parse = server_template,
     .doc = "Several servers of one name or address, numbered by the range.",
     .misplaced = Misplaced::read},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> server_line_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
