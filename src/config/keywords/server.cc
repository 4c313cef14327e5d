// Options of `server` and `default-server` for every mode (manual 5.2), those of health checks in check.cc.
#include <fmt/format.h>

#include "base/text.h"
#include "config/address_reader.h"
#include "config/context.h"
#include "config/origin_reader.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using ProxyOptions = model::ProxyHeaderOptions;
using model::Server;

/// Only shapes what nothing accepted can ask for: pools of HTTP connections.
void idle_number(Line& line, Server&) {
  if (line.take().empty()) line.alert(fmt::format("'{}' expects <value> as argument..", line.keyword()));
}
void pool_max_conn(Line& line, Server&) {
  const std::string word(line.take());
  if (word.empty())
    line.alert("'pool-max-conn' expects <value> as argument..");
  else if (wrapped_number(word) < -1)
    line.alert("'pool-max-conn' must be >= -1.");
}
void web_socket(Line& line, Server&) {
  const std::string_view word = line.take();
  if (word != "auto" && word != "h1" && word != "h2") line.alert("'ws' has to be 'auto', 'h1' or 'h2'.");
}
void idle_time(Line& line, Server&) {
  static const TimeWording wording{"'{k}' expects <value> as argument..",
                                   "unexpected character '{c}' in argument to <{k}>..", timer_overflow_in_server};
  read_time(line, std::chrono::milliseconds(1), wording);
}

template <bool Server::*member, bool value>
void set(Line&, Server& server) {
  server.*member = value;
}

template <bool value>
void in_maintenance(Line&, Server& server) {
  server.disabled = server.held = value;
}

template <uint32_t Server::*member>
void count(Line& line, Server& server) {
  server.*member = static_cast<uint32_t>(std::max(0ll, loose_number(line, line.take())));
}

template <uint16_t bits>
void send_proxy(Line&, Server& server) {
  server.proxy_header.bits |= bits;
}
template <uint16_t bits>
void no_send_proxy(Line&, Server& server) {
  server.proxy_header.bits &= static_cast<uint16_t>(~bits);
}
constexpr uint16_t with_tls = ProxyOptions::v2 | ProxyOptions::tls, with_cn = with_tls | ProxyOptions::cert_cn;

void proxy_v2_options(Line& line, Server& server) {
  struct Option {
    std::string_view name;
    uint16_t bits;
  };
  constexpr Option options[] = {{"ssl", ProxyOptions::tls},
                                {"cert-cn", ProxyOptions::tls | ProxyOptions::cert_cn},
                                {"ssl-cipher", ProxyOptions::tls | ProxyOptions::tls_cipher},
                                {"cert-sig", ProxyOptions::tls | ProxyOptions::cert_signature},
                                {"cert-key", ProxyOptions::tls | ProxyOptions::cert_key},
                                {"authority", ProxyOptions::authority},
                                {"crc32c", ProxyOptions::crc32c},
                                {"unique-id", ProxyOptions::unique_id}};
  for (const std::string_view word : base::split(line.take(), ',')) {
    const auto found =
        std::find_if(std::begin(options), std::end(options), [&](auto& each) { return each.name == word; });
    if (found == std::end(options))
      return void(line.alert(fmt::format("'{}' : proxy v2 option not implemented.", word)));
    server.proxy_header.bits |= found->bits;
  }
}

void weight(Line& line, Server& server) {
  const auto value = static_cast<int>(loose_number(line, line.take()));
  if (value < 0 || value > 256)
    line.alert(fmt::format("weight of server {} is not within 0 and 256 ({})..", server.name, value));
  else
    server.weight = value;
}

/// Of the servers that are there already; null when none has it.
const Server* owner_of_id(const Draft& draft, uint32_t id) {
  if (draft.adding()) return draft.running_server(id);
  for (const Server& other : draft.proxy->backend->servers)
    if (other.forced_id && other.id == id) return &other;
  return nullptr;
}

