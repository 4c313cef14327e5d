// Rows of proxies that only HTTP needs: cookies, error pages, captures, compression, reuse (manual 4.2).
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>

#include "base/text.h"
#include "config/context.h"
#include "config/error_file.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

constexpr auto planned = Support::planned;
constexpr auto http = Needs::http;
constexpr uint8_t client_sections = in_frontend | in_listen, server_sections = in_listen | in_backend;

constexpr std::array<std::string_view, 12> cookie_words{"dynamic", "httponly", "indirect", "insert",
                                                        "nocache", "postonly", "prefix",   "preserve",
                                                        "rewrite", "secure",   "attr",     "domain"};

void cookie(Line& line, Proxy&) {
  if (line.take().empty()) return void(line.alert("'cookie' expects <cookie_name> as argument."));
  while (!line.peek().empty()) {
    const std::string_view word = line.take();
    const bool takes_value = word == "domain" || word == "maxidle" || word == "maxlife" || word == "attr";
    if (!takes_value && std::find(cookie_words.begin(), cookie_words.end(), word) == cookie_words.end()) {
      line.alert(
          "'cookie' supports 'rewrite', 'insert', 'prefix', 'indirect', 'nocache', 'postonly', 'domain', 'maxidle', "
          "'dynamic', "
          "'maxlife' and 'attr' options.");
      return;
    }
    if (takes_value) line.take();
  }
}

constexpr std::array<int, 19> error_codes{200, 400, 401, 403, 404, 405, 407, 408, 410, 413,
                                          421, 422, 425, 429, 500, 501, 502, 503, 504};

/// The status code of an error page; reports one that haproxy never sends.
bool read_error_code(Line& line, std::string_view expects) {
  const std::string_view code = line.take();
  if (code.empty() || line.peek().empty()) {
    line.alert(fmt::format("{} : expects <status_code> and {} as arguments.", line.keyword(), expects),
               line.position());
    return false;
  }
  const auto value = base::parse_integer(code);
  if (value && std::find(error_codes.begin(), error_codes.end(), *value) != error_codes.end()) return true;
  line.alert(fmt::format("{} : status code '{}' not handled.", line.keyword(), code));
  return false;
}

void errorfile(Line& line, Proxy& proxy) {
  model::ErrorFile file;
  file.code = static_cast<int>(base::parse_integer(line.peek()).value_or(0));
  if (!read_error_code(line, "<file>")) return;
  const std::string path(line.take());
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return void(line.alert(fmt::format("errorfile : error opening file '{}'.", path)));
  const uint32_t most = line.context().model->global.bufsize;
  // What has no size, as /dev/null, is an empty file.
  struct stat status {};
  const auto size = stat(path.c_str(), &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
  std::string text(std::min<uint64_t>(size, most), '\0');
  if (!text.empty()) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad() || (stream.fail() && !stream.eof()))
    return void(line.alert(fmt::format("errorfile : error reading file '{}'.", path)));
  text.resize(text.empty() ? 0 : static_cast<size_t>(stream.gcount()));
  if (size > most) {
    line.report(Severity::warning,
                fmt::format("custom error message file '{}' larger than {} bytes. Truncating.", path, most));
    return void(line.alert(fmt::format("errorfile : '{}': unable to add payload into the HTX message", path)));
  }
  const std::string error = parse_error_file(text, file);
  if (!error.empty()) return void(line.alert(fmt::format("errorfile : '{}': {}", path, error)));
  std::erase_if(proxy.errorfiles, [&](const model::ErrorFile& each) { return each.code == file.code; });
  proxy.errorfiles.push_back(std::move(file));
}

void errorloc(Line& line, Proxy&) { read_error_code(line, "<url>"); }

void http_reuse(Line& line, Proxy&) {
  const std::string_view word = line.take();
  if (word != "never" && word != "safe" && word != "aggressive" && word != "always")
    line.alert("'http-reuse' only supports 'never', 'safe', 'aggressive', 'always'.");
}

