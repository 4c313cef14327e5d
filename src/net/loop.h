// One thread's events, over libevent.
#pragma once

#include <event2/event.h>
#include <event2/event_struct.h>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/fd.h"
#include "base/memory.h"

namespace ddbproxy::net {

class Loop;

/// What every callback runs in: no exception leaves it. Who found no memory is told, if it has an out_of_memory(); then
/// its callback must not have destroyed it.
template <class Owner, class F>
void call_within_memory(Owner& owner, F f) noexcept {
  const base::Memory memory = base::within_memory([&] { f(owner); });
  if (memory == base::Memory::enough) [[likely]]
    return;
  if constexpr (requires { owner.out_of_memory(memory); }) owner.out_of_memory(memory);
}

/// A libevent event embedded in its owner; destroying it unregisters it. Lives on its loop's thread.
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { remove(); }

  /// Watches `fd` for `what` (EV_READ, EV_WRITE, EV_ET, EV_PERSIST) and calls (owner.*Member)(what happened).
  /// Watching again replaces what was watched before.
  template <auto Member, class Owner>
  void watch(Loop& loop, int fd, short what, Owner& owner) {
    set(
        loop, fd, what,
        [](evutil_socket_t, short happened, void* self) {
          call_within_memory(*static_cast<Owner*>(self), [&](Owner& called) { (called.*Member)(happened); });
        },
        &owner);
  }
  /// Watches both ways for good: each change is told once. Where the system cannot tell changes but only states (poll,
  /// select), the loop asks (owner.*Awaits)() before it waits for which of EV_READ and EV_WRITE it is to watch.
  template <auto Member, auto Awaits, class Owner>
  void watch_changes(Loop& loop, int fd, Owner& owner);
  void remove();
  bool active() const { return added_ && event_initialized(&event_); }

 private:
  friend class Timer;
  friend class Loop;
  void set(Loop& loop, int fd, short what, event_callback_fn callback, void* owner);

  struct event event_ {};
  Loop* asked_by_ = nullptr;  // see watch_changes()
  bool added_ = false;
};

/// Calls its owner once after a delay. Arming again moves the moment. Lives on its loop's thread.
class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { cancel(); }

  /// (owner.*Member)() will be called; once for all armings.
  template <auto Member, class Owner>
  void bind(Loop& loop, Owner& owner) {
    set(
        loop,
        [](evutil_socket_t, short, void* self) {
          call_within_memory(*static_cast<Owner*>(self), [](Owner& called) { (called.*Member)(); });
        },
        &owner);
  }
  void arm(base::Milliseconds delay);
  /// Calls the owner once the events at hand are done, without going through the clock.
  void fire_soon();
  void cancel() {
    if (bound_) event_del(&event_);
  }
  bool armed() const { return bound_ && event_pending(&event_, EV_TIMEOUT, nullptr); }

 private:
  void set(Loop& loop, event_callback_fn callback, void* owner);

  struct event event_ {};
  bool bound_ = false;
};

/// Runs one thread's events; post() and stop() are its only thread-safe members.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs until stop().
  void run();
  /// Has run() ask for events again and again instead of sleeping.
  void poll_busily() { busy_ = true; }
  /// Ends run() after the events at hand.
  void stop();
  /// Runs what is ready now, waiting at most `wait` for something; for tests.
  void run_once(base::Milliseconds wait);
  /// Has f called on this loop's thread, in the order of posting. Costs no memory where f is small and trivial to copy,
  /// and not too many wait.
  void post(std::function<void()> f);

  event_base* base() const { return base_; }

 private:
  friend class Event;
  /// An event of Event::watch_changes() that is in fact watched for a state.
  struct Asked {
    Event* event;
    short (*awaits)(const void* owner);
  };

  void ask(Event& event, short (*awaits)(const void* owner));
  void forget(const Event& event);
  /// Watches each for what its owner awaits.
  void settle();
  void drain(short);

  event_base* base_;
  bool tells_changes_;
  bool busy_ = false;
  std::vector<Asked> asked_;
  base::Fd wake_fd_;
  Event wake_;
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_, running_;  // the latter is the loop's thread's
};

template <auto Member, auto Awaits, class Owner>
void Event::watch_changes(Loop& loop, int fd, Owner& owner) {
  constexpr short both = EV_READ | EV_WRITE | EV_PERSIST;
  if (loop.tells_changes_) return watch<Member>(loop, fd, both | EV_CLOSED | EV_ET, owner);
  watch<Member>(loop, fd, both, owner);
  loop.ask(*this, [](const void* self) { return (static_cast<const Owner*>(self)->*Awaits)(); });
}

}  // namespace ddbproxy::net
