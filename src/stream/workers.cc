// All worker threads of the process.
#include "stream/workers.h"

#include <algorithm>
#include <latch>
#include <unordered_set>

#include "base/memory.h"
#include "stream/acceptor.h"

namespace ddbproxy::stream {

Workers::Workers(live::State& state, int count, Factories factories)
    : state_(state), waiting_(new std::atomic<bool>[static_cast<size_t>(count)]) {
  for (int i = 0; i < count; ++i) {
    waiting_[static_cast<size_t>(i)] = false;
    workers_.push_back(std::make_unique<Worker>(state, *this, i + 1, factories));
  }
}

Workers::~Workers() { stop(); }

void Workers::start() {
  for (auto& worker : workers_) threads_.emplace_back([w = worker.get()] { w->run(); });
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

Worker& Workers::doorkeeper(const live::Listener& listener) {
  return *workers_[static_cast<size_t>(listener.fd.get()) % workers_.size()];
}

Worker& Workers::host_for_client_of(Worker& doorkeeper) {
  Worker* emptiest = &doorkeeper;
  for (auto& worker : workers_)
    if (worker->load() < emptiest->load()) emptiest = worker.get();
  // Handing a client over costs a wake-up, so not for the sake of one or two.
  const size_t own = doorkeeper.load();
  return own <= emptiest->load() + 1 + own / 16 ? doorkeeper : *emptiest;
}

void Workers::listen(live::FrontendConfig& frontend) {
  for (live::Listener& listener : frontend.listeners) {
    Worker& worker = doorkeeper(listener);
    worker.post([&worker, &frontend, &listener] { worker.listen(frontend, listener); });
  }
}

void Workers::pause(live::FrontendConfig& frontend) {
  on_each([&listeners = frontend.listeners](Worker& worker) {
    for (live::Listener& listener : listeners) worker.pause(listener);
  });
}

void Workers::unlisten(live::FrontendConfig& frontend) {
  live::FrontendConfig* const one[] = {&frontend};
  unlisten(one);
}

void Workers::unlisten(std::span<live::FrontendConfig* const> frontends) {
  if (threads_.empty()) return;
  std::latch done(static_cast<ptrdiff_t>(workers_.size()));
  on_each([&](Worker& worker) {
    for (live::FrontendConfig* frontend : frontends)
      for (live::Listener& listener : frontend->listeners) worker.unlisten(listener);
    done.count_down();
  });
  done.wait();
}

void Workers::kill_where(std::function<bool(const Stream&)> matches, Kill why) {
  on_each([matches = std::move(matches), why](Worker& worker) {
    worker.for_each([&](Stream& stream) {
      if (matches(stream)) stream.kill(why);
    });
  });
}

void Workers::kill(uint64_t id, Kill why, net::Loop& reply_on, std::function<void(bool)> done) {
  struct Search {
    std::atomic<size_t> left;
    std::atomic<bool> found{false};
    std::function<void(bool)> done;
  };
  auto search = std::make_shared<Search>();
  search->left = workers_.size();
  search->done = std::move(done);
  on_each([search, id, why, &reply_on](Worker& worker) {
    worker.for_each([&](Stream& stream) {
      if (stream.id() != id) return;
      stream.kill(why);
      search->found = true;
    });
    if (--search->left == 0) reply_on.post([search] { search->done(search->found); });
  });
}

void Workers::describe_all(std::function<bool(const Stream&)> wanted, net::Loop& reply_on,
                           std::function<void(std::vector<StreamDescription>)> done) {
  struct Census {
    base::Guarded<std::vector<StreamDescription>> found;
    std::atomic<size_t> left;
    std::function<bool(const Stream&)> wanted;
    std::function<void(std::vector<StreamDescription>)> done;
  };
  auto census = std::make_shared<Census>();
  census->left = workers_.size();
  census->wanted = std::move(wanted);
  census->done = std::move(done);
  on_each([census, &reply_on](Worker& worker) {
    std::vector<StreamDescription> mine;
    // Without memory the list is not whole; but who asked for it must not wait for ever.
    base::within_memory([&] {
      worker.for_each([&](Stream& stream) {
        if (!census->wanted || census->wanted(stream)) mine.push_back(stream.describe());
      });
    });
    census->found.with([&](auto& all) { std::move(mine.begin(), mine.end(), std::back_inserter(all)); });
    if (--census->left == 0)
      reply_on.post([census] { census->done(census->found.with([](auto& all) { return std::move(all); })); });
  });
}

void Workers::measure_traffic(net::Loop& reply_on, std::function<void(const live::Traffic&)> done) {
  struct Census {
    base::Guarded<live::Traffic> sums;
    std::atomic<size_t> left;
    std::function<void(const live::Traffic&)> done;
  };
  auto census = std::make_shared<Census>();
  census->left = workers_.size();
  census->done = std::move(done);
  on_each([census, &reply_on](Worker& worker) {
    live::Traffic mine;
    worker.for_each([&](const Stream& stream) { stream.add_uncounted(mine); });
    census->sums.with([&](live::Traffic& all) { all.add(mine); });
    if (--census->left == 0)
      reply_on.post([census] { census->sums.with([&](live::Traffic& all) { census->done(all); }); });
  });
}

void Workers::find_mentions(live::Hooks::Mentions asked, net::Loop& reply_on,
                            std::function<void(const live::Hooks::Mentions& mentioned)> done) {
  using Mentions = live::Hooks::Mentions;
  struct Census {
    Mentions asked;  // sorted
    base::Guarded<Mentions> found;
    std::atomic<size_t> left;
    std::function<void(const Mentions&)> done;
  };
  auto census = std::make_shared<Census>();
  std::sort(asked.begin(), asked.end());
  census->asked = std::move(asked);
  census->left = workers_.size();
  census->done = std::move(done);
  on_each([census, &reply_on](Worker& worker) {
    std::unordered_set<const live::Mentioned*> mine;
    const auto note = [&](const live::Mentioned* one) {
      if (one && std::binary_search(census->asked.begin(), census->asked.end(), one)) mine.insert(one);
    };
    worker.for_each([&](Stream& stream) {
      note(stream.mentioned_server());
      if (stream.config()) note(&stream.config()->generation);
    });
    census->found.with([&](Mentions& all) { all.insert(all.end(), mine.begin(), mine.end()); });
    if (--census->left == 0) reply_on.post([census] { census->found.with(census->done); });
  });
}

size_t Workers::sessions() const {
  size_t total = 0;
  for (auto& worker : workers_) total += worker->load();
  return total;
}

bool Workers::has_room(const live::Frontend& frontend, const live::Listener& listener) const {
  const uint32_t limit = state_.process.maxconn, own_limit = listener.bind->maxconn;
  return (!limit || state_.process.current_connections < limit) && (!own_limit || *listener.active < own_limit) &&
         frontend.current_sessions() < frontend.maxconn();
}

bool Workers::claim(live::Frontend& frontend, live::Listener& listener) {
  std::atomic<uint32_t>& process = state_.process.current_connections;
  const uint32_t limit = state_.process.maxconn, own_limit = listener.bind->maxconn;
  if (!has_room(frontend, listener) || !frontend.admit()) return false;
  // Both are counted in any case: release() takes both back.
  const uint32_t in_process = ++process, on_listener = ++*listener.active;
  const bool within = (!limit || in_process <= limit) && (!own_limit || on_listener <= own_limit);
  // Another worker was faster; what was taken for a moment may have kept a third one waiting.
  if (!within) release(frontend, listener);
  return within;
}

void Workers::release(live::Frontend& frontend, live::Listener& listener) {
  --*listener.active;
  frontend.leave();
  --state_.process.current_connections;
  // Pairs with the fence in wait_for_room(): either the waiting worker sees the room, or this one sees it wait.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  wake_waiting();
}

void Workers::wait_for_room(int slot) {
  waiting_[static_cast<size_t>(slot - 1)].store(true, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void Workers::wake_waiting() {
  for (size_t i = 0; i < workers_.size(); ++i) {
    if (!waiting_[i].load(std::memory_order_relaxed) || !waiting_[i].exchange(false)) continue;
    workers_[i]->post([w = workers_[i].get()] { w->resume_waiting(); });
  }
}

void Workers::limits_changed() { wake_waiting(); }

}  // namespace ddbproxy::stream
