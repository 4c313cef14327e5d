// Rows of proxies that only HTTP needs: cookies, error pages, captures, compression, reuse (manual 4.2).
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "config/acl_reader.h"
#include "config/context.h"
#include "config/dispatch.h"
#include "config/error_file.h"
#include "config/error_line.h"
#include "config/http_reply_reader.h"
#include "config/readers.h"
#include "config/redirect_reader.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

constexpr auto planned = Support::planned;
constexpr auto http = Needs::http;
constexpr uint16_t client_sections = in_frontend | in_listen, server_sections = in_listen | in_backend;

/// Its options; haproxy judges each as it comes, and how they go together at the end.
class CookieReader {
 public:
  explicit CookieReader(Line& line) : line_(line) {}

  void run() {
    if (line_.take().empty()) return void(line_.alert("'cookie' expects <cookie_name> as argument."));
    while (!line_.peek().empty())
      if (!option(std::string(line_.take()))) return;
    if (rewrite_ + insert_ + prefix_ > 1)
      line_.alert("cookie 'rewrite', 'insert' and 'prefix' modes are incompatible.");
    else if (preserve_ && !insert_ && !indirect_)
      line_.alert("cookie 'preserve' requires at least 'insert' or 'indirect'.");
  }

 private:
  bool option(const std::string& word) {
    for (const auto& [name, flag] : {std::pair{"rewrite", &rewrite_},
                                     {"insert", &insert_},
                                     {"prefix", &prefix_},
                                     {"preserve", &preserve_},
                                     {"indirect", &indirect_},
                                     {"nocache", &other_},
                                     {"postonly", &other_},
                                     {"httponly", &other_},
                                     {"secure", &other_},
                                     {"dynamic", &other_}})
      if (word == name) return *flag = true;
    if (word == "domain") return domain();
    if (word == "maxidle") return time(word, "<idletime>");
    if (word == "maxlife") return time(word, "<lifetime>");
    if (word == "attr") return attribute();
    line_.alert(
        "'cookie' supports 'rewrite', 'insert', 'prefix', 'indirect', 'nocache', 'postonly', 'domain', 'maxidle', "
        "'dynamic', 'maxlife' and 'attr' options.");
    return false;
  }

  /// Without the blank that others have in front of the colon.
  void say(std::string_view text) {
    line_.report(Severity::alert, fmt::format("parsing [{}]: {}", line_.place(), text));
  }

  bool domain() {
    const std::string domain(line_.take());
    if (domain.empty()) return say("'domain' expects <domain> as argument."), false;
    if (domain.find('.', 1) == domain.npos)
      line_.report(Severity::warning,
                   fmt::format("parsing [{}]: domain '{}' contains no embedded dot, this configuration may not work "
                               "properly (see RFC6265#5.2.3).",
                               line_.place(), domain));
    return true;
  }

  bool time(const std::string& word, std::string_view what) {
    const std::string value(line_.take());
    if (value.empty()) return say(fmt::format("'{}' expects {} in seconds as argument.", word, what)), false;
    const auto reading = read_duration(line_, value, std::chrono::seconds(1));
    using Outcome = base::DurationReading::Outcome;
    if (reading.outcome == Outcome::bad_character)
      return say(fmt::format("unexpected character '{}' in argument to <{}>.", value[reading.bad_at], word)), false;
    if (reading.outcome == Outcome::overflow)
      return say(fmt::format("timer overflow in argument <{}> to <{}>, maximum value is 2147483647 s "
                             "(~68 years).",
                             value, word)),
             false;
    return true;
  }

  bool attribute() {
    const std::string value(line_.take());
    if (value.empty()) return say("'attr' expects <value> as argument."), false;
    const auto bad =
        std::find_if(value.begin(), value.end(), [](unsigned char c) { return c < ' ' || c == ';' || c == 127; });
    if (bad == value.end()) return true;
    say(fmt::format("character '%x{:02X}' is not permitted in attribute value.", static_cast<unsigned char>(*bad)));
    return false;
  }

