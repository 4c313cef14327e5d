// What a configuration says, as plain values: made by parse(), never changed afterwards, free of threads and sockets.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include <ddbproxy/address.h>
#include <ddbproxy/check_script.h>
#include <ddbproxy/cpu_map.h>
#include <ddbproxy/diagnostics.h>
#include <ddbproxy/environment.h>
#include <ddbproxy/resolvers.h>
#include <ddbproxy/rules.h>
#include <ddbproxy/sections.h>

namespace ddbproxy::sample {
class PatternList;
}  // namespace ddbproxy::sample

/// Members carry the names of the manual's keywords. A duration that is empty was not set; 0 means none.
namespace ddbproxy::model {

using Milliseconds = std::chrono::milliseconds;
using Duration = std::optional<Milliseconds>;

enum class Mode : uint8_t { tcp, http };

struct Peers;       // ddbproxy/peers.h
struct LogForward;  // ddbproxy/log_sections.h
struct Ring;

/// One `log` line (manual 4.2 "log").
struct LogTarget {
  /// unset: no `format` was written; rfc3164 with log-send-hostname, local without.
  enum class Format : uint8_t { rfc3164, rfc5424, priority, short_, timed, iso, raw, local, unset };
  enum class Kind : uint8_t { datagram, fd, ring };
  Kind kind = Kind::datagram;
  Address address;         ///< datagram: UDP or UNIX
  int fd = -1;             ///< fd: 1 for stdout, 2 for stderr, n for fd@n
  std::string ring;        ///< ring: its name
  uint32_t length = 1024;  ///< Longest message, in bytes.
  Format format = Format::unset;
  int facility = 0;       ///< 0 (kern) .. 23 (local7)
  int level = 7;          ///< Least grave level that is sent, 0 (emerg) .. 7 (debug)
  int minimum_level = 0;  ///< Graver messages are sent as this level.
  std::vector<std::pair<uint32_t, uint32_t>>
      sample_ranges;  ///< Of each sample_size messages those with these numbers, from 1.
  uint32_t sample_size = 0;
  std::string text;  ///< As written, for messages.
};

enum class CliLevel : uint8_t { user = 1, operator_ = 2, admin = 3 };

/// One `bind` or `stats socket` line (manual 5.1). A line may name several addresses, and a range of ports several
/// more.
struct Bind {
  struct Listener {
    Address address;
    int inherited_fd = -1;  ///< `fd@`; the address is then asked from the kernel
    uint32_t id = 0;        ///< As `show stat` numbers it.
  };
  Location where;
  std::string text;  ///< The addresses as written.
  std::vector<Listener> listeners;
  std::string name;
  uint32_t id = 0;  ///< 0: assigned by position
  bool accept_proxy = false;
  uint32_t netscaler_magic = 0;  ///< What a NetScaler header begins with; 0: none is expected.
  std::string interface;
  uint32_t maxconn = 0;
  uint32_t backlog = 0;
  int mss = 0;
  Duration tcp_ut;
  bool defer_accept = false, tfo = false, transparent = false, v4v6 = false, v6only = false;
  std::optional<mode_t> mode;
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;
  CliLevel level = CliLevel::operator_;
  bool expose_listeners = false;  ///< of a `stats socket`: a new process may ask for all listening sockets (-x)
  std::optional<std::string> severity_output;
  int shards = 1;                 ///< 0: by-thread
  uint64_t threads = 0;           ///< That serve it, the first one in the lowest bit; 0: all.
  bool thread_group = false;      ///< They were said to be of a group, of which there is one.
  std::string network_namespace;  ///< empty: the process's own
};

enum class Observe : uint8_t { none, layer4, layer7 };
enum class OnError : uint8_t { fastinter, fail_check, sudden_death, mark_down };

/// What is said first on a connection to a server: `send-proxy`, `send-proxy-v2` and `proxy-v2-options`.
struct ProxyHeaderOptions {
  enum Bit : uint16_t {
    v1 = 1,
    v2 = 2,
    tls = 4,
    cert_cn = 8,
    tls_cipher = 16,
    cert_signature = 32,
    cert_key = 64,
    authority = 128,
    crc32c = 256,
    unique_id = 512
  };
  uint16_t bits = 0;

  /// As in haproxy, any of them has a header sent, which is of version 1 unless version 2 was asked for.
  bool sent() const { return bits != 0; }
  bool has(Bit bit) const { return (bits & bit) != 0; }
};

/// `source` of a server or a backend.
struct Source {
  Address address;  ///< empty: the system chooses
  std::optional<std::pair<uint16_t, uint16_t>> ports;
  std::string interface;

