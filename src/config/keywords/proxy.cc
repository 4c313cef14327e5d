// Rows of the sections defaults, frontend, backend and listen that belong to no other topic (manual 4.2).
#include <fmt/format.h>

#include "base/text.h"
#include "config/address_reader.h"
#include "config/bind_reader.h"
#include "config/context.h"
#include "config/dispatch.h"
#include "config/option_words.h"
#include "config/origin_reader.h"
#include "config/readers.h"
#include "config/suggest.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Backend;
using model::Frontend;
using model::KeepAlive;
using model::Proxy;

constexpr std::string_view modes[] = {"tcp", "http"};

void mode(Line& line, Proxy& proxy) {
  proxy.mode_where = line.where(1);
  const std::string_view word = line.take();
  if (word == "tcp")
    proxy.mode = model::Mode::tcp;
  else if (word == "http")
    proxy.mode = model::Mode::http;
  else if (word == "health")
    line.alert("'mode health' doesn't exist anymore. Please use 'http-request return status 200' instead.");
  else
    suggest_of(line.alert(fmt::format("unknown proxy mode '{}'.", word)), word, modes);
}

void bind(Line& line, Proxy& proxy) {
  if (line.peek().empty()) {
    line.alert("'bind' expects {<path>|[addr1]:port1[-end1]}{,[addr]:port[-end]}... as arguments.");
    return;
  }
  model::Bind bind;
  const std::string text(line.take());
  if (const std::string error = read_bind_addresses(line, text, bind); !error.empty()) {
    line.alert(fmt::format("'bind' : {}", error));
    return;
  }
  const OptionsEnd end = read_bind_options(line, "bind " + text, bind);
  for (const model::Bind& other : proxy.frontend->binds)
    if (bind.id && other.id == bind.id)
      line.alert(fmt::format("'id' : custom id {} already used at {}:{} ('bind {}')", bind.id, other.where.file->name,
                             other.where.line, other.text));
  if (end == OptionsEnd::done) proxy.frontend->binds.push_back(std::move(bind));
}

void bind_process(Line& line, Proxy&) {
  uint64_t none = 0;
  while (!line.peek().empty())
    if (const std::string error = read_numbers(line.take(), 1, none); !error.empty())
      return void(line.alert("bind-process : " + error));
  line.report(Severity::warning,
              fmt::format("parsing [{}]: 'bind-process' has no effect, is deprecated, and will be removed in "
                          "version 2.7.",
                          line.place()),
              0);
}

void default_backend(Line& line, Proxy& proxy) {
  auto name = read_string(line, "a backend name.");
  if (!name) return;
  if (line.context().section == in_backend)  // ignored, but it must exist
    return proxy.unsupported.push_back({line.where(1), line.keyword(), std::move(*name)});
  proxy.frontend->default_backend = std::move(*name);
  proxy.frontend->default_backend_where = line.where(1);
}

void dispatch(Line& line, Proxy& proxy) {
  const AddressReading reading = read_address(line.take(), {.port_required = true}, line.context());
  if (!reading)
    line.alert(fmt::format("'dispatch' : {}", reading.error));
  else if (!line.peek().empty())
    line.alert(fmt::format("'dispatch' cannot handle unexpected argument '{}'.", line.peek()), line.position());
  else
    proxy.backend->dispatch = reading.address;
}

/// False, after a report, in a defaults section.
bool allowed_here(Line& line) {
  if (line.context().section != in_defaults) return true;
  line.report(Severity::alert,
              fmt::format("parsing [{}]: '{}' not allowed in 'defaults' section.", line.place(), line.keyword()));
  return false;
}

void description(Line& line, Proxy& proxy) {
  if (!allowed_here(line)) return;
  if (line.peek().empty()) {
    line.report(Severity::alert, fmt::format("parsing [{}]: 'description' expects a string argument.", line.place()));
    return;
  }
  proxy.description = line.take();
  while (!line.done()) proxy.description += " " + std::string(line.take());
}

void id(Line& line, Proxy& proxy) {
  const auto say = [&](std::string_view text) {
    line.report(Severity::alert, fmt::format("parsing [{}]: {}", line.place(), text));
  };
  if (!allowed_here(line) || !check_count(line, 0, 1)) return;
  if (line.peek().empty()) return say("'id' expects an integer argument.");
  const std::string word(line.take());
  const auto value = wrapped_number(word);
  if (value <= 0) return say("custom id has to be > 0.");
  for (const auto& other : line.context().model->proxies)
    if (other->forced_id && other->id == static_cast<uint32_t>(value))
      return say(fmt::format("{} {} reuses same custom id as {} {} (declared at {}:{}).", proxy.kind(), proxy.name,
                             other->kind(), other->name, other->where.file->name, other->where.line));
  loose_number(line, word);
  proxy.id = static_cast<uint32_t>(value);
  proxy.forced_id = true;
}

