#include "config/added_server.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include <ddbproxy/parse.h>

#include "config/context.h"
#include "config/readers.h"
#include "config/server_reader.h"
#include "config/server_resolver.h"

namespace ddbproxy::config {
namespace {

std::vector<Word> words_of(std::span<const std::string> texts) {
  std::vector<Word> words;
  for (const std::string& text : texts) words.push_back({text});
  return words;
}

/// Reports what is wrong with the name or the address as words; the name otherwise.
std::string read_name(Line& line) {
  std::string name(line.take());
  if (name.empty() || line.peek().empty()) {
    line.report(Severity::alert, "'server' expects <name> and <addr>[:<port>] as arguments.");
    return {};
  }
  if (const char c = bad_character(name)) {
    line.report(Severity::alert, fmt::format("character '{}' is not permitted in server name '{}'.", c, name));
    return {};
  }
  return name;
}

}  // namespace

AddedServer read_added_server(const model::Proxy& proxy, std::span<const std::string> words,
                              const Environment& environment,
                              std::function<const model::Server*(uint32_t id)> running_server) {
  AddedServer result;
  const ParseOptions options{.environment = environment};
  Context context(options, result.diagnostics);
  // Readers look at the mode of the proxy; its servers are those that run, and not those of the model.
  model::Proxy home;
  home.name = proxy.name;
  home.mode = proxy.mode;
  Draft draft;
  draft.proxy = &home;
  draft.running_server = std::move(running_server);
  draft.default_server.held = true;
  context.draft = &draft;
  std::vector<Word> owned = words_of(words);
  Line line(owned, {}, context);

  if (const std::string name = read_name(line); !name.empty()) {
    result.title = fmt::format("'server {}/{}' : ", proxy.name, name);
    if (auto made = read_server(line, proxy, name, name, line.take())) {
      settle_server(*made);
      result.server = std::make_unique<model::Server>(std::move(*made));
    }
  }
  const auto& said = result.diagnostics.all();
  const auto error = std::find_if(said.begin(), said.end(), [](auto& d) { return d.severity == Severity::alert; });
  if (error == said.end()) return result;
  result.server.reset();
  result.error = error->text.starts_with(result.title) ? error->text.substr(result.title.size()) : error->text;
  // In a file this is a message of its own.
  if (const auto next = error + 1; next != said.end() && next->text.starts_with("error encountered while processing"))
    result.error += '\n' + next->text;
  return result;
}

}  // namespace ddbproxy::config