  /// `usesrc`: whose address a server shall see instead. `client_ip` leaves the port to the system.
  enum class As : uint8_t { self, address, client, client_ip, header };
  As as = As::self;
  Address as_address;  ///< of As::address
  std::string header;  ///< of As::header: its name
};

/// Health check settings of a server (manual 5.2).
struct Check {
  bool enabled = false;
  Milliseconds inter{2000};
  Duration fastinter, downinter;
  int rise = 2, fall = 3;
  uint16_t port = 0;  ///< 0: the server's
  Address address;    ///< empty: the server's
  bool send_proxy = false;
  bool via_socks4 = false;

  bool operator==(const Check&) const = default;
};

/// `agent-check` and what belongs to it (manual 5.2).
struct AgentCheck {
  bool enabled = false;
  Milliseconds inter{2000};
  uint16_t port = 0;  ///< 0: the check's
  Address address;    ///< empty: the check's, or the server's
  std::string send;

  bool operator==(const AgentCheck&) const = default;
};

/// One `server` line, after default-server was applied.
/// What a line of `show servers state`, kept in a file, says of a server. Its fields stand in the order of the line.
struct ServerRecord {
  std::string failure;  ///< Why none of it can be taken, in haproxy's words; empty: all can.
  std::string address;  ///< Empty: none; and so the texts below.
  int oper_state = 0;
  uint8_t admin_state = 0;
  int weight = 0, initial_weight = 0;
  int64_t seconds_since_change = 0;
  CheckStatus check_status{};
  int check_health = 0;
  uint8_t check_state = 0, agent_state = 0;
  std::string host;
  uint16_t port = 0;
  std::string service;
  std::string check_port, check_address, agent_address, agent_port;  ///< As they stand there.
};

struct Server {
  Location where;
  std::string name;
  uint32_t id = 0;
  bool forced_id = false;
  Address address;
  std::string host;     ///< The name instead of an address, as written; kept once it is resolved, too.
  uint16_t port = 0;    ///< As written; 0: none
  int port_offset = 0;  ///< With port_relative: `+n`, added to the client's destination port.
  bool port_relative = false;
  int weight = 1;  ///< 0..256
  bool backup = false, disabled = false;
  bool held = false;                                ///< Added while the proxy runs: in maintenance until it is enabled.
  uint32_t maxconn = 0, minconn = 0, maxqueue = 0;  ///< 0: no limit
  Milliseconds slowstart{0};
  Check check;
  AgentCheck agent;
  std::string track;  ///< "backend/server" or "server"
  ProxyHeaderOptions proxy_header;
  bool shutdown_sessions_on_down = false, shutdown_backup_sessions_on_up = false;
  Observe observe = Observe::none;
  OnError on_error = OnError::fail_check;
  int error_limit = 10;
  std::optional<Source> source;
  Duration tcp_ut;
  bool tfo = false;
  Address socks4;                 ///< The SOCKS4 proxy that connections go through; empty: none.
  std::string network_namespace;  ///< That connections start from; empty: the process's own.
  bool client_namespace = false;  ///< `namespace *`: the one that the client's PROXY header names.
  std::string redir;              ///< In front of a request's path in a redirection; of no use outside HTTP mode.
  bool non_stick = false;         ///< Stick tables do not learn it.
  NameResolution resolution;
  std::string cookie;                          ///< ignored outside HTTP mode, with haproxy's warning
  std::vector<std::string> init_addr;          ///< last, libc, none or an address; empty: the default
  std::shared_ptr<const ServerRecord> record;  ///< What the file of server states has of it; null: nothing.

  /// The name that its record has in the place of `host`: of its service, or one that was given by hand. Else empty.
  std::string_view recorded_host() const;
};

/// `timeout X` (manual 4.2). Empty: not set.
struct Timeouts {
  Duration client, client_fin, connect, server, server_fin, tunnel, queue, check, http_request, http_keep_alive, tarpit;
};

enum class Algorithm : uint8_t {
  roundrobin,
  static_rr,
  leastconn,
  first,
  source,
  random,
  uri,
  url_param,
  hdr,
  rdp_cookie
};
enum class HashMethod : uint8_t { map_based, consistent };
enum class HashFunction : uint8_t { sdbm, djb2, wt6, crc32 };

struct Balance {
  Algorithm algorithm = Algorithm::roundrobin;
  HashMethod method = HashMethod::map_based;
  HashFunction function = HashFunction::sdbm;
  bool avalanche = false;
  int hash_balance_factor = 0;  ///< percent; 0: off
  int random_draws = 2;
  std::string argument;             ///< The header, the parameter or the cookie that is hashed.
  std::string text = "roundrobin";  ///< As `show stat` prints it: "roundrobin".
  bool said = false;                ///< By a line; `dispatch` and `option transparent` count only where none is.