  Line& line_;
  bool rewrite_ = false, insert_ = false, prefix_ = false, preserve_ = false, indirect_ = false, other_ = false;
};

void cookie(Line& line, Proxy& proxy) {
  CookieReader(line).run();
  // Of a frontend it has no effect, but mode tcp warns of it all the same.
  if (line.context().section == in_frontend) proxy.unsupported.push_back({line.where(0), line.keyword()});
}

/// Of one status the last counts, whether it comes from a line or from a section.
void errorfile(Line& line, Proxy& proxy) {
  model::ErrorFile file;
  if (read_error_file(line, "errorfile : ", file)) proxy.errorfiles.push_back(std::move(file));
}

void errorloc(Line& line, Proxy&) {
  int code = 0;
  read_error_code(line, fmt::format("{} : ", line.keyword()), "<url>", code);
}

void http_reuse(Line& line, Proxy&) {
  const std::string_view word = line.take();
  if (word != "never" && word != "safe" && word != "aggressive" && word != "always")
    line.alert("'http-reuse' only supports 'never', 'safe', 'aggressive', 'always'.");
  else if (!line.peek().empty())
    line.alert(fmt::format("'http-reuse {}' cannot handle unexpected argument '{}'.", word, line.peek()),
               line.position());
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
  else
    (direction == "request" ? proxy.frontend->request_captures : proxy.frontend->response_captures)
        .push_back(static_cast<uint32_t>(*length));
}

/// Its section is looked for when the whole file is read.
void errorfiles(Line& line, Proxy& proxy) {
  model::ErrorPagesUse use{.where = line.where(0), .section = std::string(line.take()), .codes = {}};
  if (use.section.empty()) return void(line.alert("errorfiles : expects <name> as argument."));
  while (!line.peek().empty()) {
    const int code = wrapped_number(line.take());
    if (!is_error_code(code)) return void(line.alert(fmt::format("errorfiles : status code '{}' not handled.", code)));
    use.codes.push_back(code);
  }
  use.behind = proxy.errorfiles.size();
  proxy.error_pages.push_back(std::move(use));
}

