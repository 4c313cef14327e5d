// One worker thread's work: owning the streams of the clients it hosts.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "base/fd.h"
#include "base/guarded.h"
#include "base/list.h"
#include "live/frontend.h"
#include "live/state.h"
#include "net/loop.h"
#include "net/pump_pool.h"
#include "sample/scratch.h"
#include "stream/guest.h"
#include "stream/stream.h"

namespace ddbproxy::stream {

class Admission;
class Worker;

/// Makes the stream of a client that was let in.
using Factory = std::function<std::unique_ptr<Stream>(Worker& worker, Guest&& guest)>;
/// One for each model::Mode, in its order.
using Factories = std::array<Factory, 2>;

/// Lives on its own thread; post(), host() and load() may be called from elsewhere.
class Worker {
 public:
  /// `slot` counts from 1 (see base/thread_slot.h). `admission` is given back the places of streams that are over.
  Worker(live::State& state, Admission& admission, int slot, Factories factories);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Runs until stop(), on the calling thread.
  void run();
  void post(std::function<void()> f) { loop_.post(std::move(f)); }
  /// The client's session begins, at once or once its PROXY header has come. Without memory for it, it ends here.
  void host(Guest guest);
  /// Clients whose sessions live on this worker, or are on their way to it.
  size_t load() const { return load_.load(std::memory_order_relaxed); }

  // From here on: this worker's thread only.

  net::Loop& loop() { return loop_; }
  live::State& state() { return state_; }
  int slot() const { return slot_; }

  /// Counts the session and starts its stream, on the place that was claimed before. False: rules have refused it, and
  /// the guest is still there.
  bool begin_session(Guest& guest);
  /// The stream's place will be given back by the one that begin_session() makes next.
  void hand_over_place(Stream& stream);
  /// Has the stream destroyed and its place given back once the running callback has returned.
  void retire(Stream& stream);
  /// Has stream.resume() called after other streams had their turn.
  void again(Stream& stream);
  /// Has stream.look_again() called in some milliseconds. That late, since traffic mostly shows by then that all is
  /// well.
  void look_again(Stream& stream);
  /// Buffers and pipes to borrow while bytes are on their way.
  net::PumpPool& pumps() { return pumps_; }
  /// Where expressions make their texts.
  sample::Scratch& scratch() { return scratch_; }

  template <class F>
  void for_each(F&& f) {
    streams_.for_each(std::forward<F>(f));
  }
  /// With those that are over and still in memory: their sockets are closed by what they mention.
  template <class F>
  void for_each_in_memory(F&& f) {
    streams_.for_each(f);
    retired_.for_each(f);
  }

 private:
  void welcome(Guest guest);
  void welcome_arrived();
  /// Has `make` make the stream, which begins; where there is no memory for it, it ends, and its place is given back.
  template <class F>
  void add(const live::FrontendConfig& config, live::Listener& listener, F make);
  void give_back_place(const live::FrontendConfig& config, live::Listener& listener);
  void start_session(Guest guest);
  void bury();
  void resume_streams();
  void look_at_doubtful();

  live::State& state_;
  Admission& admission_;
  int slot_;
  Factories factories_;
  net::Loop loop_;
  net::PumpPool pumps_;
  sample::Scratch scratch_;
  base::List<Stream> streams_, retired_;
  std::vector<Stream*> again_;
  std::vector<Stream*> doubtful_,
      looked_at_;  // two that take turns, so that traffic does not make new ones all the time
  net::Timer burial_, resume_, second_look_;
  std::atomic<size_t> load_{0};
  base::Guarded<std::vector<Guest>> arrived_;  // let in by others; they take turns with the next
  std::vector<Guest> welcomed_;
};

}  // namespace ddbproxy::stream
