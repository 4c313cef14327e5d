#include "net/loop.h"

#include <cassert>
#include <new>
#include <sys/eventfd.h>
#include <utility>

namespace ddbproxy::net {
namespace {

constexpr size_t posts_expected = 256;

timeval to_timeval(base::Milliseconds delay) {
  const auto ms = delay.count() < 0 ? 0 : delay.count();
  return {static_cast<time_t>(ms / 1000), static_cast<suseconds_t>(ms % 1000 * 1000)};
}

}  // namespace

void Event::set(Loop& loop, int fd, short what, event_callback_fn callback, void* owner) {
  remove();
  event_assign(&event_, loop.base(), fd, what, callback, owner);
  if (event_add(&event_, nullptr)) throw std::bad_alloc();
  added_ = true;
}

void Event::remove() {
  if (Loop* loop = std::exchange(asked_by_, nullptr)) loop->forget(*this);
  if (active()) event_del(&event_);
  added_ = false;  // the loop may be gone before this is
}

void Timer::set(Loop& loop, event_callback_fn callback, void* owner) {
  cancel();
  evtimer_assign(&event_, loop.base(), callback, owner);
  bound_ = true;
}

void Timer::arm(base::Milliseconds delay) {
  assert(bound_);
  const timeval wait = to_timeval(delay);
  if (event_add(&event_, &wait)) throw std::bad_alloc();
}

void Timer::fire_soon() {
  assert(bound_);
  event_active(&event_, EV_TIMEOUT, 0);
}

Loop::Loop() {
  event_config* config = event_config_new();
  event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
  // Not EVENT_BASE_FLAG_PRECISE_TIMER: it costs a timerfd_settime() at every wake-up. Without it a timer may fire some
  // milliseconds late or early, so whoever must not be early looks at the clock.
  posted_.reserve(posts_expected);
  running_.reserve(posts_expected);
  base_ = event_base_new_with_config(config);
  event_config_free(config);
  if (!base_) throw std::bad_alloc();
  tells_changes_ = event_base_get_features(base_) & EV_FEATURE_ET;
  wake_fd_.reset(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  wake_.watch<&Loop::drain>(*this, wake_fd_.get(), EV_READ | EV_PERSIST, *this);
}

Loop::~Loop() {
  wake_.remove();
  event_base_free(base_);
}

void Loop::run() {
  base::refill_reserve();
  if (tells_changes_ && !busy_) {
    event_base_loop(base_, EVLOOP_NO_EXIT_ON_EMPTY);
    return;
  }
  do {
    settle();
    event_base_loop(base_, (busy_ ? EVLOOP_NONBLOCK : EVLOOP_ONCE) | EVLOOP_NO_EXIT_ON_EMPTY);
  } while (!event_base_got_break(base_));
}

void Loop::ask(Event& event, short (*awaits)(const void* owner)) {
  asked_.push_back({&event, awaits});
  event.asked_by_ = this;
}

void Loop::forget(const Event& event) {
  std::erase_if(asked_, [&](const Asked& asked) { return asked.event == &event; });
}

void Loop::settle() {
  for (const Asked& asked : asked_) {
    struct event& event = asked.event->event_;
    const short wanted = asked.awaits(event_get_callback_arg(&event));
    if (event_pending(&event, EV_READ | EV_WRITE, nullptr) == wanted) continue;
    event_del(&event);
    event_assign(&event, base_, event_get_fd(&event), static_cast<short>(wanted | EV_PERSIST),
                 event_get_callback(&event), event_get_callback_arg(&event));
    if (wanted) event_add(&event, nullptr);  // Without memory for it now, it is tried again the next time.
  }
}

void Loop::stop() {
  post([this] { event_base_loopbreak(base_); });
}

void Loop::run_once(base::Milliseconds wait) {
  Timer limit;
  struct Nobody {
    void fire() {}
  } nobody;
  limit.bind<&Nobody::fire>(*this, nobody);
  limit.arm(wait);
  settle();
  event_base_loop(base_, EVLOOP_ONCE);
}

void Loop::post(std::function<void()> f) {
  bool first;
  {
    std::lock_guard lock(mutex_);
    first = posted_.empty();
    posted_.push_back(std::move(f));
  }
  if (first) eventfd_write(wake_fd_.get(), 1);
}

void Loop::drain(short) {
  eventfd_t ignored;
  eventfd_read(wake_fd_.get(), &ignored);
  {
    std::lock_guard lock(mutex_);
    running_.swap(posted_);
  }
  for (auto& f : running_) base::within_memory(f);
  running_.clear();
}

}  // namespace ddbproxy::net
