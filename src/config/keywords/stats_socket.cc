// Rows of "stats <setting>" in the section "global": the runtime API's sockets (manual 3.1).
#include <fmt/format.h>

#include "config/bind_reader.h"
#include "config/option_words.h"
#include "config/readers.h"
#include "config/suggest.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Global;

void socket(Line& line, Global& g) {
  if (line.peek().empty()) {
    line.alert("'stats socket' in global section expects an address or a path to a UNIX socket", line.position());
    return;
  }
  model::Bind bind;
  const std::string text(line.take());
  if (const std::string error = read_bind_addresses(line, text, bind); !error.empty()) {
    line.alert(fmt::format("parsing [{}] : 'stats socket' : {}", line.place(), error));  // haproxy says "parsing" twice
    return;
  }
  line.introduce(fmt::format("parsing [{}] : 'stats socket' : '", line.place()), "'");
  const OptionsEnd end = read_options(line, bind_tables(), bind);
  if (end == OptionsEnd::unknown) {
    const std::string_view suggestion = suggest(line.peek(), bind_tables());
    const std::string tail = suggestion.empty() ? "" : fmt::format(" Did you mean '{}' maybe ?", suggestion);
    line.report(Severity::alert,
                fmt::format("parsing [{}] : 'stats socket' : unknown keyword '{}'.{}", line.place(), line.peek(), tail),
                line.position())
        .suggestion = suggestion;
  }
  refuse_netscaler_header(line, bind);
  if (end == OptionsEnd::done) g.stats_sockets.push_back(std::move(bind));
}

void timeout(Line& line, Global& g) {
  static constexpr TimeWording wording{
      "'stats timeout' : unexpected character ''", "'stats timeout' : unexpected character '{c}'",
      "timer overflow in argument '{w}' to 'stats timeout' (maximum value is 2147483647 ms or ~24.8 days)"};
  const auto value = read_time(line, std::chrono::milliseconds(1), wording);
  if (!value) return;
  if (value->count() == 0)
    line.alert("'stats timeout' expects a positive value");
  else
    g.stats_timeout = std::chrono::duration_cast<model::Milliseconds>(*value);
}

void maxconn(Line& line, Global& g) {
  const int value = line.peek().empty() ? 0 : static_cast<int>(loose_number(line, line.take()));
  if (value <= 0)
    line.alert("'stats maxconn' expects a positive value");
  else
    g.stats_maxconn = static_cast<uint32_t>(value);
}

void bind_process(Line& line, Global&) {
  const std::string_view word = line.take();
  uint64_t none = 0;
  if (const std::string error = read_numbers(word, 1, none); !word.empty() && !error.empty())
    line.alert("'stats bind-process' : " + error);
}

constexpr Keyword<Global> rows[] = {
    {.name = "bind-process",
     .syntax = "[all|1]",
     .sections = in_global,
     .support = Support::ignored,
     .parse = bind_process,
     .doc = "Left from the time of several processes; without effect in haproxy, too."},
    {.name = "maxconn",
     .syntax = "<number>",
     .sections = in_global,
     .parse = maxconn,
     .doc = "Most clients of the runtime API at a time."},
    {.name = "socket",
     .syntax = "<address> [<option>...]",
     .sections = in_global,
     .parse = socket,
     .doc = "Where the runtime API listens, with options of bind."},
    {.name = "timeout",
     .syntax = "<time>",
     .sections = in_global,
     .parse = timeout,
     .doc = "Longest silence of a client of the runtime API."},
};
static_assert(in_order(rows));

void unknown(Line& line, Global&) {
  line.alert(
      fmt::format("'stats' only supports 'socket', 'maxconn', 'bind-process' and 'timeout' (got '{}')", line.peek()),
      line.position());
}

}  // namespace

constinit const Table<Global> stats_socket_table{"global", rows, unknown};

}  // namespace ddbproxy::config
