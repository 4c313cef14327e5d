// One worker thread's work.
#include "stream/worker.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/memory.h"
#include "base/thread_slot.h"
#include "log/trace.h"
#include "stream/admission.h"
#include "stream/connection_rules.h"
#include "stream/extras.h"
#include "stream/proxy_handshake.h"

namespace ddbproxy::stream {

namespace {

/// tune.bufsize, or what is faster than its default: an idle connection holds no buffer, so a large one costs nothing.
size_t buffer_size(const model::Global& global) {
  constexpr size_t default_size = 16384, preferred = 65536;
  return global.bufsize == default_size ? preferred : global.bufsize;
}

}  // namespace

Worker::Worker(live::State& state, Admission& admission, int slot, Factories factories)
    : state_(state),
      admission_(admission),
      slot_(slot),
      factories_(std::move(factories)),
      pumps_(buffer_size(state.model().global), state.process.pipes, state.process.sent.of(slot)),
      scratch_(state.model().global.bufsize) {
  if (state.model().global.busy_polling) loop_.poll_busily();
  burial_.bind<&Worker::bury>(loop_, *this);
  resume_.bind<&Worker::resume_streams>(loop_, *this);
  second_look_.bind<&Worker::look_at_doubtful>(loop_, *this);
}

Worker::~Worker() {
  streams_.for_each([this](Stream& stream) { retired_.push_back(stream); });
  bury();
}

void Worker::run() {
  base::set_thread_slot(slot_);
  loop_.run();
  bury();
}

void Worker::host(Guest guest) {
  load_.fetch_add(1, std::memory_order_relaxed);
  if (base::thread_slot() == slot_) return welcome(std::move(guest));
  const live::FrontendConfig& config = *guest.config;
  live::Listener& listener = *guest.listener;
  const base::Memory memory = base::within_memory([&] {
    const bool first = arrived_.with([&](std::vector<Guest>& arrived) {
      arrived.push_back(std::move(guest));
      return arrived.size() == 1;
    });
    if (first) post([this] { welcome_arrived(); });
  });
  if (memory == base::Memory::broken_off) give_back_place(config, listener);
}

void Worker::welcome_arrived() {
  arrived_.with([this](std::vector<Guest>& arrived) { arrived.swap(welcomed_); });
  for (Guest& guest : welcomed_) welcome(std::move(guest));
  welcomed_.clear();
}

void Worker::welcome(Guest guest) {
  if (!guest.expects) return start_session(std::move(guest));
  add(*guest.config, *guest.listener, [&] { return std::make_unique<ProxyHandshake>(*this, std::move(guest)); });
}

bool Worker::begin_session(Guest& guest) {
  if (!guest.config->settings().session_rules.empty() && run_session_rules(*this, guest) != Decision::pass) {
    give_back_place(*guest.config, *guest.listener);
    return false;
  }
  admission_.count_session(guest.config->frontend, *guest.listener, base::now());
  start_session(std::move(guest));
  return true;
}

void Worker::start_session(Guest guest) {
  if (guest.extras) guest.extras->count_session(base::now());
  const live::FrontendConfig& config = *guest.config;
  live::Listener& listener = *guest.listener;
  add(config, listener, [&] {
    const int fd = guest.client.get();
    std::string came_from;
    if (log::tracing()) came_from = guest.arrival.client.text();
    std::unique_ptr<Stream> stream = factories_[static_cast<size_t>(config.proxy.mode)](*this, std::move(guest));
    if (log::tracing())
      log::trace(fmt::format("{:x}:{}.accept({:04x})={:04x} from [{}] ALPN=<none>", stream->id(),
                             config.frontend.name(), listener.fd.get(), fd, came_from));
    return stream;
  });
}

template <class F>
void Worker::add(const live::FrontendConfig& config, live::Listener& listener, F make) {
  Stream* added = nullptr;
  const base::Memory memory = base::within_memory([&] {
    std::unique_ptr<Stream> stream = make();
    stream->config_ = &config;
    stream->listener_ = &listener;
    added = stream.release();  // from here on the list's, until bury()
    streams_.push_back(*added);
    added->start();
  });
  if (memory == base::Memory::enough) return;
  if (added)
    added->out_of_memory(memory);
  else
    give_back_place(config, listener);
}

void Worker::give_back_place(const live::FrontendConfig& config, live::Listener& listener) {
  load_.fetch_sub(1, std::memory_order_relaxed);
  admission_.release(config.frontend, listener);
}

void Worker::hand_over_place(Stream& stream) { stream.listener_ = nullptr; }

void Worker::retire(Stream& stream) {
  if (std::exchange(stream.retired_, true)) return;
  retired_.push_back(stream);
  burial_.fire_soon();
  // Its place is free at once: who ends in the same turn of the loop must not count it any more.
  live::Listener* listener = std::exchange(stream.listener_, nullptr);
  if (!listener) return;
  give_back_place(*stream.config_, *listener);
}

void Worker::bury() {
  while (Stream* stream = retired_.front()) {
    stream->unlink();
    if (stream->again_) std::erase(again_, stream);
    if (log::tracing() && stream->frontend())
      log::trace(fmt::format("{:x}:{}.closed", stream->id(), stream->frontend()->name()));
    if (stream->doubt_) doubtful_[stream->doubt_ - 1] = nullptr;
    delete stream;
  }
}

void Worker::again(Stream& stream) {
  if (std::exchange(stream.again_, true)) return;
  again_.push_back(&stream);
  // Through the clock, so that the sockets are polled in between.
  if (!resume_.armed()) resume_.arm(base::Milliseconds{0});
}

void Worker::look_again(Stream& stream) {
  if (stream.doubt_) return;
  doubtful_.push_back(&stream);
  stream.doubt_ = static_cast<uint32_t>(doubtful_.size());
  constexpr base::Milliseconds second_look{5};
  if (!second_look_.armed()) second_look_.arm(second_look);
}

void Worker::look_at_doubtful() {
  looked_at_.swap(doubtful_);
  for (Stream* stream : looked_at_)
    if (stream) stream->doubt_ = 0;
  for (Stream* stream : looked_at_)
    if (stream && !stream->retired_) net::call_within_memory(*stream, [](Stream& doubtful) { doubtful.look_again(); });
  looked_at_.clear();
}

void Worker::resume_streams() {
  std::vector<Stream*> now;
  now.swap(again_);
  for (Stream* stream : now) {
    stream->again_ = false;
    if (!stream->retired_) net::call_within_memory(*stream, [](Stream& its_turn) { its_turn.resume(); });
  }
}

}  // namespace ddbproxy::stream
