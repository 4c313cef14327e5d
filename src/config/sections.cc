#include "config/sections.h"

#include <algorithm>
#include <fmt/format.h>

#include <ddbproxy/peers.h>

#include "config/dispatch.h"
#include "config/readers.h"
#include "config/suggest.h"
#include "config/tables.h"

namespace ddbproxy::config {

constexpr SectionReader::Opener SectionReader::openers[] = {
    {"backend", in_backend, &SectionReader::open_proxy, &SectionReader::read_proxy},
    {"cache", 0, &SectionReader::open_planned, &SectionReader::skip},
    {"defaults", in_defaults, &SectionReader::open_defaults, &SectionReader::read_proxy},
    {"fcgi-app", 0, &SectionReader::open_planned, &SectionReader::skip},
    {"frontend", in_frontend, &SectionReader::open_proxy, &SectionReader::read_proxy},
    {"global", in_global, &SectionReader::open_global, &SectionReader::read_global},
    {"http-errors", in_http_errors, &SectionReader::open_http_errors, &SectionReader::read_http_errors},
    {"listen", in_listen, &SectionReader::open_proxy, &SectionReader::read_proxy},
    {"log-forward", in_log_forward, &SectionReader::open_log_forward, &SectionReader::read_log_forward},
    {"mailers", in_mailers, &SectionReader::open_mailers, &SectionReader::read_mailers},
    {"peers", in_peers, &SectionReader::open_peers, &SectionReader::read_peers},
    {"program", in_program, &SectionReader::open_program, &SectionReader::read_program},
    {"resolvers", in_resolvers, &SectionReader::open_resolvers, &SectionReader::read_resolvers},
    {"ring", in_ring, &SectionReader::open_ring, &SectionReader::read_ring},
    {"userlist", in_userlist, &SectionReader::open_userlist, &SectionReader::read_userlist},
};

namespace {

/// The words that open sections, for suggestions.
constexpr std::string_view section_words[] = {"backend", "defaults", "frontend", "global",
                                              "listen",  "peers",    "program",  "resolvers"};

/// `no option x`, `default option x`.
void take_prefix(Line& line) {
  if (line.peek() == "no")
    line.take_prefix(Prefix::no);
  else if (line.peek() == "default")
    line.take_prefix(Prefix::default_);
}

/// For a line that no row will judge.
void refuse_prefix(Line& line) {
  constexpr std::string_view allowed[] = {
      "option", "log", "busy-polling", "set-dumpable", "strict-limits", "numa-cpu-mapping", "insecure-fork-wanted"};
  if (std::find(std::begin(allowed), std::end(allowed), line.peek()) == std::end(allowed))
    check_prefix(line, Prefixes::none);
}

/// Where a word may stand that stands where it may not: "'server' stands in listen and backend sections"; or empty.
std::string home_of(std::string_view word) {
  if (find(global_tables(), word)) return fmt::format("'{}' stands in the section global", word);
  const auto* row = find(proxy_tables(), word);
  if (!row) return {};
  std::string sections;
  for (const auto& [section, name] : {std::pair(in_defaults, "defaults"), std::pair(in_frontend, "frontend"),
                                      std::pair(in_listen, "listen"), std::pair(in_backend, "backend")})
    if (row->sections & section) sections += fmt::format("{}{}", sections.empty() ? "" : ", ", name);
  if (const size_t last = sections.rfind(", "); last != sections.npos) sections.replace(last, 2, " and ");
  return fmt::format("'{}' stands in {} sections", word, sections);
}

template <class Target>
void read_by(Line& line, std::span<const Table<Target>* const> tables, std::string_view section, Target& target) {
  if (const auto* row = find(tables, line.peek())) {
    line.take();
    read_row(line, *row, target);
    return;
  }
  refuse_prefix(line);
  const std::string home = home_of(line.peek());
  const std::string_view suggestion = home.empty() ? suggest(line.peek(), tables, section_words) : "";
  Diagnostic& said = line.alert(
      fmt::format("unknown keyword '{}' in '{}' section{}", line.peek(), section, did_you_mean(suggestion)), 0);
  said.suggestion = suggestion;
  said.hint = home;
}

/// haproxy has no suggestions in these sections. `unknown` is the whole text for a word that no row has.
template <class Target>
void read_named(Line& line, std::span<const Table<Target>* const> tables, Target& target, const char* unknown) {
  if (const auto* row = find(tables, line.peek())) {
    line.take();
    return read_row(line, *row, target);
  }
  refuse_prefix(line);
  line.report(Severity::alert,
              fmt::format(fmt::runtime(unknown), fmt::arg("place", line.place()), fmt::arg("word", line.peek())), 0)
      .suggestion = suggest(line.peek(), tables, section_words);
}

/// Settings of a check by HTTP that a frontend inherits are worth a warning, as soon as any check was asked for.
void keep_check_settings(model::Proxy& frontend) {
  const model::CheckSettings& checks = frontend.backend->checks;
  if (checks.rules_of == model::CheckMethod::connection) return;
  for (const auto& [set, word] :
       {std::pair(checks.disable_on_404, "disable-on-404"), std::pair(checks.send_state, "send-state")})
    if (set) frontend.unsupported.push_back({frontend.where, "http-check", word});
}

}  // namespace

bool SectionReader::opens(std::string_view word) {
  return std::ranges::any_of(openers, [&](const Opener& opener) { return opener.word == word; });
}

void SectionReader::read(Line& line) {
  if (is_lone_default(line)) {
    line.report(Severity::alert, fmt::format("parsing [{}]: unknown keyword 'default' out of section.", line.place()),
                0)
        .suggestion = "defaults";
    return open(line, *std::find_if(std::begin(openers), std::end(openers),
                                    [](const Opener& opener) { return opener.section == in_defaults; }));
  }
  take_prefix(line);
  for (const Opener& opener : openers) {
    if (opener.word != line.peek()) continue;
    refuse_prefix(line);
    return open(line, opener);
  }
  if (skipping_) return;
  if (opener_) return (this->*opener_->read)(line);
  refuse_prefix(line);
  Suggestion suggestion(line.peek());
  for (const Opener& opener : openers) suggestion.consider(opener.word);
  line.report(Severity::alert,
              fmt::format("parsing [{}]: unknown keyword '{}' out of section.", line.place(), line.peek()), 0)
      .suggestion = suggestion.best();
}

void SectionReader::open(Line& line, const Opener& opener) {
  close();
  context_.section = opener.section;
  context_.section_name = opener.word;
  opener_ = &opener;
  line.take();
  (this->*opener.open)(line);
}

void SectionReader::read_global(Line& line) { read_by(line, global_tables(), "global", context_.model->global); }

void SectionReader::read_resolvers(Line& line) {
  read_by(line, resolvers_tables(), "resolvers", context_.model->resolvers.back());
}

void SectionReader::read_program(Line& line) {
  read_by(line, program_tables(), "program", context_.model->programs.back());
}

void SectionReader::read_ring(Line& line) {
  read_named(line, ring_tables(), *ring_, "parsing [{place}] : unknown statement '{word}'.");
}

void SectionReader::read_mailers(Line& line) {
  read_named(line, mailers_tables(), *mailers_, "parsing [{place}] : unknown keyword '{word}' in 'mailers' section");
}

void SectionReader::read_http_errors(Line& line) {
  read_named(line, http_errors_tables(), *pages_,
             "parsing [{place}] : unknown keyword '{word}' in 'http-errors' section");
}

void SectionReader::read_userlist(Line& line) {
  read_named(line, userlist_tables(), open_list(), "parsing [{place}]: unknown keyword '{word}' in 'users' section");
}

bool SectionReader::is_lone_default(const Line& line) const {
  return line.peek() == "default" && line.where(0).column == 1 && line.size() <= 2 && !bad_character(line.word(1)) &&
         !find(proxy_tables(), line.word(1)) && !find(global_tables(), line.word(1));
}

void SectionReader::close() {
  if (context_.section == in_ring) close_ring();
  context_.section = 0;
  context_.draft = nullptr;
  opener_ = nullptr;
  skipping_ = false;
}

void SectionReader::open_global(Line& line) {
  line.set_keyword("global");
  check_count(line, 0, 0);
}

void SectionReader::open_defaults(Line& line) {
  auto added = std::make_unique<Defaults>();
  auto proxy = std::make_unique<model::Proxy>();
  proxy->where = line.where(1);
  // `defaults from` names a section "from"; `defaults from a` names none.
  const size_t from = line.word(1) == "from" && !line.word(2).empty() ? 1 : 2;
  if (from == 2) proxy->name = line.word(1);
  if (line.word(from) == "from") {
    Defaults* base = base_of(line, from, *proxy);
    if (!base) return;
    judge_inherited_rules(line, *base->draft.proxy, in_defaults, base->heirs);
    model::Proxy copy = *base->draft.proxy;
    copy.name = proxy->name;
    copy.where = proxy->where;
    *proxy = std::move(copy);
    added->draft.default_server = base->draft.default_server;
    context_.http_references.inherit(*proxy, *base->draft.proxy);
  } else {
    proxy->frontend.emplace();
    proxy->backend.emplace();
  }
  added->draft.proxy = proxy.get();
  added->draft.prototype = std::move(proxy);
  context_.draft = &added->draft;
  if (!context_.draft->proxy->name.empty()) defaults_by_name_[context_.draft->proxy->name].push_back(added.get());
  defaults_.push_back(std::move(added));
}

SectionReader::Defaults* SectionReader::base_of(Line& line, size_t from, const model::Proxy& proxy) {
  const char* kind = context_.section == in_defaults ? "defaults" : proxy.kind();
  Defaults* base = nullptr;
  if (line.word(from) == "from") {
    const std::string name(line.word(from + 1));
    const auto found = defaults_by_name_.find(name);
    if (found == defaults_by_name_.end()) {
      Suggestion suggestion(name);
      for (const auto& section : defaults_) suggestion.consider(section->draft.proxy->name);
      line.alert(fmt::format("defaults section '{}' not found for {} '{}'.", name, kind, proxy.name), from + 1)
          .suggestion = suggestion.best();
      context_.abort();
      return nullptr;
    }
    const auto& candidates = found->second;
    base = candidates.front();
    const Location first = base->draft.proxy->where;
    if (const char c = bad_character(name))
      line.alert(
          fmt::format("character '{}' is not permitted in defaults section name '{}' when designated by its name "
                      "(section found at {}).",
                      c, name, first.file_and_line()),
          from + 1);
    if (candidates.size() > 1) {
      const Location second = candidates[1]->draft.proxy->where;
      auto& diagnostic = line.alert(
          fmt::format("ambiguous defaults section name '{}' referenced by {} '{}' exists at least at {} and {}.", name,
                      kind, proxy.name, first.file_and_line(), second.file_and_line()),
          from + 1);
      diagnostic.notes = {{first, "first defined here"}, {second, "and here"}};
    }
    base->named_by_others = true;
  } else if (!defaults_.empty()) {
    base = defaults_.back().get();
    base->taken_as_last = true;
  } else {
    return nullptr;
  }
  const model::Proxy& prototype = *base->draft.proxy;
  if (base->named_by_others && base->taken_as_last) {
    auto& diagnostic = line.alert(fmt::format("defaults section '{}' (declared at {}) is explicitly referenced by "
                                              "another proxy and implicitly used here. "
                                              "To avoid any ambiguity don't mix both usage. Add a last defaults "
                                              "section not explicitly used or always use "
                                              "explicit references.",
                                              prototype.name, prototype.where.file_and_line()),
                                  0);
    diagnostic.tolerated = true;
    diagnostic.notes = {{prototype.where, "declared here"}};
  }
  return base;
}

void SectionReader::report_duplicate(Line& line, const model::Proxy& proxy) {
  // A listen section is held against those with a frontend only; 2.6 lets it share a backend's name.
  const model::Proxy* first = proxy.frontend ? context_.find_frontend(proxy.name) : context_.find_backend(proxy.name);
  if (!first) return;
  auto& diagnostic =
      line.report(Severity::alert,
                  fmt::format("Parsing [{}]: {} '{}' has the same name as {} '{}' declared at {}.", line.place(),
                              proxy.kind(), proxy.name, first->kind(), first->name, first->where.file_and_line()),
                  1);
  diagnostic.notes = {{first->where, "first defined here"}};
}

void SectionReader::open_proxy(Line& line) {
  const std::string_view section = context_.section_name;
  draft_.reset();
  auto proxy = std::make_unique<model::Proxy>();
  proxy->where = line.where(1);
  proxy->name = line.take();
  proxy->is_listen = context_.section == in_listen;
  if (context_.section != in_backend) proxy->frontend.emplace();
  if (context_.section != in_frontend) proxy->backend.emplace();
  if (proxy->name.empty()) {
    line.alert(fmt::format("'{}' expects an <id> argument", section), 1);
    context_.abort();
    return;
  }
  if (const char c = bad_character(proxy->name))
    line.alert(fmt::format("character '{}' is not permitted in '{}' name '{}'.", c, section, proxy->name));
  report_duplicate(line, *proxy);
  const bool from = line.word(2) == "from" && !line.word(3).empty();
  if (from ? !line.word(4).empty() : !line.word(2).empty()) {
    line.set_keyword(section);
    if (from) check_count(line, 0, 3);
    // haproxy says this of old addresses behind the name, and no word in a backend; then it drops the section.
    if (proxy->frontend)
      line.alert("please use the 'bind' keyword for listening addresses.", from ? 4 : 2).tolerated = true;
    return;
  }
  Defaults* base = base_of(line, 2, *proxy);
  if (context_.aborted()) return;
  if (base) judge_inherited_rules(line, *base->draft.proxy, context_.section, base->heirs);
  draft_ = std::make_unique<Draft>();
  if (base) {
    auto copy = std::make_unique<model::Proxy>(*base->draft.proxy);
    copy->where = proxy->where;
    copy->name = proxy->name;
    copy->is_listen = proxy->is_listen;
    if (!proxy->frontend) copy->frontend.reset();
    if (!proxy->backend) {
      keep_check_settings(*copy);
      copy->backend.reset();
    }
    if (copy->backend) {
      copy->backend->checks.idle_tcp_rule = copy->backend->checks.idle_http_rule = {};
      copy->backend->state_file_name.clear();
    }
    proxy = std::move(copy);
    draft_->default_server = base->draft.default_server;
    draft_->inherited = base->draft.proxy->timeouts;
  }
  draft_->proxy = &context_.add_proxy(std::move(proxy));
  if (base) context_.http_references.inherit(*draft_->proxy, *base->draft.proxy);
  context_.draft = draft_.get();
}

void SectionReader::open_resolvers(Line& line) {
  const std::string name(line.take());
  skipping_ = true;
  if (name.empty()) {
    line.alert("missing name for resolvers section.");
    return context_.abort();
  }
  if (const char c = bad_character(name)) {
    line.alert(fmt::format("character '{}' is not permitted in 'resolvers' name '{}'.", c, name));
    return context_.abort();
  }
  for (const model::Resolvers& other : context_.model->resolvers) {
    if (other.name != name) continue;
    auto& diagnostic =
        line.report(Severity::alert,
                    fmt::format("Parsing [{}]: resolvers '{}' has same name as another resolvers (declared at {}).",
                                line.place(), name, other.where.file_and_line()));
    diagnostic.notes = {{other.where, "first defined here"}};
    return context_.abort();
  }
  skipping_ = false;
  model::Resolvers& added = context_.model->resolvers.emplace_back();
  added.where = line.where(1);
  added.name = name;
}

void SectionReader::open_program(Line& line) {
  line.set_keyword("program");
  const std::string name(line.take());
  skipping_ = true;
  if (name.empty()) {
    line.alert("'program' expects an <id> argument", 1);
    return context_.abort();
  }
  if (!line.peek().empty()) {
    check_count(line, 0, 1);
    return context_.abort();
  }
  for (const model::Program& other : context_.model->programs) {
    if (other.name != name) continue;
    auto& diagnostic = line.report(
        Severity::alert,
        fmt::format("parsing [{}]: '{}' program section already exists in the configuration.", line.place(), name), 1);
    diagnostic.notes = {{other.where, "first defined here"}};
    return context_.abort();
  }
  skipping_ = false;
  model::Program& added = context_.model->programs.emplace_back();
  added.where = line.where(1);
  added.name = name;
}

void SectionReader::open_peers(Line& line) {
  line.set_keyword("peers");
  const std::string name(line.take());
  skipping_ = true;
  if (name.empty()) {
    line.alert("missing name for peers section.");
    return context_.abort();
  }
  if (!check_count(line, 0, 1)) return;
  if (const char c = bad_character(name)) {
    line.alert(fmt::format("character '{}' is not permitted in 'peers' name '{}'.", c, name));
    return context_.abort();
  }
  for (const auto& other : context_.model->peers) {
    if (other->name != name) continue;
    auto& diagnostic = line.report(
        Severity::alert,
        fmt::format("Parsing [{}]: peers section '{}' has the same name as another peers section declared at {}.",
                    line.place(), name, other->where.file_and_line()));
    diagnostic.notes = {{other->where, "first defined here"}};
  }
  skipping_ = false;
  auto& added = *context_.model->peers.emplace_back(std::make_shared<model::Peers>());
  added.where = line.where(1);
  added.name = name;
  added.local_name = context_.environment().get("HAPROXY_LOCALPEER").value_or("");
  draft_ = std::make_unique<Draft>();
  draft_->prototype = std::make_unique<model::Proxy>();
  draft_->proxy = draft_->prototype.get();
  draft_->proxy->frontend.emplace();
  draft_->proxy->backend.emplace();
  draft_->proxy->name = "(null)";  // what haproxy calls a section that does not know of itself yet
  context_.draft = draft_.get();
}

void SectionReader::read_peers(Line& line) {
  model::Peers& section = *context_.model->peers.back();
  const bool switches = line.peek() == "disabled" || line.peek() == "enabled";
  section.is_bare = section.is_bare && switches;
  read_by(line, peers_tables(), "peers", section);
}

void SectionReader::open_planned(Line& line) {
  line.alert(fmt::format("section '{}' is not supported by ddbproxy yet.", line.word(0)), 0);
}

void SectionReader::read_log_forward(Line& line) {
  if (line.prefix() != Prefix::none) log_forward_->text += '!';
  for (size_t i = 0; i < line.size(); ++i) log_forward_->text.append(line.word(i)) += '\0';
  log_forward_->text += '\n';
  if (!find(log_forward_tables(), line.peek())) context_.abort();
  read_named(line, log_forward_tables(), *log_forward_,
             "parsing [{place}] : unknown keyword '{word}' in log-forward section.");
}

void SectionReader::read_proxy(Line& line) {
  if (!context_.draft) {
    line.alert("'listen' or 'defaults' expected.", 0);
    return;
  }
  read_by(line, proxy_tables(), context_.section_name, *context_.draft->proxy);
}

}  // namespace ddbproxy::config
