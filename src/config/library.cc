#include "config/library.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/regex.h"
#include "config/context.h"
#include "config/stick_reader.h"
#include "config/suggest.h"
#include "sample/variable.h"

namespace ddbproxy::config {
namespace {

using sample::ArgumentKind;

bool is_name(ArgumentKind kind) {
  return kind == ArgumentKind::frontend || kind == ArgumentKind::backend || kind == ArgumentKind::server ||
         kind == ArgumentKind::table || kind == ArgumentKind::userlist;
}

/// A regular expression that is none is told of when names are looked up, too.
bool is_looked_up(const sample::Argument& argument) {
  return is_name(argument.kind) || (argument.kind == ArgumentKind::regex && !argument.regex);
}

}  // namespace

std::shared_ptr<sample::PatternList> Library::map_file(std::string_view name, std::string& error) {
  if (reading_) return lists.file(name, PatternUse::map, error);
  error = "map: cannot load map at runtime";
  return nullptr;
}

std::shared_ptr<const sample::Variable> Library::variable(std::string_view name, std::string& error) {
  auto variable = sample::parse_variable(name, error);
  return variable ? std::make_shared<const sample::Variable>(std::move(*variable)) : nullptr;
}

void Library::refer(std::shared_ptr<sample::Expression> expression, const Location& where, const model::Proxy* proxy,
                    std::string_view use) {
  tells_last_rule_ = tells_last_rule_ || expression->fetch().row->name.starts_with("last_rule_");
  bool names = false;
  expression->for_each_argument(
      [&](sample::Argument& each, const sample::Converter*) { names = names || is_looked_up(each); });
  if (names) references_.push_back({std::move(expression), where, proxy, std::string(use)});
}

void Library::resolve(Context& context) {
  context.model->tells_last_rule = tells_last_rule_;
  for (const Reference& reference : references_) {
    if (reference.proxy && reference.proxy->disabled) continue;
    const sample::Converter* last = nullptr;
    size_t number = 0;
    reference.expression->for_each_argument([&](sample::Argument& each, const sample::Converter* converter) {
      number = converter == last ? number + 1 : 1;
      last = converter;
      resolve(context, reference, each, number, converter);
    });
  }
}

void Library::resolve(Context& context, const Reference& reference, sample::Argument& argument, size_t number,
                      const sample::Converter* converter) {
  if (!is_looked_up(argument)) return;
  const std::string_view fetch = reference.expression->fetch().row->name;
  const bool acl = reference.use == "ACL";
  std::string whose = fmt::format("{} keyword '{}'", acl ? "ACL" : "sample fetch", fetch);
  if (converter) whose = fmt::format("conversion keyword '{}' for {}", converter->name, whose);
  if (!acl) whose += " in " + reference.use;
  const std::string proxy_name = reference.proxy ? reference.proxy->name : "CFG";
  whose = fmt::format("in arg {} of {} in proxy '{}'", number, whose, proxy_name);
  const auto say = [&](std::string text) -> Diagnostic& {
    return context.diagnostics.add(Severity::alert, reference.where,
                                   fmt::format("parsing [{}]: {}.", reference.where.file_and_line(), text));
  };
  if (argument.kind == ArgumentKind::regex) {
    const auto regex = base::Regex::compile(argument.text, false);
    return void(say(argument.text.empty() || regex
                        ? fmt::format("missing regex {}", whose)
                        : fmt::format("error in regex '{}' {} : {}", argument.text, whose, regex.error().text)));
  }
  std::string name = argument.text;
  const model::Proxy* proxy = reference.proxy;
  std::string server;
  if (argument.kind == ArgumentKind::server) {
    const size_t slash = name.find('/');
    server = slash == name.npos ? name : name.substr(slash + 1);
    name = slash == name.npos ? "" : name.substr(0, slash);
    if (server.empty()) return void(say(fmt::format("missing server name {}", whose)));
  }
  const bool frontend = argument.kind == ArgumentKind::frontend;
  const char* kind = frontend ? "frontend" : argument.kind == ArgumentKind::table ? "table" : "backend";
  if (argument.kind == ArgumentKind::userlist) {
    if (name.empty()) return void(say(fmt::format("missing userlist name {}", whose)));
    const auto& lists = context.model->userlists;
    if (const model::UserList* list = context.find_userlist(name))
      return void(argument.index = static_cast<int>(list - lists.data()));
    Suggestion suggestion(name);
    for (const auto& each : lists) suggestion.consider(each.name);
    say(fmt::format("unable to find userlist '{}' referenced {}", name, whose)).suggestion = suggestion.best();
    return;
  }
  if (argument.kind == ArgumentKind::table) {
    if (name.empty()) name = proxy_name;
    if (const model::TableRef* table = context.find_table(name)) return void(argument.index = table->number);
    Suggestion suggestion(name);
    for (const model::TableRef& each : context.tables()) suggestion.consider(each.name);
    say(fmt::format("unable to find table '{}' referenced {}", name, whose)).suggestion = suggestion.best();
    return;
  }
  if (!name.empty()) {
    proxy = frontend ? context.find_frontend(name) : context.find_backend(name);
    if (!proxy) {
      Suggestion suggestion(name);
      for (const auto& each : context.model->proxies)
        if (frontend ? each->frontend.has_value() : each->backend.has_value()) suggestion.consider(each->name);
      say(server.empty() ? fmt::format("unable to find {} '{}' referenced {}", kind, name, whose)
                         : fmt::format("unable to find proxy '{}' referenced {}", name, whose))
          .suggestion = suggestion.best();
      return;
    }
  }
  if (proxy && server.empty() && !(frontend ? proxy->frontend.has_value() : proxy->backend.has_value()))
    return void(say(fmt::format("proxy '{}', referenced {}, has not {} capability", proxy->name, whose, kind)));
  if (!proxy) return void(say(fmt::format("unable to find {} '{}' referenced {}", kind, name, whose)));
  argument.index = context.index_of(*proxy);
  if (argument.kind != ArgumentKind::server) return;
  if (proxy->backend) {
    const auto& servers = proxy->backend->servers;
    const auto found =
        std::find_if(servers.begin(), servers.end(), [&](const auto& each) { return each.name == server; });
    if (found != servers.end()) {
      argument.server = static_cast<int>(found - servers.begin());
      return;
    }
  }
  say(fmt::format("unable to find server '{}' in proxy '{}', referenced {}", server, proxy->name, whose));
}

}  // namespace ddbproxy::config