template <bool value>
void disabled(Line&, Proxy& proxy) {
  proxy.disabled = value;
}

void retries(Line& line, Proxy& proxy) {
  if (const auto value = read_integer(line, "an integer argument (dispatch counts for one)."))
    proxy.backend->retries = static_cast<int>(std::max(0ll, *value));
}

void rate_limit_sessions(Line& line, Proxy& proxy) {
  if (const auto value = read_strict_integer(line, "expects an integer value (in sessions/second)"))
    proxy.frontend->rate_limit_sessions = static_cast<uint32_t>(*value);
}

template <auto half, auto keep_alive>
void probes(Line& line, Proxy& proxy) {
  if (const auto value = read_strict_integer(line, "an integer value"))
    ((*(proxy.*half)).*keep_alive).count = static_cast<int>(*value);
}

template <auto half, auto keep_alive, std::chrono::seconds KeepAlive::*member>
void probe_time(Line& line, Proxy& proxy) {
  if (const auto value = read_time(line, std::chrono::seconds(1), keepalive_wording))
    ((*(proxy.*half)).*keep_alive).*member = std::chrono::duration_cast<std::chrono::seconds>(*value);
}

void source(Line& line, Proxy& proxy) {
  if (line.peek().empty()) {
    line.alert("'source' expects <addr>[:<port>], and optionally 'usesrc' <addr>, and 'interface' <name>.");
    return;
  }
  auto read = read_source(line, false);
  if (!read) return;
  // As in haproxy, proxies do not inherit the header's name.
  if (line.context().section == in_defaults) read->header.clear();
  proxy.backend->source = std::move(read);
}

void usesrc(Line& line, Proxy&) { line.alert("'usesrc' only allowed after a 'source' statement."); }

void state_file(Line& line, Proxy& proxy) {
  const std::string_view word = line.take();
  model::StateFile& from = proxy.backend->state_file;
  if (word == "none")
    from = model::StateFile::none;
  else if (word == "global")
    from = model::StateFile::global;
  else if (word == "local")
    from = model::StateFile::local;
  else
    line.alert(fmt::format("'load-server-state-from-file' expects 'global', 'local' or 'none'. Got '{}'", word));
}

void state_file_name(Line& line, Proxy& proxy) {
  const std::string_view word = line.take();
  proxy.backend->state_file_name = word == "use-backend-name" ? std::string_view() : word;
}

constexpr auto client = &Proxy::frontend;
constexpr auto server = &Proxy::backend;
constexpr auto fe_keep = &Frontend::keep_alive;
constexpr auto be_keep = &Backend::keep_alive;
constexpr auto plain = Misplaced::plain_ignored;
constexpr std::string_view maybe_maxconn = " Maybe you want 'maxconn' instead ?",
                           maybe_fullconn = " Maybe you want 'fullconn' instead ?";

constexpr Keyword<Proxy> rate_rows[] = {
    {.name = "sessions",
     .syntax = "<number>",
     .sections = client_side,
     .parse = rate_limit_sessions,
     .doc = "Most new sessions of the frontend in a second.",
     .misplaced = plain},
};
static_assert(in_order(rate_rows));
void unknown_rate(Line& line, Proxy&) {
  line.alert(fmt::format("'rate-limit' only supports 'sessions' (got '{}')", line.peek()), line.position());
}
constexpr Table<Proxy> rate_table{"proxy keyword", rate_rows, unknown_rate};

