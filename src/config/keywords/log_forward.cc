// Lines of a `log-forward` section (manual 3.10).
#include <fmt/format.h>

#include "config/address_reader.h"
#include "config/bind_reader.h"
#include "config/context.h"
#include "config/option_words.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::LogForward;

/// Reads the line by the row that proxies have for it, into the section's frontend.
template <auto row>
void as_frontend(Line& line, LogForward& section) {
  const StandIn frontend(line.context(), *section.proxy, in_frontend);
  row().parse(line, *section.proxy);
}

const Keyword<model::Proxy>& backlog_row() { return *find(proxy_tables(), "backlog"); }
const Keyword<model::Proxy>& log_row() { return *find(proxy_tables(), "log"); }
const Keyword<model::Proxy>& maxconn_row() { return *find(proxy_tables(), "maxconn"); }
const Keyword<model::Proxy>& bind_row() { return *find(proxy_tables(), "bind"); }

/// haproxy takes a line without an address.
bool says_nothing(Line& line) {
  if (!line.peek().empty()) return false;
  line.report(Severity::notice,
              fmt::format("parsing [{}] : '{}' without an address has no effect in ddbproxy, nor in haproxy.",
                          line.place(), line.keyword()));
  return true;
}

void bind(Line& line, LogForward& section) {
  if (says_nothing(line)) return;
  const std::string text(line.peek());
  model::Bind judged;
  if (const std::string error = read_bind_addresses(line, text, judged); !error.empty())
    // haproxy goes on without it.
    return void(line.alert(fmt::format("'bind {}' : {}", text, error), line.position()).tolerated = true);
  as_frontend<bind_row>(line, section);
  const auto& binds = section.proxy->frontend->binds;
  if (binds.empty() || binds.back().where.line != line.where().line) return;
  refuse_netscaler_header(line, binds.back());
  if (binds.back().accept_proxy)
    line.alert("'accept-proxy' is not supported by ddbproxy in log-forward sections yet.", 0);
}

void dgram_bind(Line& line, LogForward& section) {
  if (says_nothing(line)) return;
  const std::string text(line.take());
  model::Bind bind;
  const AddressRules rules{.port_required = true, .port_range = true, .stream = false, .datagram = true};
  if (const std::string error = read_bind_addresses(line, text, rules, bind); !error.empty())
    return void(line.alert(fmt::format("'dgram-bind {}' : {}", text, error)));
  const OptionsEnd end = read_options(line, bind_tables(), bind);
  if (end == OptionsEnd::unknown) {
    const std::string_view suggestion = suggest(line.peek(), bind_tables());
    line.alert(fmt::format("unknown keyword '{}' in 'log-forward' section{}", line.peek(),
                           suggestion.empty() ? "." : did_you_mean(suggestion)),
               line.position())
        .suggestion = suggestion;
  }
  if (end == OptionsEnd::done) section.datagram_binds.push_back(std::move(bind));
}

void client_time(Line& line, LogForward& section) {
  if (line.peek().empty()) return void(line.alert("missing timeout client value."));
  line.introduce(fmt::format("parsing [{}] : timeout : ", line.place()));
  if (const auto value = read_time(line, std::chrono::milliseconds(1), timeout_wording))
    section.proxy->timeouts.client = std::chrono::duration_cast<model::Milliseconds>(*value);
}

constexpr Keyword<LogForward> time_rows[] = {
    {.name = "client",
     .syntax = "<time>",
     .sections = in_log_forward,
     .parse = client_time,
     .doc = "How long a client may send nothing by TCP; for ever by default."},
};
static_assert(in_order(time_rows));

void unknown_time(Line& line, LogForward&) {
  check_prefix(line, Prefixes::none);
  line.alert(fmt::format("unknown keyword 'timeout {}' in log-forward section.", line.peek()), line.position());
}
constexpr Table<LogForward> times{"log-forward timeout", time_rows, unknown_time};

constexpr Keyword<LogForward> rows[] = {
    {.name = "backlog",
     .syntax = "<number>",
     .sections = in_log_forward,
     .max_args = 1,
     .parse = as_frontend<backlog_row>,
     .doc = "How many clients the kernel lets wait."},
    {.name = "bind",
     .syntax = "<address>[,...] [<option>...]",
     .sections = in_log_forward,
     .parse = bind,
     .doc = "Where messages come in by TCP, each with its length before it or a line end behind it."},
    {.name = "dgram-bind",
     .syntax = "<address>[,...] [<option>...]",
     .sections = in_log_forward,
     .parse = dgram_bind,
     .doc =
         "Where messages come in as datagrams; of the options interface, transparent, v4v6, v6only and those of UNIX "
         "sockets have an effect."},
    {.name = "log",
     .syntax =
         "global | <target> [len <bytes>] [format <format>] [sample <ranges>:<size>] <facility> [<level> [<level>]]",
     .sections = in_log_forward,
     .parse = as_frontend<log_row>,
     .doc = "Where messages go, in a format or, without one, as they came.",
     .prefixes = Prefixes::no_and_default},
    {.name = "maxconn",
     .syntax = "<number>",
     .sections = in_log_forward,
     .max_args = 1,
     .parse = as_frontend<maxconn_row>,
     .doc = "Most clients by TCP at a time; 10 by default."},
    {.name = "timeout",
     .syntax = "client <time>",
     .sections = in_log_forward,
     .doc = "Times of clients.",
     .words = &times},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<LogForward> log_forward_table{"log-forward", rows};

}  // namespace ddbproxy::config