void id(Line& line, Server& server) {
  const Draft& draft = *line.context().draft;
  if (&server == &draft.default_server) {
    line.alert("'id' option is not accepted in default-server sections").tolerated = true;
    line.take();
    return;
  }
  if (line.peek().empty()) return void(line.alert("'id' : expects an integer argument."));
  const auto value = static_cast<int>(loose_number(line, line.take()));
  if (value <= 0) return void(line.alert("'id' : custom id has to be > 0."));
  server.id = static_cast<uint32_t>(value);
  server.forced_id = true;
  if (const Server* other = owner_of_id(draft, server.id))
    line.alert(fmt::format("'id' : custom id {} already used at {}:{} ('server {}').", value,
                           other->where.file ? other->where.file->name : "(null)", other->where.line, other->name));
}

/// Kept aside, for a server knows nothing of it; haproxy takes it of every one.
void log_proto(Line& line, Server&) {
  const std::string_view word = line.take();
  if (word != "legacy" && word != "octet-count")
    return void(line.alert(fmt::format("'log-proto' expects one of 'legacy' or 'octet-count' but got '{}'.", word)));
  if (model::LogFraming* framing = line.context().draft->log_framing)
    *framing = word == "legacy" ? model::LogFraming::legacy : model::LogFraming::octet_count;
  else
    line.say(Severity::notice, "'log-proto' has an effect on servers of a ring only.");
}

void init_addr(Line& line, Server& server) {
  server.init_addr.clear();
  const std::string_view word = line.take();
  if (word.empty()) return;
  for (const std::string_view method : base::split(word, ',')) {
    if (method != "last" && method != "libc" && method != "none" && Address::parse_ip(method).empty()) {
      line.alert(fmt::format(
          "'init-addr' : unknown init-addr method '{}', supported methods are 'libc', 'last', 'none'..", method));
      return;
    }
    server.init_addr.emplace_back(method);
  }
}

void resolvers(Line& line, Server& server) {
  server.resolution.resolvers = line.take();
  if (server.resolution.resolvers.empty())
    line.report(Severity::alert,
                fmt::format("{} '{}', server '{}': unable to find required resolvers ''",
                            line.context().draft->proxy->kind(), line.context().draft->proxy->name, server.name));
}

void resolve_prefer(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word != "ipv4" && word != "ipv6")
    line.alert("'resolve-prefer' expects either ipv4 or ipv6 as argument..");
  else
    server.resolution.prefer = word == "ipv4" ? AF_INET : AF_INET6;
}

void resolve_opts(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word.empty()) return;
  for (const std::string_view option : base::split(word, ',')) {
    if (option == "allow-dup-ip")
      server.resolution.allow_duplicates = true;
    else if (option == "prevent-dup-ip")
      server.resolution.allow_duplicates = false;
    else if (option == "ignore-weight")
      server.resolution.ignore_weight = true;
    else
      return void(
          line.alert(fmt::format("'resolve-opts' : unknown resolve-opts option '{}', supported methods are "
                                 "'allow-dup-ip', 'ignore-weight', and 'prevent-dup-ip'..",
                                 option)));
  }
}

/// "10.0.0.0/8", or an address alone.
std::optional<model::Network> read_network(std::string_view text) {
  const size_t slash = text.find('/');
  model::Network network{Address::parse_ip(text.substr(0, slash)), 0};
  if (network.address.empty()) return {};
  const int longest = network.address.family() == AF_INET ? 32 : 128;
  const auto length =
      slash == std::string_view::npos ? std::optional<long long>(longest) : base::parse_integer(text.substr(slash + 1));
  if (!length || *length < 0 || *length > longest) return {};
  network.prefix_length = static_cast<int>(*length);
  return network;
}

void resolve_net(Line& line, Server& server) {
  constexpr size_t most_nets = 5;
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert("'resolve-net' expects a list of networks.."));
  server.resolution.nets.clear();
  for (const std::string_view text : base::split(word, ',')) {
    const auto network = read_network(text);
    if (!network) return void(line.alert(fmt::format("'resolve-net' invalid network '{}'..", text)));
    if (server.resolution.nets.size() == most_nets) return void(line.alert("'resolve-net' exceed 5 networks.."));
    server.resolution.nets.push_back(*network);
  }
}

