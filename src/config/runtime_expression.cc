#include "config/runtime_expression.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/acl_reader.h"
#include "config/library.h"
#include "config/stick_reader.h"

namespace ddbproxy::config {
namespace {

using sample::Argument;
using sample::ArgumentKind;

constexpr sample::Places here = sample::at(sample::Place::runtime_api);

int find_proxy(const model::Model& model, std::string_view name, bool frontend) {
  const auto found = std::find_if(model.proxies.begin(), model.proxies.end(), [&](const auto& proxy) {
    return proxy->name == name && (frontend ? proxy->frontend.has_value() : proxy->backend.has_value());
  });
  return found == model.proxies.end() ? -1 : static_cast<int>(found - model.proxies.begin());
}

/// Fills in what an argument names; false when there is no such thing.
bool find_named(const model::Model& model, Argument& argument) {
  switch (argument.kind) {
    case ArgumentKind::frontend:
    case ArgumentKind::backend:
      argument.index = find_proxy(model, argument.text, argument.kind == ArgumentKind::frontend);
      return argument.index >= 0;
    case ArgumentKind::server: {
      const size_t slash = std::min(argument.text.find('/'), argument.text.size());
      argument.index = find_proxy(model, argument.text.substr(0, slash), false);
      if (argument.index < 0 || slash == argument.text.size()) return false;
      const auto& servers = model.proxies[static_cast<size_t>(argument.index)]->backend->servers;
      const auto found = std::find_if(servers.begin(), servers.end(),
                                      [&](const auto& each) { return each.name == argument.text.substr(slash + 1); });
      argument.server = static_cast<int>(found - servers.begin());
      return found != servers.end();
    }
    case ArgumentKind::table: argument.index = find_table(model, argument.text); return argument.index >= 0;
    case ArgumentKind::userlist: return false;
    case ArgumentKind::regex: return argument.regex != nullptr;
    default: return true;
  }
}

bool find_names(const model::Model& model, sample::Expression& expression, std::string& error) {
  bool good = true;
  expression.for_each_argument([&](Argument& argument, const sample::Converter*) {
    if (!good || find_named(model, argument)) return;
    good = false;
    error = fmt::format("unable to find '{}' referenced in an argument of '{}'", argument.text, expression.text());
  });
  return good;
}

}  // namespace

std::shared_ptr<const sample::Expression> read_runtime_expression(std::span<const std::string> words,
                                                                  const std::string& name, const model::Model& model,
                                                                  std::string& error) {
  Library library(Library::For::running);
  sample::ExpressionReader reader(library);
  bool good = reader.begin(words.empty() ? std::string_view() : std::string_view(words[0]));
  for (size_t i = 1; good && i < words.size() && reader.continues_with(words[i]); ++i) good = reader.add(words[i]);
  if (!good) {
    error = reader.wrong().text;
    return nullptr;
  }
  auto expression = reader.take();
  error = unavailable(*expression, here, name);
  if (error.empty() && !sample::is_answered(*expression->fetch().row))
    error = fmt::format("the fetch '{}' is not supported by ddbproxy yet", expression->fetch().row->name);
  return error.empty() && find_names(model, *expression, error) ? expression : nullptr;
}

std::shared_ptr<const sample::LogFormat> read_runtime_format(const std::string& text, const model::Model& model,
                                                             std::string& error) {
  Library library(Library::For::running);
  std::vector<std::shared_ptr<sample::Expression>> expressions;
  auto format =
      sample::LogFormat::parse(text, {.places = here, .library = &library, .log_line = false}, nullptr, &expressions);
  if (!format) {
    error = format.error().text;
    return nullptr;
  }
  for (const auto& each : expressions)
    if (!find_names(model, *each, error)) return nullptr;
  return std::make_shared<const sample::LogFormat>(std::move(*format));
}

}  // namespace ddbproxy::config
