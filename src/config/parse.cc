// The public door: sources in, a model and its diagnostics out.
#include <algorithm>
#include <fmt/format.h>

#include <ddbproxy/parse.h>

#include "config/context.h"
#include "config/lexer.h"
#include "config/resolve.h"
#include "config/sections.h"
#include "config/validate.h"

namespace ddbproxy {
namespace {

using namespace config;

/// Reads one file, line by line.
void read_source(const SourceFile& file, Context& context, SectionReader& sections, std::vector<Word>& words) {
  std::string_view rest = file.text;
  for (uint32_t number = 1; !rest.empty() && !context.aborted(); ++number) {
    const size_t end = rest.find('\n');
    const std::string_view text = rest.substr(0, end);
    const Location where{&file, number};
    if (end == rest.npos) {
      context.diagnostics.add(Severity::alert, where,
                              fmt::format("parsing [{}:{}]: Missing LF on last line, file might have been truncated at "
                                          "position {}.",
                                          file.name, number, text.size() + 1));
      break;
    }
    rest.remove_prefix(end + 1);
    if (const LexError error = lex(text, words)) {
      context.diagnostics.add(Severity::alert, {&file, number, static_cast<uint32_t>(error.at + 1), 1},
                              fmt::format("parsing [{}:{}]: {} at position {}:\n  {}\n  {:>{}}", file.name, number,
                                          error.text, error.at + 1, text, "^", error.at + 1));
      continue;
    }
    if (words.empty()) continue;
    Line line(words, where, context);
    sections.read(line);
  }
  sections.end_of_file();
}

bool has_listener(const model::Model& model) {
  return std::any_of(model.proxies.begin(), model.proxies.end(), [](const auto& proxy) {
    return !proxy->disabled && proxy->frontend && !proxy->frontend->binds.empty();
  });
}

}  // namespace

ParseResult parse(std::vector<SourceFile> sources, const ParseOptions& options) {
  ParseResult result;
  Context context(options, result.diagnostics);
  SectionReader sections(context);
  std::vector<Word> words;
  for (SourceFile& source : sources) {
    const size_t before = result.diagnostics.all().size();
    const SourceFile& file = result.diagnostics.keep(std::move(source));
    read_source(file, context, sections, words);
    const auto& all = result.diagnostics.all();
    if (std::any_of(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(),
                    [](const Diagnostic& d) { return d.is_error(); }))
      result.diagnostics.add(Severity::alert, {&file},
                             fmt::format("Error(s) found in configuration file : {}", file.name));
    if (context.aborted()) return result;
  }
  resolve(context);
  validate(context);
  if (result.diagnostics.failed()) {
    result.diagnostics.add(Severity::alert, {}, "Fatal errors found in configuration.");
    return result;
  }
  result.no_listener = !has_listener(*context.model);
  result.model = std::move(context.model);
  return result;
}

int evaluate_condition(const std::string& condition, std::string& error) {
  error = fmt::format("unparsable conditional expression '{}'", condition);
  return -1;
}

}  // namespace ddbproxy
