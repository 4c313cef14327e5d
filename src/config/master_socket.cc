#include "config/master_socket.h"

#include <fmt/format.h>
#include <vector>

#include <ddbproxy/parse.h>

#include "base/text.h"
#include "config/bind_reader.h"
#include "config/context.h"
#include "config/option_words.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

bool read(Line& line, model::Bind& bind) {
  const std::string address(line.take());
  if (const std::string error = read_bind_addresses(line, address, bind); !error.empty()) {
    line.report(Severity::alert, "Cannot create the listener of the master CLI");
    line.report(Severity::alert, error);
    return false;
  }
  const std::string option(line.peek());
  line.introduce(fmt::format("'{} {}' : '", address, option), "'");
  switch (read_options(line, bind_tables(), bind)) {
    case OptionsEnd::done: return true;
    case OptionsEnd::failed: return false;
    case OptionsEnd::unknown: break;
  }
  const std::string_view suggestion = suggest(line.peek(), bind_tables());
  line.report(Severity::alert,
              fmt::format("'{} {}' : unknown keyword '{}'.{}", address, line.peek(), line.peek(),
                          suggestion.empty() ? "" : fmt::format(" Did you mean '{}' maybe ?", suggestion)));
  return false;
}

}  // namespace

std::optional<model::Bind> read_master_socket(const std::string& text, Diagnostics& diagnostics) {
  const ParseOptions options;
  Context context(options, diagnostics);
  std::vector<Word> words;
  // haproxy takes blanks for commas, too.
  for (const std::string_view part : base::split(text, ','))
    for (const std::string_view word : base::split(part, ' '))
      if (!word.empty()) words.push_back({std::string(word)});
  Line line(words, {}, context);
  model::Bind bind;
  bind.level = model::CliLevel::admin;
  if (words.empty()) return bind;
  if (read(line, bind)) return bind;
  line.report(Severity::alert, "Can't create the master's CLI.");
  return std::nullopt;
}

}  // namespace ddbproxy::config