void slowstart(Line& line, Server& server) {
  const std::string unexpected =
      fmt::format("unexpected character '{{c}}' in 'slowstart' argument of server {}..", server.name);
  const std::string overflow =
      fmt::format("overflow in argument <{{w}}> to <{{k}}> of server {}, maximum value is 2147483647 ms (~24.8 days)..",
                  server.name);
  const TimeWording wording{"'slowstart' expects a delay as argument..", unexpected.c_str(), overflow.c_str()};
  if (const auto value = read_time(line, std::chrono::milliseconds(1), wording))
    server.slowstart = std::chrono::ceil<std::chrono::seconds>(*value);  // haproxy keeps whole seconds
}

void tcp_ut(Line& line, Server& server) {
  static const TimeWording wording{"'{k}' : missing TCP User Timeout value.",
                                   "'{k}' : expects a positive delay in milliseconds.", timer_overflow_in_server};
  if (const auto value = read_time(line, std::chrono::milliseconds(1), wording))
    server.tcp_ut = std::chrono::duration_cast<model::Milliseconds>(*value);
}

void source(Line& line, Server& server) {
  if (line.peek().empty()) {
    line.alert(
        "'source' expects <addr>[:<port>[-<port>]], and optionally 'usesrc' <addr>, and 'interface' <name> as "
        "argument..");
    return;
  }
  server.source = read_source(line, true);
}

void usesrc(Line& line, Server&) { line.alert("'usesrc' only allowed after a 'source' statement.."); }

void proto(Line& line, Server&) {
  const std::string_view word = line.take();
  if (word.empty())
    line.alert(fmt::format("'{}' : missing value.", line.keyword()));
  else if (word == "h1" || word == "h2" || word == "fcgi" || word == "spop")
    line.alert(fmt::format("'{} {}' is not supported by ddbproxy yet.", line.keyword(), word));
  else if (word != "none")
    line.alert(fmt::format("'{}' :  unknown MUX protocol '{}'.", line.keyword(), word));
}

void network_namespace(Line& line, Server& server) {
  const std::string name(line.take());
  server.client_namespace = name == "*";
  server.network_namespace.clear();
  if (name.empty())
    line.alert("'namespace' : expects <name> as argument.");
  else if (!server.client_namespace && !line.context().outside.network_namespace(name))
    line.alert(fmt::format("Cannot open namespace '{}'.", name));
  else if (!server.client_namespace)
    server.network_namespace = name;
}

void socks4(Line& line, Server& server) {
  const std::string_view word = line.take();
  if (word.empty()) return void(line.alert("'socks4' expects <addr>:<port> as argument.."));
  const AddressReading reading = read_address(word, {.port_required = true}, line.context());
  if (!reading) {
    const std::string text = fmt::format("'socks4 {}' : {}", word, reading.error);
    line.alert(reading.error_ends_line() ? fmt::format("\n  {}\n  \n.", text) : text + ".");
  } else {
    server.socks4 = reading.address;
  }
}

void via_socks4(Line&, Server& server) { server.check.via_socks4 = true; }

void redir(Line& line, Server& server) {
  server.redir = line.take();
  if (server.redir.empty()) line.alert("'redir' expects <prefix> as argument..");
}

void cookie(Line& line, Server& server) {
  server.cookie = line.take();
  if (server.cookie.empty()) line.alert("'cookie' expects <value> as argument..");
}