void retry_on(Line& line, Proxy&) {
  static constexpr std::array<std::string_view, 17> events{"none",
                                                           "conn-failure",
                                                           "empty-response",
                                                           "junk-response",
                                                           "response-timeout",
                                                           "0rtt-rejected",
                                                           "all-retryable-errors",
                                                           "401",
                                                           "403",
                                                           "404",
                                                           "408",
                                                           "425",
                                                           "500",
                                                           "501",
                                                           "502",
                                                           "503",
                                                           "504"};
  if (line.context().section == in_frontend && !line.peek().empty())
    return void(line.alert("'retry-on' only available in backend or listen section", 0));
  if (line.peek().empty()) return void(line.alert("'retry-on' needs at least one keyword to specify when to retry"));
  while (!line.peek().empty()) {
    const std::string_view word = line.take();
    if (std::find(events.begin(), events.end(), word) == events.end())
      return void(line.alert(fmt::format("'retry-on': unknown keyword '{}'", word)));
  }
}

void max_keep_alive_queue(Line& line, Proxy&) {
  read_strict_integer(line, "expects an integer value (or -1 to disable)");
}

template <const auto& expects>
void required(Line& line, Proxy&) {
  if (line.peek().empty()) line.alert(fmt::format("{} {}", expects[0], expects[1]));
}
/// What must stand behind `if` or `unless` is an ACL's to say.
template <const auto& expects>
void conditional(Line& line, Proxy&) {
  if (line.peek() != "if" && line.peek() != "unless")
    line.alert(fmt::format("{} {}", expects[0], expects[1]), line.position());
}

void declare(Line& line, Proxy& proxy) {
  if (line.context().section == in_defaults) return void(line.alert("'declare' not available in default section", 0));
  if (!proxy.frontend) return void(line.alert("'declare' only available in frontend or listen section", 0));
  if (line.peek().empty())
    return void(line.alert("'declare' needs a second keyword that specify the type of declaration ('capture')"));
  if (line.peek() != "capture")
    return void(
        line.alert(fmt::format("unknown declaration type '{}' (supports 'capture')", line.peek()), line.position()));
  line.take();
  const std::string_view direction = line.take();
  if (direction != "request" && direction != "response")
    return void(line.alert("'declare capture' requires a direction ('request' or 'response')"));
  if (line.take() != "len") return void(line.alert("'declare capture' requires a capture length ('len')"));
  const std::string_view word = line.take();
  if (word.empty())
    return void(line.alert("'declare capture': 'len' requires a numeric value that represents the capture length"));
  const auto length = whole_number(word);
  if (!length)
    line.alert("'declare capture': cannot parse the length 'len'.");
  else if (*length <= 0)
    line.alert("length must be > 0");
}

bool is_error_code(int code) { return std::find(error_codes.begin(), error_codes.end(), code) != error_codes.end(); }

/// Its section is looked for when the whole file is read, as is that of use-fcgi-app.
void errorfiles(Line& line, Proxy& proxy) {
  const std::string name(line.take());
  if (name.empty()) return void(line.alert("errorfiles : expects <name> as argument."));
  while (!line.peek().empty())
    if (const int code = wrapped_number(line.take()); !is_error_code(code))
      return void(line.alert(fmt::format("errorfiles : status code '{}' not handled.", code)));
  proxy.unsupported.push_back({line.where(0), line.keyword(), name});
}

void http_error(Line& line, Proxy&) {
  if (line.peek() != "status")
    return void(line.alert("http-error : expects at least a <status> as arguments.", line.position()));
  line.take();
  if (line.peek().empty()) return void(line.alert("http-error : 'status' expects <status_code> as argument"));
  if (const int code = wrapped_number(line.take()); !is_error_code(code))
    line.alert(fmt::format("http-error : Unexpected status code '{}'", code));
}

