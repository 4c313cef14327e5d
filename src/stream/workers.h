// All worker threads of the process, and what the control thread asks of them.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "stream/worker.h"

namespace ddbproxy::stream {

/// Members are called on the control thread unless they say otherwise.
class Workers {
 public:
  /// Call base::set_workers(count) before. The threads run after start().
  Workers(live::State& state, int count, Factories factories);
  ~Workers();

  void start();
  /// Ends every stream (termination K), then the threads, and joins them.
  void stop();

  /// Each listener gets one worker that accepts for all, so that a client wakes one thread only. They must not
  /// change from here on.
  void listen(live::FrontendConfig& frontend);
  /// Clients are left waiting, until listen(). Returns at once.
  void pause(live::FrontendConfig& frontend);
  /// Returns when no worker watches the sockets any more, so that they may be closed.
  void unlisten(std::span<live::FrontendConfig* const> frontends);
  void unlisten(live::FrontendConfig& frontend);

  /// Ends every stream that `matches`; called on each worker's thread, in its own time.
  void kill_where(std::function<bool(const Stream&)> matches, Kill why);
  /// Ends the stream with this id (`shutdown session`); `done` is called on `reply_on` with whether it was found.
  void kill(uint64_t id, Kill why, net::Loop& reply_on, std::function<void(bool)> done);
  /// Describes every stream for which `wanted` holds (empty: all); `done` is called once, on `reply_on`.
  void describe_all(std::function<bool(const Stream&)> wanted, net::Loop& reply_on,
                    std::function<void(std::vector<StreamDescription>)> done);
  /// See live::Hooks; `done` is called once, on `reply_on`.
  void measure_traffic(net::Loop& reply_on, std::function<void(const live::Traffic&)> done);
  /// See live::Hooks; `done` is called once, on `reply_on`.
  void find_mentions(live::Hooks::Mentions asked, net::Loop& reply_on,
                     std::function<void(const live::Hooks::Mentions& mentioned)> done);
  /// Streams alive now; any thread.
  size_t sessions() const;
  size_t size() const { return workers_.size(); }
  Worker& operator[](size_t index) { return *workers_[index]; }
  /// Of a worker that runs, for its clock of CPU time.
  pthread_t thread(size_t index) { return threads_[index].native_handle(); }

  /// A limit was raised (`set maxconn`, `set rate-limit`): waiting clients are looked at again. Any thread.
  void limits_changed();

  // Any worker's thread.

  /// Whose session a client becomes that this worker accepted: its own, or of the one that has the fewest.
  Worker& host_for_client_of(Worker& doorkeeper);

  /// Whether claim() would be likely to succeed.
  bool has_room(const live::Frontend& frontend, const live::Listener& listener) const;
  /// Makes room for one more connection under the process's, the frontend's and the bind line's maxconn, or under none.
  bool claim(live::Frontend& frontend, live::Listener& listener);
  /// Gives the room back, and wakes the workers whose clients wait for it.
  void release(live::Frontend& frontend, live::Listener& listener);
  /// From now on release() wakes this worker, once.
  void wait_for_room(int slot);

 private:
  /// The worker that accepts on it.
  Worker& doorkeeper(const live::Listener& listener);
  void on_each(const std::function<void(Worker&)>& f);
  void wake_waiting();

  live::State& state_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::thread> threads_;
  std::unique_ptr<std::atomic<bool>[]> waiting_;  // by index of the worker
};

}  // namespace ddbproxy::stream
