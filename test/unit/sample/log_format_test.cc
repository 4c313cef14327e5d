// Log formats: what is refused and in which words, and lines as haproxy 2.6.12 writes them.
#include "sample/log_format.h"

#include <catch2/catch.hpp>
#include <set>
#include <stdlib.h>
#include <string>
#include <time.h>

using namespace ddbproxy;
using sample::LogFormat;

namespace {

/// A stream of a TCP frontend, accepted on 2026-11-23 00:12:15.163 UTC.
sample::StreamFacts tcp_stream() {
  setenv("TZ", "UTC", 1);
  tzset();
  sample::StreamFacts facts;
  facts.client = Address::ipv4(0x7f000001, 46516);
  facts.frontend_address = Address::ipv4(0x7f000001, 24103);
  facts.backend_source = Address::ipv4(0x7f000001, 43506);
  facts.server_address = Address::ipv4(0x7f000001, 24002);
  facts.accepted = base::WallTime(std::chrono::milliseconds(1795392735163));
  facts.frontend = "f3";
  facts.backend = "b";
  facts.server = "s";
  facts.t_queue = 0;
  facts.t_connect = 2;
  facts.t_total = 50;
  facts.bytes_in = 7;
  facts.bytes_out = 5;
  facts.actconn = facts.feconn = 1;
  facts.request_counter = 3;
  return facts;
}

sample::HttpFacts request(std::string_view uri) {
  return {.method = "GET", .uri = uri, .version = "HTTP/1.1", .status = 200, .t_request = 0, .t_response = 0};
}

std::string line(std::string_view format, const sample::StreamFacts& facts, sample::LineContext context = {}) {
  auto parsed = LogFormat::parse(format, {.http = true});
  REQUIRE(parsed);
  std::string out;
  parsed->append(out, facts, context);
  return out;
}

std::string refusal(std::string_view format, bool http = false) {
  auto parsed = LogFormat::parse(format, {.http = http});
  return parsed ? "" : parsed.error().text + ".";
}

}  // namespace

TEST_CASE("tcplog has haproxy's fields in haproxy's order") {
  std::string out;
  LogFormat::tcp().append(out, tcp_stream());
  CHECK(out == "127.0.0.1:46516 [23/Nov/2026:00:12:15.163] f3 b/s 0/2/50 5 -- 1/1/0/0/0 0/0");
}

TEST_CASE("a stream that never found a server shows -1 and <NOSRV>") {
  sample::StreamFacts facts = tcp_stream();
  facts.server = "<NOSRV>";
  facts.t_queue = facts.t_connect = -1;
  facts.t_total = 0;
  facts.bytes_out = 0;
  facts.termination[0] = 'S';
  facts.termination[1] = 'C';
  std::string out;
  LogFormat::tcp().append(out, facts);
  CHECK(out == "127.0.0.1:46516 [23/Nov/2026:00:12:15.163] f3 b/<NOSRV> -1/-1/0 0 SC 1/1/0/0/0 0/0");
}

TEST_CASE("a redispatch shows in the retries, logasap in the sizes and times") {
  sample::StreamFacts facts = tcp_stream();
  facts.retries = 1;
  facts.redispatched = true;
  CHECK(line("%rc", facts) == "+1");
  CHECK(line("%B|%Tt|%Tu|%Td|%U", facts, {.logasap = true}) == "+5|+50|+50|48|7");
}

TEST_CASE("without any log option a line says who connected where") {
  std::string out;
  LogFormat::connection().append(out, tcp_stream());
  CHECK(out == "Connect from 127.0.0.1:46516 to 127.0.0.1:24103 (f3/TCP)");

  sample::StreamFacts local = tcp_stream();
  local.client = Address();
  local.frontend_address = Address::unix_path("/run/x.sock");
  local.bind_id = 1;
  out.clear();
  LogFormat::connection().append(out, local);
  CHECK(out == "Connect to unix:1 (f3/TCP)");
}

