// All worker threads of the process.
#include "stream/workers.h"

#include <bit>
#include <latch>
#include <sched.h>

namespace ddbproxy::stream {
namespace {

/// As haproxy, who does not look whether there are such CPUs.
void bind_thread(const model::CpuSet& cpus) {
  if (cpus.none()) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (size_t cpu = 0; cpu < cpus.size() && cpu < CPU_SETSIZE; ++cpu)
    if (cpus[cpu]) CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

}  // namespace

Workers::Workers(live::State& state, int count, Factories factories)
    : admission_(state.process, count, [this](int slot) {
        Doorkeeper& door = *doorkeepers_[static_cast<size_t>(slot - 1)];
        door.worker().post([&door] { door.look_again(); });
      }) {
  for (int slot = 1; slot <= count; ++slot)
    workers_.push_back(std::make_unique<Worker>(state, admission_, slot, factories));
  for (auto& worker : workers_) doorkeepers_.push_back(std::make_unique<Doorkeeper>(*worker, workers_, admission_));
}

Workers::~Workers() { stop(); }

void Workers::start(const model::CpuMap& cpus) {
  for (size_t i = 0; i < workers_.size(); ++i)
    threads_.emplace_back([w = workers_[i].get(), own = cpus.of(i)] {
      bind_thread(own);
      w->run();
    });
}

void Workers::stop() {
  if (threads_.empty()) return;
  for (auto& worker : workers_) {
    worker->post([w = worker.get()] {
      w->for_each([](Stream& stream) { stream.kill(Kill::stopping); });
      w->loop().stop();
    });
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Workers::on_each(const std::function<void(Worker&)>& f) {
  for (auto& worker : workers_) worker->post([w = worker.get(), f] { f(*w); });
}

void Workers::at_each_door(const std::function<void(Doorkeeper&)>& f) {
  for (auto& door : doorkeepers_) door->worker().post([d = door.get(), f] { f(*d); });
}

Doorkeeper& Workers::doorkeeper(const live::Listener& listener) {
  const auto number = static_cast<size_t>(listener.fd.get());
  const uint64_t threads = threads_of(*listener.bind, doorkeepers_.size());
  // The bits that are set, one after the other.
  size_t left = number % static_cast<size_t>(std::popcount(threads));
  for (size_t slot = 0; slot < doorkeepers_.size(); ++slot)
    if (threads >> slot & 1 && !left--) return *doorkeepers_[slot];
  return *doorkeepers_[number % doorkeepers_.size()];
}

void Workers::listen(live::FrontendConfig& frontend) {
  for (live::Listener& listener : frontend.listeners) {
    Doorkeeper& door = doorkeeper(listener);
    door.worker().post([&door, &frontend, &listener] { door.listen(frontend, listener); });
  }
}

void Workers::pause(live::FrontendConfig& frontend) {
  at_each_door([&listeners = frontend.listeners](Doorkeeper& door) {
    for (live::Listener& listener : listeners) door.pause(listener);
  });
}

void Workers::unlisten(live::FrontendConfig& frontend) {
  live::FrontendConfig* const one[] = {&frontend};
  unlisten(one);
}

void Workers::unlisten(std::span<live::FrontendConfig* const> frontends) {
  if (threads_.empty()) return;
  std::latch done(static_cast<ptrdiff_t>(workers_.size()));
  at_each_door([&](Doorkeeper& door) {
    for (live::FrontendConfig* frontend : frontends)
      for (live::Listener& listener : frontend->listeners) door.unlisten(listener);
    done.count_down();
  });
  done.wait();
}

size_t Workers::sessions() const {
  size_t total = 0;
  for (auto& worker : workers_) total += worker->load();
  return total;
}

}  // namespace ddbproxy::stream