  bool operator==(const Balance&) const = default;
};

/// An option that may be left to its default, set or set to no.
enum class Toggle : uint8_t { unset, on, off };

/// `option tcpka|srvtcpka|clitcpka` and the *ka-* keywords (manual 4.2).
struct KeepAlive {
  bool on = false;
  int count = 0;                              ///< 0: the system's
  std::chrono::seconds idle{0}, interval{0};  ///< 0: the system's
};

/// `stats ...` of a proxy (manual 4.2).
/// `stats http-request`: the first whose condition holds says who sees the statistics page.
struct AccessRule {
  enum class Action : uint8_t { allow, deny, auth };
  Location where;
  Action action = Action::allow;
  std::optional<std::string> realm;  ///< auth: what a browser shows when it asks for the password.
  Condition condition;
};

struct Stats {
  bool enabled = false;
  std::string uri = "/haproxy?stats";
  std::optional<std::string> realm;
  std::vector<std::pair<std::string, std::string>> auth;  ///< user, password
  bool hide_version = false, show_legends = false, show_node = false, show_modules = false;
  std::optional<std::string> node, description;
  bool show_description = false;
  std::vector<std::string> scope;  ///< proxy names; "." is this one
  Duration refresh;
  std::vector<Condition> admin;  ///< admin when any holds; none of them is null
  std::vector<AccessRule> access;
};

/// `http-request use-service`: requests are answered by the service and not by a server.
struct ServiceRule {
  enum class Service : uint8_t { prometheus_exporter };
  Location where;
  Service service = Service::prometheus_exporter;
  Condition condition;
};

/// How a proxy words its session log lines.
enum class LogStyle : uint8_t { default_, tcp, http, http_clf, https, custom };

struct LogSettings {
  std::vector<LogTarget> targets;
  bool global = false;  ///< `log global`; resolve() has then appended the global section's targets
  LogStyle style = LogStyle::default_;
  std::string format;     ///< custom: log-format
  std::string sd_format;  ///< log-format-sd
  std::string error_format;
  Location format_where, sd_format_where, error_format_where;  ///< Of the words that set them.
  /// Compiled by validate(), for those proxies that log; null: there is none.
  std::shared_ptr<const sample::LogFormat> compiled, compiled_sd, compiled_error;
  std::string tag;  ///< empty: the global one
  bool dontlognull = false, dontlog_normal = false, logasap = false, separate_errors = false, health_checks = false;
};

/// `monitor-uri` and `monitor fail`: requests by which others look whether this proxy is well.
struct Monitor {
  std::string uri;  ///< Empty: there are none. A request's target must be equal, but for a host in front of it.
  Location where;
  std::vector<Condition> fail;  ///< It is not well when any holds; none of them is null.
};

struct Frontend {
  std::vector<Bind> binds;
  uint32_t maxconn = 0;  ///< 0: not set; validate() fills in what haproxy takes
  uint32_t backlog = 0;
  uint32_t rate_limit_sessions = 0;
  std::vector<BackendRule> use_backend;
  Monitor monitor;
  Rules connection_rules, session_rules;
  std::string unique_id_format;  ///< Empty: streams have no id.
  Location unique_id_where;
  std::shared_ptr<const sample::LogFormat> unique_id;         ///< Compiled by validate().
  std::vector<uint32_t> request_captures, response_captures;  ///< Longest text of each slot, in bytes.
  std::string default_backend;
  Location default_backend_where;
  /// Where sessions go that no rule sends elsewhere; -1: nowhere. Set by resolve().
  int default_backend_index = -1;
  KeepAlive keep_alive;  ///< clitcpka
  bool tcp_smart_accept = false, socket_stats = false, nolinger = false, contstats = false;
};

/// `load-server-state-from-file`
enum class StateFile : uint8_t { none, global, local };

struct Backend {
  Balance balance;
  std::vector<Server> servers;
  uint32_t fullconn = 0;  ///< 0: not set; resolve() fills in what haproxy takes
  bool allbackups = false, redispatch = false;
  int redispatch_interval = 0;  ///< -1: every retry but the last counts from the end, as haproxy's `option redispatch`
  int retries = 3;
  KeepAlive keep_alive;  ///< srvtcpka
  bool tcp_smart_connect = false, nolinger = false;
  bool abortonclose = false, persist = false;
  std::vector<PersistRule> persist_rules;
  std::string persist_rdp_cookie;  ///< `persist rdp-cookie`: its name; empty: not set.
  CheckSettings checks;
  std::optional<Source> source;
  Address dispatch;          ///< Where sessions go instead of servers; empty: not set.
  bool transparent = false;  ///< Sessions go where their clients wanted to.
  std::vector<ServerRule> use_server;
  std::vector<StickRule> stick_rules;
  Rules response_rules;
  Duration response_inspect_delay;
  StateFile state_file = StateFile::none;
  std::string state_file_name;  ///< server-state-file-name; empty: the backend's own name
};

/// `errorfile`: the response to give instead of one of our own.
struct ErrorFile {
  int code = 0;  ///< The status that it is for; it may say another.
  int status = 0;
  bool http_1_0 = false;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> headers;  ///< Names in lower case.
  std::string body;
};

/// An `http-errors` section: what `errorfiles` brings into proxies.
struct ErrorPages {
  Location where;
  std::string name;
  std::vector<ErrorFile> files;  ///< One for each status.
};

/// `errorfiles`: takes the pages of a section.
struct ErrorPagesUse {
  Location where;
  std::string section;
  std::vector<int> codes;  ///< Empty: all that there are.
  size_t behind = 0;       ///< How many of the proxy's own error files were read before it.
};

/// A word that haproxy knows and ddbproxy does not carry out: judged when the proxy's final mode is known.
struct Unsupported {
  Location where;
  std::string keyword;        ///< e.g. "option forwardfor"
  std::string argument = {};  ///< Of those that name a section.
};

/// A frontend, backend or listen section. A `defaults` section is a prototype with both halves.
struct Proxy {
  Location where;
  std::string name;
  uint32_t id = 0;
  bool forced_id = false;
  Mode mode = Mode::tcp;
  Location mode_where;  ///< Of the word that set it; nowhere when none has.
  bool disabled = false;
  std::string description;
  Timeouts timeouts;
  LogSettings log;
  std::optional<Stats> stats;
  Toggle splice_auto = Toggle::unset, splice_request = Toggle::unset, splice_response = Toggle::unset;
  bool independent_streams = false;   ///< What is sent to a side does not refresh its timeout.
  std::vector<ErrorFile> errorfiles;  ///< Of one status the last counts; validate() drops the others.
  std::vector<ErrorPagesUse> error_pages;
  EmailAlerts email_alerts;
  bool is_listen = false;
  std::optional<Frontend> frontend;
  std::optional<Backend> backend;
  std::vector<ServiceRule> services;
  Rules request_rules;  ///< tcp-request content
  Duration request_inspect_delay;
  std::optional<StickTable> stick_table;
  std::vector<Unsupported> unsupported;