void http_error(Line& line, Proxy& proxy) {
  const auto before = line.context().diagnostics.all().size();
  line.introduce(fmt::format("parsing [{}] : http-error : ", line.place()));
  ReplyDraft reply{
      .format = {
          .places = sample::sources::all, .use = "http-error directive", .of_messages = true, .judged_only = true}};
  const bool good = read_reply(line, reply);
  if (good && !reply.status)
    line.alert("expects at least a <status> as arguments.");
  else if (good && !line.peek().empty())
    line.alert(fmt::format("unknown keyword '{}'.", line.peek()), line.position());
  line.introduce({});
  if (has_error_since(line.context().diagnostics, before)) return;
  if (!is_error_code(reply.status))
    return void(line.alert(fmt::format("http-error: status code '{}' not handled.", reply.status)));
  if (!reply.section.empty()) line.context().http_references.add_error_pages(proxy, line, reply.section, reply.status);
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
void unknown_capture(Line& line, Proxy&) {
  if (line.context().section == in_backend) judge_place(line, client_sections, Misplaced::ignored, "");
  line.alert("'capture' expects 'cookie' or 'request header' or 'response header'.", line.position());
}

/// A header of which a part is kept; whatever number stands there is its length.
template <bool of_request>
void capture_header(Line& line, Proxy& proxy) {
  if (line.peek() != "header") return unknown_capture(line, proxy);
  const Place place = judge_place(line, client_sections, Misplaced::ignored, "");
  if (place == Place::refused) return;
  const std::string name = of_request ? "'capture request'" : "'capture response'";
  line.take();
  if (line.take().empty() || line.take() != "len" || line.peek().empty())
    return void(line.alert(fmt::format("{} expects 'header' <header_name> 'len' <len>.", name)));
  const int length = wrapped_number(line.take());
  if (!line.peek().empty())
    return void(
        line.alert(fmt::format("{} cannot handle unexpected argument '{}'.", name, line.peek()), line.position()));
  if (place != Place::here) return;
  auto& slots = of_request ? proxy.frontend->request_captures : proxy.frontend->response_captures;
  slots.push_back(static_cast<uint32_t>(std::max(0, length)));
}

void capture_cookie(Line& line, Proxy& proxy) {
  if (line.word(2).empty() || line.word(3).empty() || line.word(4).empty())
    return void(line.alert("'capture' expects 'cookie' <cookie_name> 'len' <len>."));
  if (line.context().section == in_backend) proxy.unsupported.push_back({line.where(1), line.keyword()});  // said twice
  constexpr int most = 63;
  if (wrapped_number(line.word(4)) > most)
    line.report(Severity::warning,
                fmt::format("truncating capture length to {} bytes for {} '{}'.", most, proxy.kind(), proxy.name));
}

constexpr Keyword<Proxy> capture_rows[] = {
    {.name = "cookie",
     .syntax = "<name> len <length>",
     .sections = client_sections,
     .mode = http,
     .support = planned,
     .parse = capture_cookie,
     .doc = "Keeps a cookie for the log."},
    {.name = "request",
     .syntax = "header <name> len <length>",
     .sections = client_sections,
     .mode = http,
     .support = planned,
     .parse = capture_header<true>,
     .doc = "Keeps a request header for the log.",
     .misplaced = Misplaced::read},
    {.name = "response",
     .syntax = "header <name> len <length>",
     .sections = client_sections,
     .mode = http,
     .support = planned,
     .parse = capture_header<false>,
     .doc = "Keeps a response header for the log.",
     .misplaced = Misplaced::read},
};
static_assert(in_order(capture_rows));
constexpr Table<Proxy> capture_table{"proxy keyword", capture_rows, unknown_capture};

void compression_algo(Line& line, Proxy&) {
  if (line.peek().empty())  // haproxy says twice where
    return void(line.alert(fmt::format("parsing [{}] : 'compression' expects <algorithm>.", line.place())));
  constexpr std::string_view known[] = {"identity", "gzip", "deflate", "raw-deflate"};
  while (!line.peek().empty())
    if (const std::string_view word = line.take();
        std::find(std::begin(known), std::end(known), word) == std::end(known))
      return void(line.alert(fmt::format("'compression' : '{}' is not a supported algorithm.", word)));
}

void compression_type(Line& line, Proxy&) {
  if (line.peek().empty()) line.alert("'compression' expects <type>.");
}

void compression_offload(Line& line, Proxy&) {
  if (line.context().section == in_defaults) line.warning("'compression' : 'offload' ignored in 'defaults' section.");
}

constexpr Keyword<Proxy> compression_rows[] = {
    {.name = "algo",
     .syntax = "<algorithm>...",
     .mode = http,
     .support = planned,
     .parse = compression_algo,
     .doc = "Algorithms that responses may be compressed by."},
    {.name = "offload",
     .syntax = "",
     .mode = http,
     .support = planned,
     .parse = compression_offload,
     .doc = "Keeps servers from compressing by themselves."},
    {.name = "type",
     .syntax = "<type>...",
     .mode = http,
     .support = planned,
     .parse = compression_type,
     .doc = "Types of content that are compressed."},
};
static_assert(in_order(compression_rows));
void unknown_compression(Line& line, Proxy&) {
  line.alert("'compression' expects 'algo', 'type' or 'offload'", line.position());
}
constexpr Table<Proxy> compression_table{"proxy keyword", compression_rows, unknown_compression};

/// Its target is taken as it stands.
void redirect_line(Line& line, Proxy& proxy) {
  RuleDraft draft{proxy, of_http_request};
  line.introduce(fmt::format("parsing [{}] : error detected in {} '{}' while parsing redirect rule : ", line.place(),
                             proxy.kind(), proxy.name),
                 ".");
  const bool good = read_redirect(line, draft, {});
  line.introduce({});
  if (!good) return;
  line.context().draft->rules.add(line, RuleKind::redirect);
  if (draft.rule.condition) warn_of_conflicts(line, *draft.rule.condition, place_of(draft), "", places_of(draft));
}

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
     .parse = redirect_line,
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
