// Rows of TLS in the section "global" (manual 3). They have no effect in haproxy either as long as no line uses TLS,
// and none can yet.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "config/context.h"
#include "config/dispatch.h"
#include "config/idle_number.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Global;

constexpr auto planned = Support::planned;
constexpr uint8_t global = in_global;

void flag_word(Line&, Global&) {}
void lifetime(Line& line, Global&) {
  TimeWording wording = argument_wording;
  wording.overflow = "timer overflow in argument '{w}' to <{k}> (maximum value is 2147483647 s or ~68 years).";
  wording.missing = "'{k}' expects ssl sessions <lifetime> in seconds as argument.";
  read_time(line, std::chrono::seconds(1), wording);
}

void statement(Line& line, std::string_view expects) {
  if (line.peek().empty())
    line.alert(fmt::format("global statement '{}' expects {} as an argument.", line.keyword(), expects),
               line.position());
}
void curves(Line& line, Global&) {
  if (line.peek().empty())
    line.alert(fmt::format("global statement '{}' expects a curves suite as an arguments.", line.keyword()),
               line.position());
}
void directory(Line& line, Global&) { statement(line, "a directory path"); }
void ciphers(Line& line, Global&) { statement(line, "a cipher suite"); }

constexpr std::array<std::string_view, 14> option_words{
    "force-sslv3", "force-tlsv10",          "force-tlsv11", "force-tlsv12", "force-tlsv13",
    "no-sslv3",    "no-tls-tickets",        "no-tlsv10",    "no-tlsv11",    "no-tlsv12",
    "no-tlsv13",   "prefer-client-ciphers", "ssl-max-ver",  "ssl-min-ver"};

void options(Line& line, Global&) {
  statement(line, "an option");
  while (!line.peek().empty()) {
    const std::string_view word = line.take();
    if (std::find(option_words.begin(), option_words.end(), word) == option_words.end())
      return void(line.alert(fmt::format("unknown option '{}' on global statement '{}'.", word, line.keyword())));
    if (word.starts_with("ssl-m")) line.take();  // its version
  }
}

void extra_files(Line& line, Global&) {
  do {
    const std::string_view word = line.take();
    if (word != "none" && word != "all" && word != "bundle" && word != "sctl" && word != "ocsp" && word != "issuer" &&
        word != "key")
      return void(line.alert(
          "'ssl-load-extra-files' expects one or multiple arguments (none, all, bundle, sctl, ocsp, issuer)."));
  } while (!line.peek().empty());
}

void server_verify(Line& line, Global&) {
  if (line.peek().empty()) return void(line.alert("'ssl-server-verify' expects an integer argument.", line.position()));
  const std::string_view word = line.take();
  if (word != "none" && word != "required") line.alert("'ssl-server-verify' expects 'none' or 'required' as argument.");
}

void default_dh_param(Line& line, Global&) {
  const auto value = read_integer(line);
  if (value && static_cast<int>(*value) >= 0 && static_cast<int>(*value) < 1024)
    line.alert("'tune.ssl.default-dh-param' expects a value >= 1024.");
}

/// Under both of its names.
void capture_size(Line& line, Global& g) {
  std::set<std::string>& given = line.context().given;
  const bool right = !line.peek().empty() && wrapped_number(line.peek()) >= 0;
  if (right && !given.insert("tune.ssl.capture-buffer-size").second)
    line.alert(fmt::format("'{}' is already configured.", line.keyword()), line.position());
  else
    idle_number<positive_idle_number>(line, g);
}

void capture_cipherlist_size(Line& line, Global& g) {
  line.report(
      Severity::warning,
      fmt::format("parsing [{}]: 'tune.ssl.capture-cipherlist-size' is deprecated and will be removed in version 2.7. "
                  "Please use 'tune.ssl.capture-buffer-size' instead.",
                  line.place()),
      0);
  if (check_count(line, 0, 1)) capture_size(line, g);
}

void keylog(Line& line, Global&) {
  const std::string_view word = line.take();
  if (word != "on" && word != "off")
    line.alert(fmt::format("'{}' expects either 'on' or 'off' but got '{}'.", line.keyword(), word));
}