  const char* kind() const { return is_listen ? "proxy" : frontend ? "frontend" : "backend"; }
};

inline constexpr uint32_t default_stats_maxconn = 10;

/// A `program` section: what the master runs beside its worker.
struct Program {
  Location where;
  std::string name;
  std::vector<std::string> command;  ///< and its arguments
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;
  bool start_on_reload = true;  ///< A reload starts another one.

  /// Wherever they stand.
  bool operator==(const Program& other) const {
    return name == other.name && command == other.command && uid == other.uid && gid == other.gid &&
           start_on_reload == other.start_on_reload;
  }
};

/// `set-var`, `set-var-fmt` in the global section: set when the process starts.
struct ProcessVariable {
  std::string text;  ///< As written.
  std::shared_ptr<const sample::Variable> variable;
  std::shared_ptr<const sample::Expression> expression;
  std::shared_ptr<const sample::LogFormat> format;  ///< set-var-fmt
};

/// `tune.vars.*`: the most memory of variables, in bytes as haproxy counts them; 0: no limit. A scope's counts the
/// scopes in it, too: transactions are in sessions, messages in transactions.
struct VariableLimits {
  uint64_t global = 0;  ///< Of all variables.
  uint64_t process = 0, session = 0, transaction = 0, message = 0, check = 0;
};

/// The global section (manual 3).
struct Global {
  uint32_t maxconn = 0;  ///< 0: worked out from the descriptor limit
  uint32_t ulimit_n = 0, fd_hard_limit = 0;
  uint32_t maxpipes = 0, maxconnrate = 0, maxsessrate = 0;
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;
  std::string chroot, pidfile, node, description, log_tag = "haproxy";
  bool daemon = false, quiet = false, zero_warning = false;
  bool master_worker = false, exit_on_failure = true;
  std::optional<uint32_t> max_reloads;        ///< How many reloads a worker may live through; not set: any number.
  bool reload_on_change = false;              ///< The files are watched, and a change of them is a reload.
  int nbthread = 0;                           ///< 0: the CPUs this process may use
  int first_of_group = 0, last_of_group = 0;  ///< thread-group: threads from 1; 0: it names none.
  uint32_t log_uri_length = 1024;             ///< tune.http.logurilen: with its end, of a request line in a log line.
  CpuMap cpu_map;
  std::string server_state_base, server_state_file;  ///< empty: none
  std::string log_send_hostname;                     ///< empty: none
  bool send_hostname = false;
  std::vector<LogTarget> logs;
  std::vector<Bind> stats_sockets;
  Duration stats_timeout;                 ///< 10 s when not set
  std::optional<uint32_t> stats_maxconn;  ///< 10 when not set
  /// One of these makes haproxy's own proxy for the runtime API, which takes the number 1.
  bool has_runtime_api() const { return !stats_sockets.empty() || stats_timeout || stats_maxconn; }
  Duration hard_stop_after, grace;
  Milliseconds max_spread_checks{0};
  int spread_checks = 0;  ///< percent, 0..50
  bool noreuseport = false, nosplice = false, noepoll = false, nopoll = false;
  bool busy_polling = false;          ///< Threads ask for events without ever sleeping.
  bool pp2_never_send_local = false;  ///< Checks say PROXY, and their own addresses, in headers of version 2.
  bool strict_limits = true, set_dumpable = false, insecure_fork_wanted = false, insecure_setuid_wanted = false,
       external_check = false, expose_experimental = false;
  uint32_t bufsize = 16384, maxrewrite = 1024, pipesize = 0, maxaccept = 0;
  uint32_t rcvbuf_client = 0, rcvbuf_server = 0, sndbuf_client = 0, sndbuf_server = 0;
  uint32_t peer_updates_at_once = 200;  ///< tune.peers.max-updates-at-once
  std::vector<ProcessVariable> variables;
  VariableLimits variable_limits;
  std::string unix_bind_prefix;
  std::optional<mode_t> unix_bind_mode;
  std::optional<uid_t> unix_bind_uid;
  std::optional<gid_t> unix_bind_gid;
};

/// What ACLs or maps compare with, for the runtime API.
struct Patterns {
  uint32_t id = 0;  ///< What -u says, or the next that was free.
  std::shared_ptr<sample::PatternList> list;
  std::string description;  ///< "acl 'src' file 'x.cfg' line 3", or by which lines the file is used.
  bool of_acls = false;     ///< `show acl` lists it.
  bool of_maps = false;     ///< It has keys and values: `show map` lists it.
};

/// Everything. Proxies stand in the order of their sections.
struct Model {
  Global global;
  bool tells_last_rule = false;  ///< Some expression asks for the rule that ended a ruleset.
  std::vector<std::unique_ptr<Proxy>> proxies;
  std::vector<Resolvers> resolvers;
  std::vector<Program> programs;
  std::vector<std::shared_ptr<Peers>> peers;  ///< Changed by nobody once parse() has returned.
  std::vector<UserList> userlists;
  std::vector<ErrorPages> error_pages;
  std::vector<Mailers> mailers;
  std::vector<std::shared_ptr<Ring>> rings;  ///< Changed by nobody once parse() has returned; and so those below.
  std::vector<std::shared_ptr<LogForward>> log_forwards;
  std::vector<Patterns> pattern_lists;  ///< In the order of their ids. Changed by the runtime API, and by nobody else.
  std::vector<std::shared_ptr<const SourceFile>> sources;  ///< What its Locations point into.
  Environment environment;                                 ///< What the file made of that which it was read with.

  /// The first proxy of this name that has a frontend (or a backend); null when there is none.
  const Proxy* find_frontend(std::string_view name) const;
  const Proxy* find_backend(std::string_view name) const;
};

}  // namespace ddbproxy::model
