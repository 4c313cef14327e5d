// A `peers` section that runs: who listens, who is connected, and from whom this process learns when it is new.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/peers.h>

#include "base/fd.h"
#include "base/list.h"
#include "live/peers/peer.h"
#include "log/logger.h"
#include "net/loop.h"

namespace ddbproxy::live {

class State;

/// What a stranger has said, fit for a log: short, and without what terminals and files might take for something else.
std::string printable(std::string_view said);

/// Lives on the control loop.
class PeersSection {
 public:
  PeersSection(std::shared_ptr<const model::Peers> config, State& state, net::Loop& loop);
  ~PeersSection();
  PeersSection(const PeersSection&) = delete;
  PeersSection& operator=(const PeersSection&) = delete;

  const model::Peers& config() const { return *config_; }
  net::Loop& loop() { return loop_; }

  /// What the file says now: those that stay keep their connections.
  void adopt(std::shared_ptr<const model::Peers> config, const std::vector<Generation::SharedTable>& tables);
  /// Accepts from these sockets, and from no others.
  void listen(std::vector<base::Fd> sockets);
  /// Begins. A new process waits for the one that it takes the place of, before it asks others.
  void start(bool has_predecessor);
  /// Connects to those that it is not connected to, be it since the last start.
  void start_peers();
  /// Ends all connections, and tells everything to the successor if there is one.
  void stop();
  bool done() const { return done_; }
  /// Tells the successor no more.
  void give_up();
  void tables_changed();
  void pause();
  void go_on();

  // For its peers.
  void say(const std::string& text);
  bool up_to_date() const { return learning_ == Learning::done; }
  size_t most_message() const;
  size_t updates_at_once() const;
  /// A peer is connected, or was told all: it may be the one to learn from.
  void choose_teacher();
  void peer_lost(Peer& peer);
  void lesson_over(Peer& peer, bool complete);
  void teaching_over() { done_ = true; }

  /// As `show peers` shows it.
  enum class Learning : uint8_t { from_predecessor, from_peers, done };
  Learning learning() const { return learning_; }
  const Peer* teacher() const { return teacher_; }
  bool stopping() const { return stopping_; }
  base::Instant learns_until() const { return learns_until_; }
  uint32_t wakeups() const { return wakeups_; }
  const std::vector<std::unique_ptr<Peer>>& peers() const { return peers_; }
  std::vector<int> descriptors() const;
  size_t connected() const;
  size_t active() const;

 private:
  /// A socket that listens.
  struct Listener {
    void readable(short) { section->accept(*this); }
    PeersSection* section;
    base::Fd fd;
    net::Event event;
  };
  /// Who has come and not said yet who it is.
  struct Guest : base::ListNode {
    Guest(PeersSection& its_section, base::Fd its_fd);
    void readable(short);
    void too_late() { section.turn_away(*this, {}); }
    PeersSection& section;
    base::Fd fd;
    std::string received;
    bool introduced = false;  // its PROXY header was read, or none is awaited
    net::Event event;
    net::Timer timer;
  };

  void accept(Listener& listener);
  void watch();
  void read(Guest& guest);
  bool take_header(Guest& guest);
  void greet(Guest& guest, const sticky::PeerHello& hello);
  void turn_away(Guest& guest, std::string_view why, sticky::PeerStatus status = {});
  void bury();
  void await_lesson();
  void learn_from_peers();
  void learning_time_over();

  std::shared_ptr<const model::Peers> config_;
  State& state_;
  net::Loop& loop_;
  std::unique_ptr<log::Logger> logger_;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  base::List<Guest> guests_, retired_;
  size_t guest_count_ = 0;
  net::Timer burial_, learning_timer_, accepting_timer_;
  Learning learning_ = Learning::done;
  Peer* teacher_ = nullptr;
  base::Instant learns_until_{};
  bool stopping_ = false, done_ = true, paused_ = false;
  uint32_t wakeups_ = 0;
  // Of complaints, which a stranger can cause in any number.
  base::Instant complaining_since_{};
  uint32_t complaints_ = 0, unsaid_ = 0;
};

}  // namespace ddbproxy::live