void max_session_srv_conns(Line& line, Proxy&) {
  if (line.peek().empty())  // the misspelling is 2.6's
    line.report(Severity::alert,
                fmt::format("parsine [{}] : 'max-session-srv-conns' expects a number. Got no argument", line.place()));
}

void use_fcgi_app(Line& line, Proxy& proxy) {
  if (!(line.context().section & server_sections))
    return void(line.alert("'use-fcgi-app' only available in backend or listen section", 0));
  if (line.peek().empty()) return void(line.alert("'use-fcgi-app' expects <name> as argument"));
  for (const model::Unsupported& word : proxy.unsupported)
    if (word.keyword == line.keyword() && !word.argument.empty())
      return void(line.alert("'use-fcgi-app' : only one fcgi-app supported per backend"));
  proxy.unsupported.push_back({line.where(1), line.keyword(), std::string(line.take())});
}

constexpr std::string_view header_text[] = {"'http-send-name-header' requires", "a header string."};
constexpr std::string_view key_text[] = {"'dynamic-cookie-key' expects", "<secret_key> as argument."};
constexpr std::string_view unique_text[] = {"unique-id-header expects", "an argument."};
constexpr std::string_view force_text[] = {"'force-persist' requires",
                                           "either 'if' or 'unless' followed by a condition."};
constexpr std::string_view ignore_text[] = {"'ignore-persist' requires",
                                            "either 'if' or 'unless' followed by a condition."};

constexpr Keyword<Proxy> capture_rows[] = {
    {.name = "cookie",
     .syntax = "<name> len <length>",
     .sections = client_sections,
     .mode = http,
     .support = planned,
     .doc = "Keeps a cookie for the log."},
    {.name = "request",
     .syntax = "header <name> len <length>",
     .sections = client_sections,
     .mode = http,
     .support = planned,
     .doc = "Keeps a request header for the log."},
    {.name = "response",
     .syntax = "header <name> len <length>",
     .sections = client_sections,
     .mode = http,
     .support = planned,
     .doc = "Keeps a response header for the log."},
};
static_assert(in_order(capture_rows));
void unknown_capture(Line& line, Proxy&) {
  line.alert("'capture' expects 'cookie' or 'request header' or 'response header'.", line.position());
}
constexpr Table<Proxy> capture_table{"proxy keyword", capture_rows, unknown_capture};

constexpr Keyword<Proxy> compression_rows[] = {
    {.name = "algo",
     .syntax = "<algorithm>...",
     .mode = http,
     .support = planned,
     .doc = "Algorithms that responses may be compressed by."},
    {.name = "offload",
     .syntax = "",
     .mode = http,
     .support = planned,
     .doc = "Keeps servers from compressing by themselves."},
    {.name = "type",
     .syntax = "<type>...",
     .mode = http,
     .support = planned,
     .doc = "Types of content that are compressed."},
};
static_assert(in_order(compression_rows));
void unknown_compression(Line& line, Proxy&) {
  line.alert("'compression' expects 'algo', 'type' or 'offload'", line.position());
}
constexpr Table<Proxy> compression_table{"proxy keyword", compression_rows, unknown_compression};