TEST_CASE("httplog and its clf form") {
  sample::StreamFacts facts = tcp_stream();
  const sample::HttpFacts http = request("/s;csv?a=\"b");
  facts.http = &http;
  facts.backend = "f3";
  facts.server = "<STATS>";
  facts.t_connect = facts.t_total = 0;
  facts.termination[0] = 'L';
  facts.termination[1] = 'R';
  std::string out;
  LogFormat::http().append(out, facts);
  CHECK(out ==
        "127.0.0.1:46516 [23/Nov/2026:00:12:15.163] f3 f3/<STATS> 0/0/0/0/0 200 5 - - LR-- 1/1/0/0/0 0/0 "
        "\"GET /s;csv?a=#22b HTTP/1.1\"");
  out.clear();
  LogFormat::http_clf().append(out, facts);
  CHECK(out ==
        "127.0.0.1 - - [23/Nov/2026:00:12:15 +0000] \"GET /s;csv?a=#22b HTTP/1.1\" 200 5 \"\" \"\" 46516 163 \"f3\" "
        "\"f3\" \"<STATS>\" 0 0 0 0 0 LR-- 1 1 0 0 0 0 0 \"\" \"\" ");
}

TEST_CASE("httpslog over a connection without TLS") {
  sample::StreamFacts facts = tcp_stream();
  const sample::HttpFacts http = request("/s");
  facts.http = &http;
  std::string out;
  LogFormat::https().append(out, facts);
  CHECK(out.ends_with(" 1/1/0/0/0 0/0 \"GET /s HTTP/1.1\" 0/-/-/-/0 -/-/-"));
}

TEST_CASE("an unreadable request is <BADREQ> in every field") {
  sample::StreamFacts facts = tcp_stream();
  const sample::HttpFacts http{.method = "<BADREQ>", .status = 400};
  facts.http = &http;
  CHECK(line("%HM|%HP|%HPO|%HQ|%HU|%HV|%{+Q}r|%ST|%TR|%Tq", facts) ==
        "<BADREQ>|<BADREQ>|<BADREQ>|<BADREQ>|<BADREQ>|<BADREQ>|\"<BADREQ>\"|400|-1|-1");
}

TEST_CASE("the parts of a request's address") {
  sample::StreamFacts facts = tcp_stream();
  sample::HttpFacts http = request("http://h/s;csv?a=b");
  facts.http = &http;
  CHECK(line("%HM|%HP|%HPO|%HQ|%HU|%HV|%r", facts) ==
        "GET|http://h/s;csv|/s;csv|?a=b|http://h/s;csv?a=b|HTTP/1.1|GET http://h/s;csv?a=b HTTP/1.1");
  http = request("/zork");
  CHECK(line("%HQ|%{+Q}HQ|%HP", facts) == "|\"\"|/zork");
}

TEST_CASE("the flags quote, escape and write in hexadecimal") {
  sample::StreamFacts facts = tcp_stream();
  CHECK(line("%{+Q}o %ci %{-Q}cp %{+Z}s %{Q}s %{+Q,+X}s", facts) == "\"127.0.0.1\" 46516 \"s\" \"s\" \"s\"");
  CHECK(line("%{+X}o %ci:%cp %Ts %ms %rt %B %{-X}o %cp", facts) == "7F000001:B5B4 6B0384DF A3 0003 5 46516");
  const sample::HttpFacts http = request("/?a\\]\"|{");
  facts.http = &http;
  CHECK(line("%{+E}HQ", facts) == "?a\\\\\\]#22|{");
  facts.client = Address::parse_ip("::1");
  CHECK(line("%{+X}ci %ci", facts) == "00000000000000000000000000000001 ::1");
}

TEST_CASE("what is not there is a dash, or two quotes") {
  sample::StreamFacts facts = tcp_stream();
  facts.backend_source = facts.server_address = Address();
  CHECK(line("%bi:%bp %si %ID %sslv", facts) == "-:- - - -");
  CHECK(line("%{+Q}o %bi %bp %ID", facts) == "\"\" \"\" \"\"");
}

