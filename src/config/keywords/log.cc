// Rows about logging in a proxy: log and its formats (manual 4.2, 8).
#include <fmt/format.h>

#include "config/context.h"
#include "config/log_reader.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::LogSettings;
using model::Proxy;

void log(Line& line, Proxy& proxy) {
  LogSettings& log = proxy.log;
  if (line.prefix() != Prefix::none) {
    if (!line.peek().empty() && line.negated()) {
      line.alert("log : 'no log' does not expect arguments", line.position());
      return;
    }
    log.targets.clear();
    log.global = false;
    return;
  }
  if (line.peek() == "global" && line.word(line.position() + 1).empty()) {
    log.global = true;
    return;
  }
  if (auto target = read_log_target(line, false)) log.targets.push_back(std::move(*target));
}

/// The only word of a log format; reports when there is none, or more than one.
const std::string* format_word(Line& line, const Proxy& proxy, std::string& word) {
  if (line.peek().empty()) return line.alert(fmt::format("{} expects an argument.", line.keyword())), nullptr;
  word = line.take();
  if (!line.peek().empty()) {
    line.alert(fmt::format("{} expects only one argument, don't forget to escape spaces!", line.keyword()),
               line.position());
    return nullptr;
  }
  if (!proxy.frontend)
    line.warning(fmt::format("backend '{}' : '{}' directive is ignored in backends.", proxy.name, line.keyword()));
  return &word;
}

void log_format(Line& line, Proxy& proxy) {
  std::string word;
  if (!format_word(line, proxy, word)) return;
  warn_of_override(line, proxy.log, "log-format");
  proxy.log.style = model::LogStyle::custom;
  proxy.log.format = std::move(word);
  proxy.log.format_where = line.where(1);
}

template <std::string LogSettings::*member, Location LogSettings::*where>
void other_format(Line& line, Proxy& proxy) {
  std::string word;
  if (!format_word(line, proxy, word)) return;
  if (member == &LogSettings::error_format && !proxy.log.error_format.empty() && line.context().section == in_defaults)
    line.report(Severity::warning,
                fmt::format("parsing [{0}]: '{1}' overrides previous '{1}' in 'defaults' section.", line.place(),
                            line.keyword()),
                0);
  proxy.log.*member = std::move(word);
  proxy.log.*where = line.where(1);
}

void log_tag(Line& line, Proxy& proxy) {
  if (auto tag = read_string(line, "a tag for use in syslog.")) proxy.log.tag = std::move(*tag);
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "error-log-format",
     .syntax = "<format>",
     .parse = other_format<&LogSettings::error_format, &LogSettings::error_format_where>,
     .doc = "Format of the log line of a connection that failed before it became a session.",
     .misplaced = Misplaced::read},
    {.name = "log",
     .syntax = "{global|<address> [len <length>] [format <format>] [sample <ranges>:<size>] <facility> [<level> "
               "[<minlevel>]]}",
     .parse = log,
     .doc = "Where log lines are sent.",
     .prefixes = Prefixes::no_and_default},
    {.name = "log-format",
     .syntax = "<format>",
     .parse = log_format,
     .doc = "Format of the log line of a session.",
     .misplaced = Misplaced::read},
    {.name = "log-format-sd",
     .syntax = "<format>",
     .parse = other_format<&LogSettings::sd_format, &LogSettings::sd_format_where>,
     .doc = "Format of the structured data of RFC5424 messages.",
     .misplaced = Misplaced::read},
    {.name = "log-tag", .syntax = "<tag>", .parse = log_tag, .doc = "Name of the program in log messages."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> log_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
