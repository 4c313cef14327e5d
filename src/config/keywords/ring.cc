// Lines of a `ring` section (manual 3.9).
#include <cstdlib>
#include <fmt/format.h>

#include "config/address_reader.h"
#include "config/context.h"
#include "config/log_reader.h"
#include "config/readers.h"
#include "config/suggest.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Ring;

/// Of several words haproxy takes the first.
void description(Line& line, Ring& ring) {
  if (line.peek().empty()) return void(line.alert("missing ring description text."));
  ring.description = line.take();
}

void format(Line& line, Ring& ring) {
  const std::string name(line.take());
  const auto found = std::ranges::find(log_formats, name);
  if (found == log_formats.end())
    return suggest_of(line.alert(fmt::format("unknown format '{}'.", name)), name, log_formats);
  ring.format = static_cast<model::LogTarget::Format>(found - log_formats.begin());
}

/// As atol() takes it: leading digits count. Nothing, after a report, when they are none or 0.
long long read_bytes(Line& line) {
  const std::string word(line.take());
  const long long size = std::strtoll(word.c_str(), nullptr, 10);
  if (!size) line.alert(fmt::format("invalid size '{}' for new sink buffer.", word));
  return size;
}

void maxlen(Line& line, Ring& ring) {
  const long long size = read_bytes(line);
  if (size) ring.maxlen = static_cast<uint32_t>(size);  // of a larger one haproxy, too, keeps 32 bits
}

void size(Line& line, Ring& ring) {
  const long long size = read_bytes(line);
  if (!size) return;
  constexpr long long most = 0xffff'ffff;
  // haproxy calls it a warning, and does not start.
  if (size > 0 && size < ring.size)
    return void(line.alert(fmt::format("ignoring new size '{}' that is smaller than current size '{}' for ring '{}'.",
                                       size, ring.size, ring.name)));
  if (size < 0 || size > most)
    return void(line.alert(fmt::format("fail to set sink buffer size '{}' for ring '{}'.", ring.size, ring.name)));
  ring.size = static_cast<uint32_t>(size);
}

/// Unlike those of backends, its name is asked for at once. False after a report.
bool resolve(Line& line, const Ring& ring, std::string_view name, std::string_view text, Address& address) {
  const AddressReading reading = read_address(
      text, {.port_offset = true, .resolve = line.context().options.resolve_names, .keep_name = true}, line.context());
  address = reading.address;
  std::string error = reading.error;
  if (reading && address.empty() && line.context().options.resolve_names)
    error = fmt::format("invalid address: '{}' in '{}'\n", reading.host, text);
  if (error.empty()) return true;
  line.report(Severity::alert, fmt::format("[{}] : 'server {}/{}' : {}", line.place(), ring.name, name, error), 2);
  return false;
}

/// It is read as one of a backend of the ring's name.
void server(Line& line, Ring& ring) {
  Context& context = line.context();
  const std::string name(line.word(1)), text(line.word(2));
  Address address;
  if (!name.empty() && !text.empty() && !bad_character(name) && !resolve(line, ring, name, text, address)) return;
  auto framing = model::LogFraming::legacy;
  {
    StandIn backend(context, *ring.proxy, in_backend);
    backend.draft.log_framing = &framing;
    server_row().parse(line, *ring.proxy);
  }
  auto& servers = ring.proxy->backend->servers;
  if (servers.size() == ring.framings.size()) return;
  ring.framings.push_back(framing);
  model::Server& given = servers.back();
  if (!address.empty()) given.address = address;
  const auto refuse = [&](std::string_view what) {
    line.alert(fmt::format("'{}' of a server in a ring is not supported by ddbproxy yet.", what), 0);
  };
  if (given.check.enabled) refuse("check");
  if (given.agent.enabled) refuse("agent-check");
  if (!given.track.empty()) refuse("track");
  if (given.proxy_header.sent()) refuse("send-proxy");
  if (!given.resolution.resolvers.empty()) refuse("resolvers");
}

template <model::Duration model::Timeouts::*event>
void timeout(Line& line, Ring& ring) {
  if (line.peek().empty()) return void(line.alert(fmt::format("'{}' expects <time> as argument.", line.keyword())));
  const std::string named(line.peek());
  if (const auto value = read_argument_time(line, named, line.keyword())) ring.proxy->timeouts.*event = value;
}

constexpr Keyword<Ring> time_rows[] = {
    {.name = "connect",
     .syntax = "<time>",
     .sections = in_ring,
     .parse = timeout<&model::Timeouts::connect>,
     .doc = "Longest wait for a connection to a server of the ring."},
    {.name = "server",
     .syntax = "<time>",
     .sections = in_ring,
     .parse = timeout<&model::Timeouts::server>,
     .doc = "How long a server of the ring may take nothing; then it is connected to anew."},
};
static_assert(in_order(time_rows));

/// haproxy reads them without a word.
void other_timeout(Line& line, Ring&) {
  line.report(Severity::notice,
              fmt::format("parsing [{}] : 'timeout {}' in a ring has no effect in ddbproxy, nor in haproxy.",
                          line.place(), line.peek()),
              line.position());
}
constexpr Table<Ring> times{"ring timeout", time_rows, other_timeout};

constexpr Keyword<Ring> rows[] = {
    {.name = "backing-file",
     .syntax = "<path>",
     .sections = in_ring,
     .support = Support::planned,
     .doc = "A file that keeps what the ring holds."},
    {.name = "description",
     .syntax = "<text>",
     .sections = in_ring,
     .parse = description,
     .doc = "What `show events` says of the ring."},
    {.name = "format",
     .syntax = "<format>",
     .sections = in_ring,
     .parse = format,
     .doc = "What stands in front of each message, as in `log`; nothing by default."},
    {.name = "maxlen", .syntax = "<bytes>", .sections = in_ring, .parse = maxlen, .doc = "Longest message."},
    {.name = "server",
     .syntax = "<name> <address>:<port> [<option>...]",
     .sections = in_ring,
     .parse = server,
     .doc = "A server that gets every message of the ring by TCP; of its options log-proto and source have an effect."},
    {.name = "size",
     .syntax = "<bytes>",
     .sections = in_ring,
     .parse = size,
     .doc = "Size of the buffer; the oldest messages go when it is full."},
    {.name = "timeout",
     .syntax = "{connect|server} <time>",
     .sections = in_ring,
     .doc = "Times of the ring's servers.",
     .words = &times},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Ring> ring_table{"ring", rows};

}  // namespace ddbproxy::config