constexpr Keyword<Global> rows[] = {
    {.name = "ca-base",
     .syntax = "<directory>",
     .sections = global,
     .max_args = 1,
     .parse = directory,
     .doc = "Where relative names of files of authorities begin."},
    {.name = "crt-base",
     .syntax = "<directory>",
     .sections = global,
     .max_args = 1,
     .parse = directory,
     .doc = "Where relative names of certificates begin."},
    {.name = "issuers-chain-path",
     .syntax = "<directory>",
     .sections = global,
     .support = planned,
     .doc = "Where certificates of issuers are."},
    {.name = "ssl-default-bind-ciphers",
     .syntax = "<ciphers>",
     .sections = global,
     .max_args = 1,
     .parse = ciphers,
     .doc = "Default ciphers of bind lines up to TLS 1.2."},
    {.name = "ssl-default-bind-ciphersuites",
     .syntax = "<suites>",
     .sections = global,
     .max_args = 1,
     .parse = ciphers,
     .doc = "Default ciphers of bind lines of TLS 1.3."},
    {.name = "ssl-default-bind-curves",
     .syntax = "<curves>",
     .sections = global,
     .max_args = 1,
     .parse = curves,
     .doc = "Default curves of bind lines."},
    {.name = "ssl-default-bind-options",
     .syntax = "<option>...",
     .sections = global,
     .parse = options,
     .doc = "Default options of TLS on bind lines."},
    {.name = "ssl-default-server-ciphers",
     .syntax = "<ciphers>",
     .sections = global,
     .max_args = 1,
     .parse = ciphers,
     .doc = "Default ciphers of server lines up to TLS 1.2."},
    {.name = "ssl-default-server-ciphersuites",
     .syntax = "<suites>",
     .sections = global,
     .max_args = 1,
     .parse = ciphers,
     .doc = "Default ciphers of server lines of TLS 1.3."},
    {.name = "ssl-default-server-options",
     .syntax = "<option>...",
     .sections = global,
     .parse = options,
     .doc = "Default options of TLS on server lines."},
    {.name = "ssl-dh-param-file",
     .syntax = "<file>",
     .sections = global,
     .support = planned,
     .doc = "Default parameters of Diffie and Hellman."},
    {.name = "ssl-engine",
     .syntax = "<name>",
     .sections = global,
     .support = planned,
     .doc = "Loads an engine of OpenSSL."},
    {.name = "ssl-load-extra-del-ext",
     .syntax = "",
     .sections = global,
     .parse = flag_word,
     .doc = "Leaves an extension out of the names of further files."},
    {.name = "ssl-load-extra-files",
     .syntax = "<kind>...",
     .sections = global,
     .parse = extra_files,
     .doc = "Which further files are read beside a certificate."},
    {.name = "ssl-mode-async",
     .syntax = "",
     .sections = global,
     .parse = flag_word,
     .doc = "Uses engines of OpenSSL that work aside."},
    {.name = "ssl-propquery",
     .syntax = "<query>",
     .sections = global,
     .support = planned,
     .doc = "Default query of properties of OpenSSL."},
    {.name = "ssl-provider",
     .syntax = "<name>",
     .sections = global,
     .support = planned,
     .doc = "Loads a provider of OpenSSL."},
    {.name = "ssl-provider-path",
     .syntax = "<directory>",
     .sections = global,
     .support = planned,
     .doc = "Where providers of OpenSSL are."},
    {.name = "ssl-server-verify",
     .syntax = "{none|required}",
     .sections = global,
     .max_args = 1,
     .parse = server_verify,
     .doc = "Whether certificates of servers are verified."},
    {.name = "ssl-skip-self-issued-ca",
     .syntax = "",
     .sections = global,
     .parse = flag_word,
     .doc = "Leaves authorities that issued themselves out of what is sent."},
    {.name = "tune.ssl.cachesize",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<positive_idle_number>,
     .doc = "Sessions of TLS that are kept."},
    {.name = "tune.ssl.capture-buffer-size",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = capture_size,
     .doc = "How much of a hello is kept for the log."},
    {.name = "tune.ssl.capture-cipherlist-size",
     .syntax = "<bytes>",
     .sections = global,
     .support = Support::ignored,
     .parse = capture_cipherlist_size,
     .doc = "Old name of tune.ssl.capture-buffer-size."},
    {.name = "tune.ssl.default-dh-param",
     .syntax = "<bits>",
     .sections = global,
     .max_args = 1,
     .parse = default_dh_param,
     .doc = "Default size of parameters of Diffie and Hellman."},
    {.name = "tune.ssl.force-private-cache",
     .syntax = "",
     .sections = global,
     .max_args = 0,
     .parse = flag_word,
     .doc = "Keeps sessions from being shared."},
    {.name = "tune.ssl.hard-maxrecord",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<positive_idle_number>,
     .doc = "Largest record whatever else says."},
    {.name = "tune.ssl.keylog",
     .syntax = "{on|off}",
     .sections = global,
     .max_args = 1,
     .support = planned,
     .parse = keylog,
     .doc = "Keeps keys for decoding captures."},
    {.name = "tune.ssl.lifetime",
     .syntax = "<time>",
     .sections = global,
     .max_args = 1,
     .parse = lifetime,
     .doc = "How long sessions of TLS are kept."},
    {.name = "tune.ssl.maxrecord",
     .syntax = "<bytes>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<positive_idle_number>,
     .doc = "Largest record."},
    {.name = "tune.ssl.ssl-ctx-cache-size",
     .syntax = "<number>",
     .sections = global,
     .max_args = 1,
     .parse = idle_number<positive_idle_number>,
     .doc = "Certificates that are made and kept."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Global> tls_global_table{"global", rows};

}  // namespace ddbproxy::config