constexpr Keyword<Server> rows[] = {
    {.name = "backup",
     .syntax = "",
     .parse = set<&Server::backup, true>,
     .doc = "Serves only when no other server is up.",
     .dynamic = true},
    {.name = "check-proto",
     .syntax = "<name>",
     .parse = proto,
     .doc = "The protocol that checks speak; only none is supported.",
     .dynamic = true},
    {.name = "check-via-socks4",
     .syntax = "",
     .parse = via_socks4,
     .doc = "Sends checks through the SOCKS4 proxy, too.",
     .dynamic = true},
    {.name = "cookie",
     .syntax = "<value>",
     .mode = Needs::http,
     .parse = cookie,
     .doc = "The server's value in a persistence cookie."},
    {.name = "disabled", .syntax = "", .parse = in_maintenance<true>, .doc = "Starts in maintenance.", .dynamic = true},
    {.name = "enabled", .syntax = "", .parse = in_maintenance<false>, .doc = "Takes back `disabled`.", .dynamic = true},
    {.name = "id", .syntax = "<number>", .parse = id, .doc = "Number of the server in statistics.", .dynamic = true},
    {.name = "init-addr",
     .syntax = "{last|libc|none|<address>}[,...]",
     .parse = init_addr,
     .doc = "How the server's name is resolved at start."},
    {.name = "log-proto",
     .syntax = "{legacy|octet-count}",
     .parse = log_proto,
     .doc = "How messages to a server of a ring are told apart; of other servers it has no effect."},
    {.name = "max-reuse",
     .syntax = "<number>",
     .mode = Needs::http,
     .parse = idle_number,
     .doc = "Most requests on a kept connection."},
    {.name = "maxconn",
     .syntax = "<number>",
     .parse = count<&Server::maxconn>,
     .doc = "Most sessions of the server at a time.",
     .dynamic = true},
    {.name = "maxqueue",
     .syntax = "<number>",
     .parse = count<&Server::maxqueue>,
     .doc = "Most sessions that wait for the server.",
     .dynamic = true},
    {.name = "minconn",
     .syntax = "<number>",
     .parse = count<&Server::minconn>,
     .doc = "Least of a limit on sessions that grows to maxconn with the load of the backend.",
     .dynamic = true},
    {.name = "namespace",
     .syntax = "{<name>|*}",
     .parse = network_namespace,
     .doc = "The network namespace, one under /var/run/netns, that connections start from; *: the client's, as its "
            "PROXY header names it."},
    {.name = "no-backup",
     .syntax = "",
     .parse = set<&Server::backup, false>,
     .doc = "Takes back `backup`.",
     .dynamic = true},
    {.name = "no-send-proxy",
     .syntax = "",
     .parse = no_send_proxy<ProxyOptions::v1>,
     .doc = "Takes back `send-proxy`.",
     .dynamic = true},
    {.name = "no-send-proxy-v2",
     .syntax = "",
     .parse = no_send_proxy<ProxyOptions::v2>,
     .doc = "Takes back `send-proxy-v2`.",
     .dynamic = true},
    {.name = "no-send-proxy-v2-ssl",
     .syntax = "",
     .parse = no_send_proxy<with_tls>,
     .doc = "Takes back `send-proxy-v2-ssl`."},
    {.name = "no-send-proxy-v2-ssl-cn",
     .syntax = "",
     .parse = no_send_proxy<with_cn>,
     .doc = "Takes back `send-proxy-v2-ssl-cn`."},
    {.name = "no-tfo", .syntax = "", .parse = set<&Server::tfo, false>, .doc = "Takes back `tfo`.", .dynamic = true},
    {.name = "non-stick",
     .syntax = "",
     .parse = set<&Server::non_stick, true>,
     .doc = "Keeps the server out of stick tables."},
    {.name = "pool-low-conn",
     .syntax = "<number>",
     .mode = Needs::http,
     .parse = idle_number,
     .doc = "Idle connections below which threads keep their own.",
     .dynamic = true},
    {.name = "pool-max-conn",
     .syntax = "<number>",
     .mode = Needs::http,
     .parse = pool_max_conn,
     .doc = "Most idle connections that are kept.",
     .dynamic = true},
    {.name = "pool-purge-delay",
     .syntax = "<delay>",
     .mode = Needs::http,
     .parse = idle_time,
     .doc = "Time between two purges of idle connections.",
     .dynamic = true},
    {.name = "proto",
     .syntax = "<name>",
     .parse = proto,
     .doc = "The protocol to speak whatever else says; only none is supported.",
     .dynamic = true},
    {.name = "proxy-v2-options",
     .syntax = "<option>[,...]",
     .parse = proxy_v2_options,
     .doc = "Fields added to a PROXY header of version 2.",
     .dynamic = true},
    {.name = "redir",
     .syntax = "<prefix>",
     .mode = Needs::http,
     .support = Support::ignored,
     .parse = redir,
     .doc =
         "Redirects requests to the server's own address: an error in mode tcp, and mode http does not forward yet."},
    {.name = "resolve-net",
     .syntax = "<network>[,...]",
     .parse = resolve_net,
     .doc = "Addresses in these networks, 5 at most, are taken before others."},
    {.name = "resolve-opts",
     .syntax = "{allow-dup-ip|prevent-dup-ip|ignore-weight}[,...]",
     .parse = resolve_opts,
     .doc = "Whether servers of one name may share an address, and whether weights of SRV records count."},
    {.name = "resolve-prefer",
     .syntax = "{ipv4|ipv6}",
     .parse = resolve_prefer,
     .doc = "The family of addresses that is asked for first; ipv6 if not said."},
    {.name = "resolvers",
     .syntax = "<name>",
     .parse = resolvers,
     .doc = "The section whose name servers are asked while running."},
    {.name = "send-proxy",
     .syntax = "",
     .parse = send_proxy<ProxyOptions::v1>,
     .doc = "Sends a PROXY header of version 1 first.",
     .dynamic = true},
    {.name = "send-proxy-v2",
     .syntax = "",
     .parse = send_proxy<ProxyOptions::v2>,
     .doc = "Sends a PROXY header of version 2 first.",
     .dynamic = true},
    {.name = "send-proxy-v2-ssl",
     .syntax = "",
     .parse = send_proxy<with_tls>,
     .doc = "Sends a PROXY header of version 2 that tells of the client's TLS.",
     .dynamic = true},
    {.name = "send-proxy-v2-ssl-cn",
     .syntax = "",
     .parse = send_proxy<with_cn>,
     .doc = "The same with the name in the client's certificate.",
     .dynamic = true},
    {.name = "slowstart",
     .syntax = "<time>",
     .parse = slowstart,
     .doc = "Time in which a server that came up takes its whole share.",
     .dynamic = true},
    {.name = "socks4",
     .syntax = "<address>:<port>",
     .parse = socks4,
     .doc = "Reaches the server through a SOCKS4 proxy, by its IPv4 address."},
    {.name = "source",
     .syntax = "<address>[:<port>[-<port>]] [usesrc {<address>[:<port>]|client|clientip|hdr_ip(<name>[,<number>])}] "
               "[interface <name>]",
     .parse = source,
     .doc = "Address and ports that connections start from, or that they are to seem to come from.",
     .dynamic = true},
    {.name = "stick", .syntax = "", .parse = set<&Server::non_stick, false>, .doc = "Takes back `non-stick`."},
    {.name = "tcp-ut",
     .syntax = "<time>",
     .parse = tcp_ut,
     .doc = "Longest wait for the acknowledgement of sent data."},
    {.name = "tfo", .syntax = "", .parse = set<&Server::tfo, true>, .doc = "Uses TCP Fast Open.", .dynamic = true},
    {.name = "usesrc",
     .syntax = "{<address>|client|clientip|hdr_ip(<name>)}",
     .support = Support::ignored,
     .parse = usesrc,
     .doc = "Only a part of `source`; an error by itself.",
     .dynamic = true},
    {.name = "weight", .syntax = "<number>", .parse = weight, .doc = "Share of the load, 0 to 256.", .dynamic = true},
    {.name = "ws",
     .syntax = "{auto|h1|h2}",
     .mode = Needs::http,
     .parse = web_socket,
     .doc = "Protocol for WebSocket.",
     .dynamic = true},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Server> server_table{"server option", rows};

}  // namespace ddbproxy::config
