#include "app/report.h"

#include <cstdio>
#include <unistd.h>

#include "log/console.h"

namespace ddbproxy::app {
namespace {

log::ConsoleLevel console_level(Severity severity) {
  switch (severity) {
    case Severity::diag: return log::ConsoleLevel::diag;
    case Severity::notice: return log::ConsoleLevel::notice;
    case Severity::warning: return log::ConsoleLevel::warning;
    case Severity::alert: return log::ConsoleLevel::alert;
  }
  return log::ConsoleLevel::alert;
}

}  // namespace

void report(const Diagnostics& diagnostics, const Options& options) {
  const bool terminal = isatty(STDERR_FILENO);
  const RenderOptions how{.source_line = options.explain == Options::Explain::always ||
                                         (options.explain == Options::Explain::automatic && terminal),
                          .column = true,
                          .colour = terminal};
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (diagnostic.hushed && !options.verbose) continue;
    std::string text = "config : " + render(diagnostic, how);
    text.pop_back();  // the console adds the newline
    log::console(console_level(diagnostic.severity), text);
  }
}

int report_unreadable(const std::string& text, const std::string& file, const Options& options) {
  if (!options.json) {
    log::console(log::ConsoleLevel::alert, text);
    return 1;
  }
  constexpr std::string_view introduction = "config : ";
  Diagnostics diagnostics;
  const SourceFile& named = diagnostics.keep({file, {}});
  diagnostics.add(Severity::alert, {&named, 1},
                  text.starts_with(introduction) ? text.substr(introduction.size()) : text);
  const std::string json = to_json(diagnostics);
  std::fwrite(json.data(), 1, json.size(), stdout);
  return 1;
}

}  // namespace ddbproxy::app
