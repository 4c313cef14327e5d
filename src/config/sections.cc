#include "config/sections.h"

#include <fmt/format.h>

#include "config/dispatch.h"
#include "config/tables.h"

namespace ddbproxy::config {

const SectionReader::Opener SectionReader::openers[] = {
    {"backend", in_backend, &SectionReader::open_proxy},
    {"cache", 0, &SectionReader::open_planned},
    {"defaults", in_defaults, &SectionReader::open_defaults},
    {"fcgi-app", 0, &SectionReader::open_planned},
    {"frontend", in_frontend, &SectionReader::open_proxy},
    {"global", in_global, &SectionReader::open_global},
    {"http-errors", 0, &SectionReader::open_planned},
    {"listen", in_listen, &SectionReader::open_proxy},
    {"log-forward", 0, &SectionReader::open_planned},
    {"mailers", 0, &SectionReader::open_planned},
    {"peers", 0, &SectionReader::open_planned},
    {"program", 0, &SectionReader::open_planned},
    {"resolvers", 0, &SectionReader::open_planned},
    {"ring", 0, &SectionReader::open_planned},
    {"userlist", 0, &SectionReader::open_planned},
};

void SectionReader::read(Line& line) {
  for (const Opener& opener : openers) {
    if (opener.word != line.peek()) continue;
    end_of_file();
    context_.section = opener.section;
    context_.section_name = opener.word;
    line.take();
    return (this->*opener.open)(line);
  }
  if (skipping_) return;
  if (context_.section == 0) {
    line.report(Severity::alert,
                fmt::format("parsing [{}]: unknown keyword '{}' out of section.", line.place(), line.peek()), 0);
  } else if (context_.section == in_global) {
    read_global(line);
  } else {
    read_proxy(line);
  }
}

void SectionReader::end_of_file() {
  context_.section = 0;
  context_.draft = nullptr;
  skipping_ = false;
}

void SectionReader::open_global(Line&) {}

void SectionReader::open_defaults(Line& line) {
  defaults_ = std::make_unique<Draft>();
  defaults_->prototype = std::make_unique<model::Proxy>();
  defaults_->prototype->where = line.where();
  defaults_->prototype->frontend.emplace();
  defaults_->prototype->backend.emplace();
  defaults_->proxy = defaults_->prototype.get();
  context_.draft = defaults_.get();
}

void SectionReader::open_proxy(Line& line) {
  auto proxy = defaults_ ? std::make_unique<model::Proxy>(*defaults_->proxy) : std::make_unique<model::Proxy>();
  proxy->where = line.where(1);
  proxy->name = line.take();
  proxy->is_listen = context_.section == in_listen;
  if (context_.section == in_backend)
    proxy->frontend.reset();
  else if (!proxy->frontend)
    proxy->frontend.emplace();
  if (context_.section == in_frontend)
    proxy->backend.reset();
  else if (!proxy->backend)
    proxy->backend.emplace();
  draft_ = std::make_unique<Draft>();
  if (defaults_) draft_->default_server = defaults_->default_server;
  draft_->proxy = &context_.add_proxy(std::move(proxy));
  context_.draft = draft_.get();
}

void SectionReader::open_planned(Line& line) {
  skipping_ = true;
  line.alert(fmt::format("section '{}' is not supported by ddbproxy yet.", line.word(0)), 0);
}

namespace {

/// `no option x`, `default option x`.
void take_prefix(Line& line) {
  if (line.peek() == "no")
    line.take_prefix(Prefix::no);
  else if (line.peek() == "default")
    line.take_prefix(Prefix::default_);
}

template <class Target>
void read_by(Line& line, std::span<const Table<Target>* const> tables, std::string_view section, Target& target) {
  take_prefix(line);
  if (const auto* row = find(tables, line.peek())) {
    line.take();
    read_row(line, *row, target);
  } else {
    line.alert(fmt::format("unknown keyword '{}' in '{}' section", line.peek(), section), 0);
  }
}

}  // namespace

void SectionReader::read_global(Line& line) { read_by(line, global_tables(), "global", context_.model->global); }
void SectionReader::read_proxy(Line& line) {
  read_by(line, proxy_tables(), context_.section_name, *context_.draft->proxy);
}

}  // namespace ddbproxy::config
