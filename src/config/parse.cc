// The public door: sources in, a model and its diagnostics out.
#include <algorithm>
#include <fmt/format.h>

#include <ddbproxy/parse.h>
#include <ddbproxy/peers.h>

#include "base/host_name.h"
#include "config/condition.h"
#include "config/context.h"
#include "config/lexer.h"
#include "config/library.h"
#include "config/resolve.h"
#include "config/rings.h"
#include "config/sections.h"
#include "config/server_records.h"
#include "config/server_resolver.h"
#include "config/source_reader.h"
#include "config/user_groups.h"
#include "config/validate.h"

namespace ddbproxy {
namespace {

using namespace config;

std::string local_peer(const ParseOptions& options) {
  if (!options.local_peer.empty()) return options.local_peer;
  const std::string name = base::host_name();
  return name.empty() ? "localhost" : name;
}

bool has_listener(const model::Model& model) {
  const auto listens = [](const auto& proxy) {
    return !proxy->disabled && proxy->frontend && !proxy->frontend->binds.empty();
  };
  const auto relays = [](const auto& section) {
    return !section->proxy->frontend->binds.empty() || !section->datagram_binds.empty();
  };
  return !model.global.stats_sockets.empty() || std::ranges::any_of(model.log_forwards, relays) ||
         std::ranges::any_of(model.proxies, listens) ||
         std::ranges::any_of(model.peers, [](const auto& section) { return section->works(); });
}

}  // namespace

ParseResult parse(std::vector<SourceFile> sources, const ParseOptions& options) {
  ParseResult result;
  Context context(options, result.diagnostics);
  SectionReader sections(context);
  context.model->global.nosplice = options.nosplice;
  context.environment().set("HAPROXY_LOCALPEER", local_peer(options));
  for (SourceFile& source : sources) {
    const size_t before = result.diagnostics.all().size();
    const SourceFile& file = result.diagnostics.keep(std::move(source));
    SourceReader(file, context, sections).run();
    const auto& all = result.diagnostics.all();
    if (std::any_of(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(),
                    [](const Diagnostic& d) { return d.is_error(); }))
      result.diagnostics.add(Severity::alert, {&file},
                             fmt::format("Error(s) found in configuration file : {}", file.name));
    if (context.aborted()) return result;
  }
  const auto failed = [&] {
    if (!result.diagnostics.failed()) return false;
    if (!context.gave_up()) result.diagnostics.add(Severity::alert, {}, "Fatal errors found in configuration.");
    return true;
  };
  // Each step trusts the one before it: haproxy, too, stops at the first that finds errors.
  if (failed()) return result;
  resolve_users(context);
  if (failed()) return result;
  resolve(context);
  resolve_ring_targets(context);
  validate(context);
  context.library().resolve(context);
  judge_peers(context);
  if (failed()) return result;
  context.model->pattern_lists = context.library().lists.take(*context.model);
  load_server_records(context);
  resolve_server_addresses(context);
  if (result.diagnostics.failed()) return result;
  result.start_failures = missing_rings(context);
  result.no_listener = !has_listener(*context.model);
  context.model->sources = result.diagnostics.files();
  result.model = std::move(context.model);
  return result;
}

int evaluate_condition(const std::string& condition, std::string& error, const Environment& environment) {
  std::vector<Word> words;
  if (const LexError bad = lex(condition, words, environment, Comments::no)) {
    error = describe_in_condition(bad);
    return -1;
  }
  const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  std::string text;
  for (const Word& word : words) text += (text.empty() ? "" : " ") + word.text;
  // Blanks at its ends are part of what haproxy judges and shows.
  if (!words.empty() && is_blank(condition.front())) text.insert(0, 1, ' ');
  if (!condition.empty() && is_blank(condition.back())) text += ' ';
  ConditionError reason;
  const auto value = evaluate(text, environment, reason);
  if (!value) error = "Failed to evaluate condition: " + reason.text;
  return value ? *value : -1;
}

}  // namespace ddbproxy