constexpr Keyword<Proxy> rows[] = {
    {.name = "backlog",
     .syntax = "<number>",
     .sections = client_side,
     .max_args = 1,
     .parse = integer<client, &Frontend::backlog>,
     .doc = "Length of the kernel's queue of new connections."},
    {.name = "bind",
     .syntax = "<address>[,...] [<option>...]",
     .sections = in_frontend | in_listen,
     .parse = bind,
     .doc = "Addresses that the frontend listens on."},
    {.name = "bind-process",
     .syntax = "[all|1]",
     .support = Support::ignored,
     .parse = bind_process,
     .doc = "Left from the time of several processes; accepted with a warning."},
    {.name = "clitcpka-cnt",
     .syntax = "<number>",
     .sections = client_side,
     .parse = probes<client, fe_keep>,
     .doc = "Unanswered keep-alive probes after which a client is given up.",
     .misplaced = plain},
    {.name = "clitcpka-idle",
     .syntax = "<time>",
     .sections = client_side,
     .parse = probe_time<client, fe_keep, &KeepAlive::idle>,
     .doc = "Silence of a client before the first keep-alive probe.",
     .misplaced = plain},
    {.name = "clitcpka-intvl",
     .syntax = "<time>",
     .sections = client_side,
     .parse = probe_time<client, fe_keep, &KeepAlive::interval>,
     .doc = "Time between two keep-alive probes to a client.",
     .misplaced = plain},
    {.name = "default_backend",
     .syntax = "<backend>",
     .sections = client_side,
     .max_args = 1,
     .parse = default_backend,
     .doc = "The backend for sessions that no other rule has sent elsewhere."},
    {.name = "description",
     .syntax = "<text>",
     .parse = description,
     .doc = "Text about the proxy that the statistics page shows."},
    {.name = "disabled",
     .syntax = "",
     .max_args = 0,
     .parse = disabled<true>,
     .doc = "Leaves the proxy out when the process starts."},
    {.name = "dispatch",
     .syntax = "<address>:<port>",
     .sections = in_listen | in_backend,
     .parse = dispatch,
     .doc = "The address that sessions go to instead of servers; not where `balance` is said."},
    {.name = "enabled",
     .syntax = "",
     .max_args = 0,
     .parse = disabled<false>,
     .doc = "Takes back an inherited `disabled`."},
    {.name = "fullconn",
     .syntax = "<number>",
     .sections = server_side,
     .max_args = 1,
     .parse = integer<server, &Backend::fullconn>,
     .doc = "Sessions of a backend at which its servers' limits reach their maxconn.",
     .hint = maybe_maxconn},
    {.name = "id", .syntax = "<number>", .parse = id, .doc = "Number of the proxy in statistics."},
    {.name = "load-server-state-from-file",
     .syntax = "{global|local|none}",
     .sections = server_side,
     .parse = state_file,
     .doc = "Whether servers start in the state that the file `server-state-file` has of them, or one of the "
            "backend's own."},
    {.name = "maxconn",
     .syntax = "<number>",
     .sections = client_side,
     .max_args = 1,
     .parse = integer<client, &Frontend::maxconn>,
     .doc = "Most connections of the frontend at a time.",
     .hint = maybe_fullconn},
    {.name = "mode", .syntax = "{tcp|http}", .max_args = 1, .parse = mode, .doc = "The protocol of the proxy."},
    {.name = "option", .syntax = "<name> [<argument>...]", .doc = "Sets an option.", .words = &option_table},
    {.name = "rate-limit", .syntax = "sessions <number>", .doc = "Limits a rate.", .words = &rate_table},
    {.name = "retries",
     .syntax = "<number>",
     .sections = server_side,
     .max_args = 1,
     .parse = retries,
     .doc = "Further attempts to connect to a server after a failed one."},
    {.name = "server-state-file-name",
     .syntax = "[use-backend-name|<file>]",
     .sections = server_side,
     .max_args = 1,
     .parse = state_file_name,
     .doc = "The file for `load-server-state-from-file local`: by itself, or unset, one with the backend's name. Not "
            "taken from a defaults section."},
    {.name = "source",
     .syntax = "<address>[:<port>] [usesrc {<address>[:<port>]|client|clientip|hdr_ip(<name>[,<number>])}] [interface "
               "<name>]",
     .sections = server_side,
     .parse = source,
     .doc =
         "Address that connections to servers start from, or that they are to seem to come from; hdr_ip is for HTTP."},
    {.name = "srvtcpka-cnt",
     .syntax = "<number>",
     .sections = server_side,
     .parse = probes<server, be_keep>,
     .doc = "Unanswered keep-alive probes after which a server's connection is given up.",
     .misplaced = plain},
    {.name = "srvtcpka-idle",
     .syntax = "<time>",
     .sections = server_side,
     .parse = probe_time<server, be_keep, &KeepAlive::idle>,
     .doc = "Silence of a server before the first keep-alive probe.",
     .misplaced = plain},
    {.name = "srvtcpka-intvl",
     .syntax = "<time>",
     .sections = server_side,
     .parse = probe_time<server, be_keep, &KeepAlive::interval>,
     .doc = "Time between two keep-alive probes to a server.",
     .misplaced = plain},
    {.name = "stats", .syntax = "<setting> [<argument>...]", .doc = "The statistics page.", .words = &stats_table},
    {.name = "timeout", .syntax = "<event> <time>", .doc = "Sets a timeout.", .words = &timeout_table},
    {.name = "transparent",
     .syntax = "",
     .sections = server_side,
     .max_args = 0,
     .parse = flag<&Proxy::backend, &Backend::transparent>,
     .doc = "Old name of `option transparent`.",
     .misplaced = Misplaced::silent},
    {.name = "usesrc",
     .syntax = "",
     .sections = server_side,
     .support = Support::ignored,
     .parse = usesrc,
     .doc = "Only a part of `source`; an error by itself.",
     .misplaced = Misplaced::read},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> proxy_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