constexpr Keyword<Proxy> rows[] = {
    {.name = "capture",
     .syntax = "{cookie|request header|response header} <name> len <length>",
     .doc = "Keeps parts of messages for the log.",
     .words = &capture_table},
    {.name = "compression",
     .syntax = "{algo|type|offload} ...",
     .doc = "Compresses responses.",
     .words = &compression_table},
    {.name = "cookie",
     .syntax = "<name> [<option>...]",
     .sections = server_side,
     .mode = http,
     .support = planned,
     .parse = cookie,
     .doc = "Sends clients back to the server that a cookie names."},
    {.name = "declare",
     .syntax = "capture {request|response} len <length>",
     .sections = client_sections,
     .mode = http,
     .support = planned,
     .parse = declare,
     .doc = "Reserves room for a capture.",
     .misplaced = Misplaced::read},
    {.name = "dynamic-cookie-key",
     .syntax = "<key>",
     .sections = server_side,
     .mode = http,
     .support = planned,
     .parse = required<key_text>,
     .doc = "Secret of the values that persistence cookies are given."},
    {.name = "errorfile",
     .syntax = "<code> <file>",
     .mode = http,
     .parse = errorfile,
     .doc = "A file that is sent instead of an error response."},
    {.name = "errorfiles",
     .syntax = "<section> [<code>...]",
     .mode = http,
     .support = planned,
     .parse = errorfiles,
     .doc = "Error pages of an http-errors section."},
    {.name = "errorloc",
     .syntax = "<code> <url>",
     .mode = http,
     .support = planned,
     .parse = errorloc,
     .doc = "Where clients are sent instead of an error response."},
    {.name = "errorloc302",
     .syntax = "<code> <url>",
     .mode = http,
     .support = planned,
     .parse = errorloc,
     .doc = "Where clients are sent instead of an error response, by a 302."},
    {.name = "errorloc303",
     .syntax = "<code> <url>",
     .mode = http,
     .support = planned,
     .parse = errorloc,
     .doc = "Where clients are sent instead of an error response, by a 303."},
    {.name = "force-persist",
     .syntax = "{if|unless} <condition>",
     .sections = server_sections,
     .mode = http,
     .support = planned,
     .parse = conditional<force_text>,
     .doc = "Follows persistence even to a server that is down."},
    {.name = "http-error",
     .syntax = "status <code> [<option>...]",
     .mode = http,
     .support = planned,
     .parse = http_error,
     .doc = "An error response of one's own."},
    {.name = "http-reuse",
     .syntax = "{never|safe|aggressive|always}",
     .sections = server_side,
     .mode = http,
     .support = planned,
     .parse = http_reuse,
     .doc = "Whether clients may share connections to servers."},
    {.name = "http-send-name-header",
     .syntax = "<header>",
     .sections = server_side,
     .mode = http,
     .support = planned,
     .parse = required<header_text>,
     .doc = "Tells the server its name in a header."},
    {.name = "ignore-persist",
     .syntax = "{if|unless} <condition>",
     .sections = server_sections,
     .mode = http,
     .support = planned,
     .parse = conditional<ignore_text>,
     .doc = "Leaves persistence out of the choice."},
    {.name = "max-keep-alive-queue",
     .syntax = "<number>",
     .sections = server_side,
     .mode = http,
     .support = planned,
     .parse = max_keep_alive_queue,
     .doc = "Length of a server's queue from which a kept client may change server.",
     .misplaced = Misplaced::plain_ignored},
    {.name = "max-session-srv-conns",
     .syntax = "<number>",
     .sections = client_side,
     .mode = http,
     .support = planned,
     .parse = max_session_srv_conns,
     .doc = "Idle server connections that are kept for a client."},
    {.name = "redirect",
     .syntax = "{location|prefix|scheme} <text> [<option>...]",
     .sections = in_frontend | in_listen | in_backend,
     .mode = http,
     .support = planned,
     .doc = "Sends clients elsewhere; an old form of an http-request rule."},
    {.name = "retry-on",
     .syntax = "<event>...",
     .sections = server_side,
     .mode = http,
     .support = planned,
     .parse = retry_on,
     .doc = "Failures of requests that call for another attempt.",
     .misplaced = Misplaced::read},
    {.name = "unique-id-header",
     .syntax = "<name>",
     .sections = client_side,
     .mode = http,
     .support = planned,
     .parse = required<unique_text>,
     .doc = "The header that carries a request's unique id.",
     .misplaced = Misplaced::read},
    {.name = "use-fcgi-app",
     .syntax = "<name>",
     .sections = server_sections,
     .mode = http,
     .support = planned,
     .parse = use_fcgi_app,
     .doc = "The FastCGI application of the servers.",
     .misplaced = Misplaced::read},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> http_proxy_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
