// The table of log-format variables. Adding one is adding a row.
#include "sample/log_variables.h"

#include <algorithm>
#include <string>
#include <unistd.h>

#include "base/host_name.h"
#include "sample/log_date.h"

namespace ddbproxy::sample {
namespace {

using Facts = const StreamFacts&;
using W = FieldWriter&;

// ---- shapes that many rows share

template <auto member>
void name(W w, Facts f) {
  w.text(f.*member);
}
template <auto member>
void number(W w, Facts f) {
  w.number(f.*member);
}
template <auto member>
void ip(W w, Facts f) {
  w.ip(f.*member);
}
template <auto member>
void port(W w, Facts f) {
  w.port(f.*member, f.bind_id);
}
/// A value that haproxy prefixes with '+' in a line sent before the end.
void growing(W w, Facts f, int64_t value) {
  if (w.context.logasap) w.raw('+');
  w.number(value);
}
void absent(W w, Facts) { w.text({}); }
void unique_id(W w, Facts f) { w.text(f.unique_id); }
/// Captured headers: there are none, and haproxy then writes nothing, not even "-".
void nothing(W, Facts) {}

/// "{first|second}"
void captures(W w, Facts f) {
  if (f.request_captures.empty()) return;
  std::string all = "{";
  for (const std::string& each : f.request_captures) all.append(all.size() > 1 ? "|" : "").append(each);
  w.foreign_text(all += '}');
}
/// Each as a word of its own.
void capture_list(W w, Facts f) {
  for (const std::string& each : f.request_captures) {
    if (&each != f.request_captures.data()) w.raw(' ');
    w.foreign_text(each);
  }
}

// ---- HTTP: a part of the request line, or <BADREQ> for all of them

bool readable(Facts f) { return f.http && f.http->method != "<BADREQ>"; }
template <class Part>
void request_part(W w, Facts f, Part part) {
  w.foreign_text(readable(f) ? part(*f.http) : f.http ? std::string_view("<BADREQ>") : std::string_view());
}
std::string_view without_query(std::string_view uri) { return uri.substr(0, uri.find('?')); }
std::string_view path_of(std::string_view uri) {
  const size_t scheme = uri.find("://");
  if (uri.starts_with('/') || scheme == uri.npos) return without_query(uri);
  const size_t slash = uri.find('/', scheme + 3);
  return slash == uri.npos ? std::string_view() : without_query(uri.substr(slash));
}
void method(W w, Facts f) {
  request_part(w, f, [](const HttpFacts& h) { return h.method; });
}
void uri(W w, Facts f) {
  request_part(w, f, [](const HttpFacts& h) { return h.uri; });
}
void uri_without_query(W w, Facts f) {
  request_part(w, f, [](const HttpFacts& h) { return without_query(h.uri); });
}
void path_only(W w, Facts f) {
  request_part(w, f, [](const HttpFacts& h) { return path_of(h.uri); });
}
void version(W w, Facts f) {
  request_part(w, f, [](const HttpFacts& h) { return h.version.empty() ? "HTTP/0.9" : h.version; });
}
void query(W w, Facts f) {
  std::string_view part = "<BADREQ>";
  if (readable(f)) {
    const size_t mark = f.http->uri.find('?');
    part = mark == f.http->uri.npos ? std::string_view() : f.http->uri.substr(mark);
    // An address without a query leaves the field empty instead of "-".
    if (part.empty() && !w.has(quoted)) return;
  }
  w.foreign_text(part);
}
void request_line(W w, Facts f) {
  if (!readable(f)) return w.foreign_text("<BADREQ>");
  std::string line;
  line.append(f.http->method).append(" ").append(f.http->uri);
  if (!f.http->version.empty()) line.append(" ").append(f.http->version);
  w.foreign_text(line);
}
void status(W w, Facts f) { w.number(f.http ? f.http->status : 0); }

// ---- timers

int64_t request_time(Facts f) { return f.http ? f.http->t_request : 0; }
int64_t response_time(Facts f) { return f.http ? f.http->t_response : 0; }
void time_request(W w, Facts f) { w.number(request_time(f)); }
void time_response(W w, Facts f) { w.number(response_time(f)); }
void time_until_request(W w, Facts f) {
  w.number(request_time(f) < 0 ? -1 : f.t_handshake + f.t_idle + request_time(f));
}
void time_active(W w, Facts f) { growing(w, f, f.t_total - f.t_idle - f.t_handshake); }
void time_user(W w, Facts f) { growing(w, f, f.t_total - f.t_idle); }
void time_total(W w, Facts f) { growing(w, f, f.t_total); }
void time_data(W w, Facts f) {
  if (f.t_connect < 0 || response_time(f) < 0) return w.number(-1);
  const int64_t before = f.t_handshake + f.t_idle + request_time(f) + f.t_queue + f.t_connect + response_time(f);
  w.number(std::max<int64_t>(0, f.t_total - before));
}

// ---- dates

base::WallTime request_date(Facts f) { return f.accepted + std::chrono::milliseconds(f.t_handshake + f.t_idle); }
void with_milliseconds(W w, base::WallTime time) {
  w.raw(local_date(time));
  const int ms = microseconds(time) / 1000;
  const char text[] = {'.', static_cast<char>('0' + ms / 100), static_cast<char>('0' + ms / 10 % 10),
                       static_cast<char>('0' + ms % 10)};
  w.raw(std::string_view(text, sizeof text));
}
void with_offset(W w, base::WallTime time) {
  w.raw(local_date(time));
  w.raw(' ');
  w.raw(local_offset(time));
}
void date(W w, Facts f) { with_milliseconds(w, f.accepted); }
void date_gmt(W w, Facts f) { w.raw(gmt_date(f.accepted)); }
void date_local(W w, Facts f) { with_offset(w, f.accepted); }
void date_request(W w, Facts f) { with_milliseconds(w, request_date(f)); }
void date_request_gmt(W w, Facts f) { w.raw(gmt_date(request_date(f))); }
void date_request_local(W w, Facts f) { with_offset(w, request_date(f)); }
void epoch(W w, Facts f) { w.hex_number(static_cast<uint64_t>(base::unix_seconds(f.accepted))); }
void milliseconds(W w, Facts f) {
  const int ms = microseconds(f.accepted) / 1000;
  if (w.has(hexadecimal)) return w.hex_number(static_cast<uint64_t>(ms), 2);
  if (ms < 100) w.raw('0');
  if (ms < 10) w.raw('0');
  w.number(ms);
}

// ---- the rest

void bytes_to_client(W w, Facts f) { growing(w, f, static_cast<int64_t>(f.bytes_out)); }
void retries(W w, Facts f) {
  if (f.redispatched) w.raw('+');
  w.number(f.retries);
}
void request_counter(W w, Facts f) { w.hex_number(f.request_counter); }
void log_counter(W w, Facts) { w.hex_number(w.context.log_counter); }
void pid(W w, Facts) { w.hex_number(static_cast<uint64_t>(getpid())); }
void termination(W w, Facts f) { w.raw(std::string_view(f.termination, 2)); }
void termination_with_cookies(W w, Facts f) { w.raw(std::string_view(f.termination, 4)); }
void host(W w, Facts) {
  static const std::string own = base::host_name();
  w.text(own);
}
void connection(W w, Facts f) {
  w.raw("Connect ");
  if (f.client.is_ip()) {
    w.raw("from ");
    w.ip(f.client);
    w.raw(':');
    w.number(f.client.port());
    w.raw(' ');
  }
  w.raw("to ");
  w.ip(f.frontend_address);
  w.raw(':');
  w.port(f.frontend_address, f.bind_id);
  w.raw(" (");
  w.raw(f.frontend);
  w.raw(f.http ? "/HTTP)" : "/TCP)");
}

constexpr bool any_mode = false, http = true;
constexpr Moment early = Moment::connected, late = Moment::ended;
using F = StreamFacts;

constexpr LogVariable rows[] = {
    // name  mode      known  writer                      doc
    {"o", any_mode, early, nullptr, "writes nothing; its flags apply to all variables behind it"},
    {"B", any_mode, late, bytes_to_client, "bytes sent to the client; with '+' when more will follow"},
    {"CC", http, late, absent, "cookie captured from the request"},
    {"CS", http, late, absent, "cookie captured from the response"},
    {"H", any_mode, early, host, "name of the host that ddbproxy runs on"},
    {"HM", http, early, method, "method of the request"},
    {"HP", http, early, uri_without_query, "address in the request, without its query"},
    {"HPO", http, early, path_only, "path of the request, without host and query"},
    {"HQ", http, early, query, "query of the request, from its '?' on"},
    {"HU", http, early, uri, "address in the request"},
    {"HV", http, early, version, "version of HTTP in the request"},
    {"ID", any_mode, late, unique_id, "unique id of the stream"},
    {"ST", any_mode, early, status, "status of the response; 0 in TCP mode"},
    {"T", any_mode, early, date_gmt, "date of the connection in UTC"},
    {"Ta", http, late, time_active, "ms from the request's first byte to the response's last"},
    {"Tc", any_mode, late, number<&F::t_connect>,
     "ms to connect to the server, retries included; -1 when never connected"},
    {"Td", any_mode, late, time_data, "ms of the data transfer"},
    {"Tl", any_mode, early, date_local, "date of the connection in local time, with its distance from UTC"},
    {"Th", any_mode, late, number<&F::t_handshake>, "ms for the PROXY protocol and other handshakes"},
    {"Ti", http, late, number<&F::t_idle>, "ms idle before the request"},
    {"Tq", http, late, time_until_request, "ms from accept to the request's end: Th + Ti + TR"},
    {"TR", http, late, time_request, "ms to receive the request"},
    {"Tr", http, late, time_response, "ms until the server began its response"},
    {"Ts", any_mode, early, epoch, "date of the connection in seconds since 1970"},
    {"Tt", any_mode, late, time_total, "ms from accept to the last close; with '+' when it goes on"},
    {"Tu", any_mode, late, time_user, "ms as the client felt it: Tt without Ti"},
    {"Tw", any_mode, late, number<&F::t_queue>, "ms in queues; -1 when no queue was reached"},
    {"U", any_mode, late, number<&F::bytes_in>, "bytes received from the client"},
    {"ac", any_mode, late, number<&F::actconn>, "connections of the process"},
    {"b", any_mode, early, name<&F::backend>, "name of the backend"},
    {"bc", any_mode, late, number<&F::beconn>, "connections of the backend"},
    {"bi", any_mode, early, ip<&F::backend_source>, "own address of the connection to the server"},
    {"bp", any_mode, early, port<&F::backend_source>, "own port of the connection to the server"},
    {"bq", any_mode, late, number<&F::backend_queue>, "streams that were ahead in the backend's queue"},
    {"ci", any_mode, early, ip<&F::client>, "address of the client"},
    {"cp", any_mode, early, port<&F::client>, "port of the client"},
    {"f", any_mode, early, name<&F::frontend>, "name of the frontend"},
    {"fc", any_mode, late, number<&F::feconn>, "connections of the frontend"},
    {"fi", any_mode, early, ip<&F::frontend_address>, "address that the client connected to"},
    {"fp", any_mode, early, port<&F::frontend_address>, "port that the client connected to"},
    {"ft", any_mode, early, name<&F::frontend>, "name of the frontend, with '~' behind it under TLS"},
    {"lc", any_mode, early, log_counter, "lines that the frontend logged before this one"},
    {"hr", any_mode, late, captures, "headers captured from the request"},
    {"hrl", any_mode, late, capture_list, "headers captured from the request, each in quotes"},
    {"hs", any_mode, late, nothing, "headers captured from the response"},
    {"hsl", any_mode, late, nothing, "headers captured from the response, each in quotes"},
    {"ms", any_mode, early, milliseconds, "milliseconds of the connection's date, three digits"},
    {"pid", any_mode, early, pid, "number of the process"},
    {"r", http, early, request_line, "request line"},
    {"rc", any_mode, late, retries, "retries of the connection; with '+' after a redispatch"},
    {"rt", any_mode, early, request_counter, "number of the stream or request"},
    {"s", any_mode, early, name<&F::server>, "name of the server"},
    {"sc", any_mode, late, number<&F::srvconn>, "connections of the server"},
    {"si", any_mode, early, ip<&F::server_address>, "address of the server"},
    {"sp", any_mode, early, port<&F::server_address>, "port of the server"},
    {"sq", any_mode, late, number<&F::server_queue>, "streams that were ahead in the server's queue"},
    {"sslc", any_mode, early, absent, "cipher of the client's TLS connection"},
    {"sslv", any_mode, early, absent, "version of the client's TLS connection"},
    {"t", any_mode, early, date, "date of the connection in local time, with milliseconds"},
    {"tr", http, early, date_request, "date of the request in local time, with milliseconds"},
    {"trg", http, early, date_request_gmt, "date of the request in UTC"},
    {"trl", http, early, date_request_local, "date of the request in local time, with its distance from UTC"},
    {"ts", any_mode, late, termination, "termination state"},
    {"tsc", any_mode, late, termination_with_cookies, "termination state with the two cookie letters"},
};

}  // namespace

const LogVariable connection_line{"", any_mode, Moment::accepted, connection, ""};

std::span<const LogVariable> log_variables() { return rows; }

const LogVariable* find_log_variable(std::string_view name) {
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const LogVariable& v) { return v.name == name; });
  return row == std::end(rows) ? nullptr : row;
}

}  // namespace ddbproxy::sample