TEST_CASE("blanks are merged, also around a variable that writes nothing") {
  CHECK(line("  a   %ci    b  ", tcp_stream()) == "a 127.0.0.1 b ");
  CHECK(line("%ci %hr %hrl %s", tcp_stream()) == "127.0.0.1 s");
  CHECK(line("%hr %s %hr", tcp_stream()) == "s ");
}

TEST_CASE("a percent sign in front of a sign that begins no name vanishes") {
  CHECK(line("x%%%%y%%%ci", tcp_stream()) == "x%%y%127.0.0.1");
  CHECK(line("%(a)ci|%_x|%-|%ci_x", tcp_stream()) == "(a)ci|_x|-|127.0.0.1_x");
}

TEST_CASE("a UNIX client shows the number of its listener as a port") {
  sample::StreamFacts facts = tcp_stream();
  facts.client = Address::unix_path("/run/x.sock");
  facts.bind_id = 4;
  CHECK(line("%ci:%cp", facts) == "unix:4");
}

TEST_CASE("a wrong format is refused in haproxy's words") {
  CHECK(refusal("a %zz b %yy") ==
        "no such format variable 'zz'. If you wanted to emit the '%' character verbatim, you need to use '%%'.");
  CHECK(refusal("%ci3") ==
        "no such format variable 'ci3'. If you wanted to emit the '%' character verbatim, you need to use '%%'.");
  CHECK(refusal("%ci%") == "truncated line after '%'.");
  CHECK(refusal("%{+Q") == "truncated line after '+Q'.");
  CHECK(refusal("%{+Q} %ci") == "parse argument modifier without variable name near '%{+Q}'.");
  CHECK(refusal("x %0") ==
        "unexpected variable name near '0' at position 3 line : 'x %0'. Maybe you want to write a single '%', use the "
        "syntax '%%'.");
  CHECK(refusal("%[src") == "missing ']' after 'src'.");
}

TEST_CASE("variables of HTTP mode are refused to a TCP proxy") {
  CHECK(refusal("%ci %HM") == "format variable 'HM' is reserved for HTTP mode.");
  CHECK(refusal("%ci %HM", true).empty());
  CHECK(refusal("%tsc %ST").empty());
}

TEST_CASE("a sample expression that is none is refused, with its place") {
  struct NoNames : sample::Library {
    std::shared_ptr<const sample::Variable> variable(std::string_view, std::string&) override { return nullptr; }
    std::shared_ptr<sample::PatternList> map_file(std::string_view, std::string&) override { return nullptr; }
  } library;
  size_t at = 0;
  const auto text = [&](std::string_view format) {
    const auto parsed = LogFormat::parse(format, {.library = &library}, &at);
    return parsed ? std::string() : parsed.error().text;
  };
  CHECK(text("%ci %[src]").empty());
  CHECK(text("%ci %[src,foo] x") == "failed to parse sample expression <src,foo] x> : unknown converter 'foo'");
  CHECK(at == 10);
  CHECK(text("%[src") == "missing ']' after 'src'");
  CHECK(text("%[]") == "failed to parse sample expression <]> : missing fetch method");
  CHECK(text("%[str(a]b)]").empty());
  CHECK(text("%[req.len]").ends_with("needs 'request buffer' which is not available here"));
}

TEST_CASE("a line is sent as soon as all its values are known") {
  CHECK(LogFormat::connection().known() == sample::Moment::accepted);
  CHECK(LogFormat::parse("%ci %s", {})->known() == sample::Moment::connected);
  CHECK(LogFormat::parse("%ci %B", {})->known() == sample::Moment::ended);
}

TEST_CASE("every variable has one row and a sentence") {
  std::set<std::string_view> names;
  for (const sample::LogVariable& row : sample::log_variables()) {
    CHECK(names.insert(row.name).second);
    CHECK_FALSE(row.doc.empty());
  }
  CHECK(names.size() == 64);
}
