#include "app/reload.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>

#include "app/file_changes.h"
#include "app/limits.h"
#include "app/report.h"
#include "app/restart_needs.h"
#include "app/sources.h"
#include "base/memory.h"
#include "log/console.h"

namespace ddbproxy::app {
namespace {

/// The files' names, as they were given.
std::string names_of(const Options& options) { return fmt::format("{}", fmt::join(options.files, ", ")); }

std::string lines_of(const std::vector<std::string>& texts) {
  std::string lines;
  for (const std::string& text : texts) lines += text + '\n';
  return lines;
}

/// What is wrong with the files, a line each, as it stands on the console.
std::string faults_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.all())
    if (!diagnostic.hushed) text += "config : " + render(diagnostic, {});
  return text;
}

base::Result<std::vector<SourceFile>> provided_sources(Provision& provision) {
  if (!provision.unreadable.empty()) return base::Error{0, provision.unreadable};
  return std::move(provision.sources);
}

}  // namespace

Reload::Reload(live::State& state, const Options& options, net::Loop& control, Steps steps)
    : state_(state), options_(options), control_(control), steps_(std::move(steps)) {}

Reload::~Reload() {
  if (!reader_) return;
  reader_->loop.post([this] { reader_->loop.stop(); });
  reader_->thread.join();
}

void Reload::ask(bool only_check, Done done) {
  waiting_.push_back({only_check, std::move(done)});
  if (others_)
    others_(only_check);
  else
    begin();
}

void Reload::ask(std::shared_ptr<Provision> provision, Done done) {
  waiting_.push_back({provision->only_check, std::move(done), std::move(provision)});
  begin();
}

void Reload::stop() {
  if (!others_) return;
  std::vector<Request> told;
  told.swap(waiting_);
  for (const Request& request : told)
    request.done({false, "This worker is stopping; if it has a successor, that goes by the new files.\n"});
}

void Reload::begin() {
  if (waiting_.empty() || !served_.empty()) return;
  for (const Request& request : waiting_)
    if (request.provision) provision_ = request.provision;
  if (provision_ || !others_) begin_reading();
}

void Reload::make_reader() {
  auto reader = std::make_unique<Reader>();
  reader->thread = std::thread([&loop = reader->loop] { loop.run(); });
  reader_ = std::move(reader);
}

void Reload::begin_reading() {
  served_.swap(waiting_);
  began_ = base::now();
  try {
    if (!reader_) make_reader();
  } catch (const std::system_error& error) {
    return finish({.unreadable = fmt::format("Cannot create a thread: {}.", error.what()), .parsed = {}});
  }
  reader_->loop.post([this, running = state_.latest()->shared_model()] {
    auto reading = std::make_shared<Reading>();
    const base::Memory memory = base::within_memory([&] { *reading = read(running); });
    if (memory == base::Memory::broken_off) reading->unreadable = "Not enough memory.";
    control_.post([this, reading] { finish(std::move(*reading)); });
  });
}

Reload::Reading Reload::read(std::shared_ptr<const model::Model> running) const {
  Reading reading;
  std::string culprit;
  auto sources = provision_ ? provided_sources(*provision_) : load_sources(options_.files, culprit);
  if (!sources) {
    reading.unreadable = sources.error().text;
    return reading;
  }
  ParseOptions options = parse_options_of(options_);
  options.running = running;
  if (provision_) options.outside = &provision_->outside;
  reading.parsed = parse(std::move(*sources), options);
  return reading;
}

Reload::Outcome Reload::judge(const Reading& reading) const {
  if (!reading.unreadable.empty()) return {false, reading.unreadable + '\n'};
  const ParseResult& parsed = reading.parsed;
  if (!parsed.model) return {false, faults_of(parsed.diagnostics)};
  if (parsed.diagnostics.count(ddbproxy::Severity::warning) &&
      (options_.warnings_fatal || parsed.model->global.zero_warning))
    return {false, faults_of(parsed.diagnostics) + "Some warnings were found and 'zero-warning' is set.\n"};
  if (parsed.no_listener && !options_.master_worker)
    return {false, "No enabled listener found (check for 'bind' directives).\n"};
  if (!parsed.start_failures.empty()) return {false, fmt::format("{}\n", fmt::join(parsed.start_failures, "\n"))};
  const std::vector<std::string> words = restart_needs(state_.model(), *parsed.model, options_.master_worker);
  if (!words.empty())
    return {false, fmt::format("A restart is needed, for only a new process can change: {}. Nothing was changed.\n",
                               fmt::join(words, ", "))};
  return {true, {}};
}

std::string Reload::took() const { return fmt::format("{} ms", base::milliseconds_between(began_, base::now())); }

Reload::Outcome Reload::carry_out(const Reading& reading) {
  const std::shared_ptr<const model::Model> model = reading.parsed.model;
  const std::shared_ptr<const live::Generation> before = state_.latest();
  auto next = std::make_shared<live::Generation>(model, before.get());
  if (const std::vector<std::string> errors = steps_.open(*next, provision_.get()); !errors.empty())
    return {false, lines_of(errors)};
  const std::vector<live::ServerChanges> servers = steps_.carry_out(std::move(next));
  std::vector<std::string> changes = file_changes(before->model().sources, model->sources, servers);
  if (changes.empty()) changes.emplace_back("nothing has changed");
  return {true, fmt::format("Reloaded {} in {}: {}.\n", names_of(options_), took(), fmt::join(changes, "; "))};
}

void Reload::finish(Reading reading) {
  Outcome outcome = judge(reading);
  const auto only_checks = [](const Request& request) { return request.only_check; };
  Outcome checked = outcome;
  if (checked.done && std::any_of(served_.begin(), served_.end(), only_checks)) {
    std::vector<std::string> changes = file_changes(state_.model().sources, reading.parsed.model->sources);
    if (changes.empty()) changes.emplace_back("nothing would change");
    checked.text = fmt::format("{} can be loaded: {}.\n", names_of(options_), fmt::join(changes, "; "));
  }
  if (!std::all_of(served_.begin(), served_.end(), only_checks)) {
    if (outcome.done) {
      if (!reading.parsed.diagnostics.all().empty()) report(reading.parsed.diagnostics, options_);
      outcome = carry_out(reading);
    }
    if (!outcome.done)
      outcome.text = fmt::format("Reloading {} failed, nothing was changed:\n{}", names_of(options_), outcome.text);
    log::Logger& log = state_.generation().logger();
    for (std::string_view rest = outcome.text; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      log::console(outcome.done ? log::ConsoleLevel::notice : log::ConsoleLevel::alert, line);
      log.write(outcome.done ? log::notice : log::alert, line);
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
  }
  provision_.reset();
  std::vector<Request> told;
  told.swap(served_);
  for (const Request& request : told) request.done(request.only_check ? checked : outcome);
  begin();
}

}  // namespace ddbproxy::app
