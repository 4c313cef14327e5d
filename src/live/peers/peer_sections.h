// All `peers` sections of the process, over its reloads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "live/peers/peers_section.h"
#include "live/state.h"
#include "sticky/table.h"

namespace ddbproxy::live {

/// Lives on the control loop, longer than the workers: they tell it that tables have changed.
class PeerSections final : public sticky::ChangeListener {
 public:
  PeerSections(State& state, net::Loop& loop);
  ~PeerSections() { forget_tables(); }

  using Open = std::function<base::Result<base::Fd>(const model::Peers&, const model::Bind::Listener&)>;
  /// Opens what the sections of a generation listen on; sockets that are there already are shared. Says what could not
  /// be opened, and then nothing has been changed.
  std::vector<std::string> open(const Generation& next, const Open& open);
  /// Brings the sections to the latest generation, with what was opened for it. `has_predecessor`: new sections wait
  /// for a process of before.
  void change_over(bool has_predecessor);
  void drop_opened() { opened_.clear(); }

  /// Ends all connections and tells a successor what is known; until done().
  void stop();
  bool done() const;
  void give_up();
  void pause();
  void go_on();

  std::vector<int> descriptors() const;
  size_t listeners() const { return descriptors().size(); }
  size_t connected() const;
  size_t active() const;
  const std::vector<std::unique_ptr<PeersSection>>& sections() const { return sections_; }

  void table_changed() override;

 private:
  struct Opened {
    const model::Peers* section;
    std::vector<base::Fd> sockets;
  };
  void hear_of_changes();
  void take_changes();
  void forget_tables();
  PeersSection* find(const std::string& name) const;

  State& state_;
  net::Loop& loop_;
  std::vector<std::unique_ptr<PeersSection>> sections_;
  std::vector<Opened> opened_;
  std::vector<std::shared_ptr<sticky::Table>> tables_;
  net::Timer next_round_;
  base::Instant last_round_{};
  bool stopping_ = false;
};

}  // namespace ddbproxy::live
