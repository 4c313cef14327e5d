// How the servers of a backend are checked beyond a mere connection: a script of steps, or a program.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <ddbproxy/address.h>
#include <ddbproxy/diagnostics.h>

namespace ddbproxy::base {
class Regex;
}
namespace ddbproxy::sample {
class Expression;
class LogFormat;
}  // namespace ddbproxy::sample

namespace ddbproxy::model {

/// How a health check can end. The numbers are those of `show servers state`.
enum class CheckStatus : uint8_t {
  unknown = 0,
  initializing = 1,
  starting = 2,
  analyzed = 3,  ///< Seen by observing traffic.
  checked = 4,   ///< From here on: a check that has ended.
  socket_error = 5,
  l4_ok = 6,
  l4_timeout = 7,
  l4_connection = 8,
  l6_ok = 9,
  l6_timeout = 10,
  l6_response = 11,
  l7_timeout = 12,
  l7_response = 13,
  l7_ok = 14,
  l7_ok_conditionally = 15,
  l7_status = 16,
  program_error = 17,
  program_timeout = 18,
  program_ok = 19,
};

struct Rule;

/// A text of a script: as written, or what a log format makes of it each time.
struct CheckText {
  std::string text;
  std::shared_ptr<const sample::LogFormat> format;  ///< null: the text
  bool hex = false;                                 ///< The format makes hexadecimal digits.

  bool empty() const { return text.empty() && !format; }
};

/// Words of a result: written down, or taken from the server's answer.
struct CheckWords {
  CheckText text;
  std::optional<size_t> offset;  ///< The answer from here to its first NUL.
  bool one_line = false;         ///< And no further than the end of the line.

  bool empty() const { return text.empty() && !offset; }
};

/// `tcp-check connect`, `http-check connect`.
struct CheckConnect {
  uint16_t port = 0;                                          ///< 0: the check's or the server's
  std::shared_ptr<const sample::Expression> port_expression;  ///< Instead of a number.
  Address address;                                            ///< empty: the check's or the server's
  bool implicit = false;                                      ///< No line says it: the server's own way of connecting.
  bool server_defaults = false;                               ///< `default`
  bool send_proxy = false, linger = false, via_socks4 = false;
};

/// How a header of an answer, its name or its value, is compared.
struct CheckHeaderPattern {
  enum class Method : uint8_t { str, beg, end, sub, reg };
  Method method = Method::str;
  CheckText text;
  std::shared_ptr<const base::Regex> regex;
};

/// `tcp-check expect`, `http-check expect`, and what the checks of known protocols look for.
struct CheckExpect {
  enum class Match : uint8_t {
    string,
    rstring,
    binary,
    rbinary,
    string_lf,
    binary_lf,
    status,
    rstatus,
    header,
    body,
    rbody,
    mysql_greeting,
    mysql_answer,
    ldap_answer,
    spop_answer,
    agent_line,  ///< Any, up to its end.
  };
  Match match = Match::string;
  bool negated = false;
  int min_recv = -1;  ///< -1: an answer that does not match may yet grow into one that does
  CheckText pattern;  ///< As bytes.
  std::shared_ptr<const base::Regex> regex;
  std::vector<std::pair<int, int>> codes;  ///< of `status`, each from..to
  CheckHeaderPattern name;
  std::optional<CheckHeaderPattern> value;
  bool full_value = false;  ///< fhdr: commas do not divide the value
  std::optional<CheckStatus> ok_status, error_status, timeout_status;
  std::shared_ptr<const sample::Expression> status_code;  ///< null: the protocol's own
  CheckWords on_success, on_error;
  bool quiet = false;             ///< A mismatch without words of its own has none.
  bool code_from_answer = false;  ///< Its first three digits are the code.
};

/// `http-check send`. What is empty is not set.
struct CheckRequest {
  std::string method, version;
  CheckText uri, body;
  std::vector<std::pair<std::string, CheckText>> headers;
};

struct CheckStep {
  enum class Kind : uint8_t { comment, variable, connect, send, request, expect };
  Kind kind = Kind::comment;
  Location where;
  std::string comment;
  std::shared_ptr<const Rule> variable;  ///< set-var, set-var-fmt, unset-var
  CheckText data;                        ///< of send, as bytes
  CheckConnect connect;
  CheckRequest request;
  CheckExpect expect;
};

/// What `option tcp-check`, `option httpchk`, ... ask for. The last of them counts.
enum class CheckMethod : uint8_t { connection, tcp, http, protocol, external };

/// The checks of a backend: the method, its steps, and the rules that were written for either script.
struct CheckSettings {
  CheckMethod method = CheckMethod::connection;
  std::vector<CheckStep> tcp_rules, http_rules;
  CheckRequest http_request;                       ///< of `option httpchk`
  Location http_request_where;                     ///< the last such line
  CheckMethod rules_of = CheckMethod::connection;  ///< Of the last option but external-check.
  Location idle_tcp_rule, idle_http_rule;  ///< The first rule that was written for a script other than rules_of.
  std::vector<CheckStep> steps;            ///< What is carried out; made by resolve() for tcp and http.
  bool stamped = false;                    ///< The time stands in the hello of ssl-hello-chk.
  bool disable_on_404 = false, send_state = false;
  std::string command, path;  ///< external-check
  Location command_where, path_where;
};

}  // namespace ddbproxy::model
