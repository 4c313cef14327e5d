// Opens the sections that are named and are no proxies: userlist, http-errors, mailers, ring, log-forward.
#include <algorithm>
#include <fmt/format.h>

#include "config/dispatch.h"
#include "config/readers.h"
#include "config/sections.h"

namespace ddbproxy::config {

// As in haproxy, the lines of a section that was not opened are read like those of the list before.
void SectionReader::open_userlist(Line& line) {
  line.set_keyword("userlist");
  const auto say = [&](Severity severity, std::string_view text) -> Diagnostic& {
    return line.report(severity, fmt::format("parsing [{}]: {}", line.place(), text), 1);
  };
  const std::string name(line.take());
  if (name.empty()) return void(say(Severity::alert, "'userlist' expects <name> as arguments."));
  if (!check_count(line, 0, 1)) return;
  if (const char c = bad_character(name))
    return void(say(Severity::alert, fmt::format("character '{}' is not permitted in 'userlist' name '{}'.", c, name)));
  auto& lists = context_.model->userlists;
  if (const model::UserList* other = context_.find_userlist(name)) {
    Diagnostic& said = say(Severity::warning, fmt::format("ignoring duplicated userlist '{}'.", name));
    said.notes = {{other->where, "first defined here"}};
    said.hint = fmt::format("its lines are read as those of userlist '{}'", lists.back().name);
    return;
  }
  lists.push_back({.where = line.where(1), .name = name, .users = {}, .groups = {}});
}

model::UserList& SectionReader::open_list() {
  auto& lists = context_.model->userlists;
  return lists.empty() ? no_list_ : lists.back();
}

void SectionReader::open_http_errors(Line& line) {
  pages_ = &no_pages_;
  const std::string name(line.take());
  if (name.empty()) {
    line.alert("missing name for http-errors section.", 1);
    return context_.abort();
  }
  if (const char c = bad_character(name))
    return void(line.alert(fmt::format("character '{}' is not permitted in 'http-errors' name '{}'.", c, name)));
  if (const model::ErrorPages* other = context_.find_error_pages(name)) {
    line.report(Severity::alert, fmt::format("parsing [{}]: http-errors section '{}' already exists (declared at {}).",
                                             line.place(), name, other->where.file_and_line()))
        .notes = {{other->where, "first defined here"}};
    return;
  }
  pages_ = &context_.model->error_pages.emplace_back();
  pages_->where = line.where(1);
  pages_->name = name;
}

void SectionReader::open_mailers(Line& line) {
  mailers_ = &no_mailers_;
  const std::string name(line.take());
  if (name.empty()) {
    line.alert("missing name for mailers section.", 1);
    return context_.abort();
  }
  if (const char c = bad_character(name)) {
    line.alert(fmt::format("character '{}' is not permitted in 'mailers' name '{}'.", c, name));
    return context_.abort();
  }
  for (const model::Mailers& other : context_.model->mailers) {
    if (other.name != name) continue;
    line.report(Severity::alert,
                fmt::format("Parsing [{}]: mailers section '{}' has the same name as another mailers section declared "
                            "at {}.",
                            line.place(), name, other.where.file_and_line()))
        .notes = {{other.where, "first defined here"}};
    return;
  }
  mailers_ = &context_.model->mailers.emplace_back();
  mailers_->where = line.where(1);
  mailers_->name = name;
}

void SectionReader::open_ring(Line& line) {
  ring_ = std::make_shared<model::Ring>();
  ring_->proxy = std::make_unique<model::Proxy>();
  ring_->proxy->backend.emplace();
  ring_->maxlen = ring_->size = context_.model->global.bufsize;
  const std::string name(line.take());
  if (name.empty()) return void(line.alert("missing ring name.", 1));
  if (const char c = bad_character(name))
    return void(line.alert(fmt::format("invalid ring name '{}' (character '{}' is not permitted).", name, c)));
  constexpr std::string_view known[] = {"stdout", "stderr", "buf0"};
  auto& rings = context_.model->rings;
  const auto same = std::ranges::find_if(rings, [&](const auto& ring) { return ring->name == name; });
  if (same != rings.end() || std::ranges::find(known, name) != std::end(known)) {
    Diagnostic& said = line.alert(fmt::format("sink named '{}' already exists.", name));
    if (same != rings.end()) said.notes = {{(*same)->where, "first defined here"}};
    return;
  }
  ring_->where = ring_->proxy->where = line.where(1);
  ring_->name = ring_->description = ring_->proxy->name = name;
  rings.push_back(ring_);
}

void SectionReader::close_ring() {
  if (ring_->maxlen <= ring_->size) return;
  context_.diagnostics.add(Severity::warning, ring_->where,
                           fmt::format("ring '{}' event max length '{}' exceeds size, forced to size '{}'.",
                                       ring_->name, ring_->maxlen, ring_->size));
  ring_->maxlen = ring_->size;
}

void SectionReader::open_log_forward(Line& line) {
  line.set_keyword("log-forward");
  log_forward_ = std::make_shared<model::LogForward>();
  log_forward_->proxy = std::make_unique<model::Proxy>();
  log_forward_->proxy->frontend.emplace();
  const std::string name(line.take());
  if (name.empty()) {
    line.alert("missing name for ip-forward section.", 1);  // the words are haproxy's
    return context_.abort();
  }
  if (!check_count(line, 0, 1)) return;
  if (const char c = bad_character(name)) {
    line.alert(fmt::format("character '{}' is not permitted in 'log-forward' name '{}'.", c, name));
    return context_.abort();
  }
  const auto same_name = [&](const char* kind, const Location& first, const std::string& other) {
    line.report(Severity::alert, fmt::format("Parsing [{}]: {} section '{}' has the same name as {} declared at {}.",
                                             line.place(), kind, name, other, first.file_and_line()))
        .notes = {{first, "first defined here"}};
  };
  auto& sections = context_.model->log_forwards;
  const auto same = std::ranges::find_if(sections, [&](const auto& each) { return each->name == name; });
  if (same != sections.end()) same_name("log-forward", (*same)->where, "another log-forward section");
  if (const model::Proxy* proxy = context_.find_frontend(name))
    same_name("log forward", proxy->where, fmt::format("{} '{}'", proxy->kind(), name));
  log_forward_->where = log_forward_->proxy->where = line.where(1);
  log_forward_->name = log_forward_->proxy->name = name;
  sections.push_back(log_forward_);
}

}  // namespace ddbproxy::config
