#include "live/peers/peer_sections.h"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "net/listener.h"

namespace ddbproxy::live {

namespace {

/// What changes again within this time is told once.
constexpr base::Milliseconds between_rounds{5};

}  // namespace

PeerSections::PeerSections(State& state, net::Loop& loop) : state_(state), loop_(loop) {
  next_round_.bind<&PeerSections::take_changes>(loop_, *this);
}

PeersSection* PeerSections::find(const std::string& name) const {
  for (const auto& section : sections_)
    if (section->config().name == name) return section.get();
  return nullptr;
}

std::vector<std::string> PeerSections::open(const Generation& next, const Open& open) {
  std::vector<std::string> failed;
  opened_.clear();
  for (const auto& config : next.model().peers) {
    if (!config->works()) continue;
    Opened& added = opened_.emplace_back(Opened{config.get(), {}});
    const PeersSection* before = find(config->name);
    for (const auto& place : config->bind.listeners) {
      base::Fd shared;
      if (before) {
        const auto& known = before->config().bind;
        const std::vector<int> fds = before->descriptors();
        for (size_t i = 0; i < known.listeners.size() && i < fds.size(); ++i)
          if (net::socket_place(known, known.listeners[i]) == net::socket_place(config->bind, place))
            shared = base::Fd(fcntl(fds[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
      }
      auto fd = shared ? base::Result<base::Fd>(std::move(shared)) : open(*config, place);
      if (fd)
        added.sockets.push_back(std::move(*fd));
      else
        failed.push_back(fd.error().text);
    }
  }
  return failed;
}

void PeerSections::change_over(bool has_predecessor) {
  const Generation& generation = state_.generation();
  forget_tables();
  for (const Generation::SharedTable& shared : generation.shared_tables()) {
    tables_.push_back(shared.table);
    shared.table->set_listener(this);
  }
  std::vector<std::unique_ptr<PeersSection>> next;
  std::vector<PeersSection*> fresh;
  for (const auto& config : generation.model().peers) {
    if (!config->works()) continue;
    const auto known = std::find_if(sections_.begin(), sections_.end(),
                                    [&](const auto& each) { return each && each->config().name == config->name; });
    const bool is_known = known != sections_.end() && (*known)->config().local_name == config->local_name;
    if (is_known) {
      next.push_back(std::move(*known));
    } else {
      next.push_back(std::make_unique<PeersSection>(config, state_, loop_));
      fresh.push_back(next.back().get());
    }
    next.back()->adopt(config, generation.shared_tables());
    for (Opened& opened : opened_)
      if (opened.section == config.get()) next.back()->listen(std::move(opened.sockets));
    if (is_known) next.back()->start_peers();
  }
  opened_.clear();
  sections_ = std::move(next);
  for (PeersSection* section : fresh) section->start(has_predecessor);
  take_changes();
}

void PeerSections::forget_tables() {
  for (const auto& table : tables_) table->set_listener(nullptr);
  tables_.clear();
}

void PeerSections::table_changed() {
  loop_.post([this] { hear_of_changes(); });
}

/// The first change after a quiet time is told at once.
void PeerSections::hear_of_changes() {
  const auto since = base::now() - last_round_;
  if (since >= between_rounds) return take_changes();
  next_round_.arm(std::chrono::ceil<base::Milliseconds>(between_rounds - since));
}

void PeerSections::take_changes() {
  if (stopping_) return;
  last_round_ = base::now();
  for (const auto& table : tables_) table->listen_again();
  for (const auto& section : sections_) section->tables_changed();
}

void PeerSections::stop() {
  if (stopping_) return;
  stopping_ = true;
  for (const auto& section : sections_) section->stop();
}

bool PeerSections::done() const {
  return std::all_of(sections_.begin(), sections_.end(), [](const auto& each) { return each->done(); });
}

void PeerSections::give_up() {
  for (const auto& section : sections_) section->give_up();
}

void PeerSections::pause() {
  for (const auto& section : sections_) section->pause();
}

void PeerSections::go_on() {
  for (const auto& section : sections_) section->go_on();
}

std::vector<int> PeerSections::descriptors() const {
  std::vector<int> all;
  for (const auto& section : sections_) {
    const std::vector<int> fds = section->descriptors();
    all.insert(all.end(), fds.begin(), fds.end());
  }
  return all;
}

size_t PeerSections::connected() const {
  size_t sum = 0;
  for (const auto& section : sections_) sum += section->connected();
  return sum;
}

size_t PeerSections::active() const {
  size_t sum = 0;
  for (const auto& section : sections_) sum += section->active();
  return sum;
}

}  // namespace ddbproxy::live
