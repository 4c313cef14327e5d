// All worker threads of the process, and the sockets that they accept on.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "stream/admission.h"
#include "stream/doorkeeper.h"
#include "stream/worker.h"

namespace ddbproxy::stream {

/// Members are called on the control thread unless they say otherwise.
class Workers {
 public:
  /// Call base::set_workers(count) before. The threads run after start().
  Workers(live::State& state, int count, Factories factories);
  ~Workers();

  /// Each on its CPUs.
  void start(const model::CpuMap& cpus = {});
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

  /// Has f called on each worker's thread, in its own time. Any thread.
  void on_each(const std::function<void(Worker&)>& f);
  /// Streams alive now; any thread.
  size_t sessions() const;
  size_t size() const { return workers_.size(); }
  Worker& operator[](size_t index) { return *workers_[index]; }
  /// Of a worker that runs, for its clock of CPU time.
  pthread_t thread(size_t index) { return threads_[index].native_handle(); }

  /// Any thread.
  Admission& admission() { return admission_; }

 private:
  /// Beside the worker whose thread accepts on it.
  Doorkeeper& doorkeeper(const live::Listener& listener);
  void at_each_door(const std::function<void(Doorkeeper&)>& f);

  Admission admission_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::unique_ptr<Doorkeeper>> doorkeepers_;  // one for each worker
  std::vector<std::thread> threads_;
};

}  // namespace ddbproxy::stream
