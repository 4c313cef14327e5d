// One worker thread's work.
#include "stream/worker.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/memory.h"
#include "base/thread_slot.h"
#include "log/trace.h"
#include "stream/acceptor.h"
#include "stream/proxy_handshake.h"
#include "stream/workers.h"

namespace ddbproxy::stream {

namespace {

/// tune.bufsize, or what is faster than its default: an idle connection holds no buffer, so a large one costs nothing.
size_t buffer_size(const model::Global& global) {
  constexpr size_t default_size = 16384, preferred = 65536;
  return global.bufsize == default_size ? preferred : global.bufsize;
}

}  // namespace

Worker::Worker(live::State& state, Workers& group, int slot, Factories factories)
    : state_(state),
      group_(group),
      slot_(slot),
      factories_(std::move(factories)),
      pumps_(buffer_size(state.model().global), state.process.pipes, state.process.sent.of(slot)) {
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

void Worker::listen(const live::FrontendConfig& config, live::Listener& listener) {
  auto& acceptor = acceptors_[&listener];
  if (!acceptor) acceptor = std::make_unique<Acceptor>(*this, config, listener);
  acceptor->open();
}

void Worker::pause(const live::Listener& listener) {
  if (const auto found = acceptors_.find(&listener); found != acceptors_.end()) found->second->close();
}

void Worker::unlisten(const live::Listener& listener) {
  const auto found = acceptors_.find(&listener);
  if (found == acceptors_.end()) return;
  found->second->take_the_waiting();
  acceptors_.erase(found);
}

void Worker::resume_waiting() {
  for (auto& [listener, acceptor] : acceptors_) acceptor->room_made();
}

void Worker::admit(base::Fd client, const live::FrontendConfig& config, live::Listener& listener, const Address& peer) {
  const base::Instant now = base::now();
  live::Frontend& frontend = config.frontend;
  frontend.counters.local().conn_tot.add();
  frontend.connection_rate.add(now);
  frontend.connection_rate_max.raise(frontend.connection_rate.per_second(now));
  frontend.sessions_max.raise(frontend.current_sessions());
  state_.process.total_connections.fetch_add(1, std::memory_order_relaxed);
  state_.process.connection_rate.add(now);
  state_.process.connection_rate_max.raise(state_.process.connection_rate.per_second(now));
  // Here and not by the host, so that the next client already sees the rate.
  if (!listener.bind->accept_proxy) count_session(config, listener, now);
  const Arrival arrival{.client = peer, .destination = {}, .accepted = now};
  Worker& host = group_.host_for_client_of(*this);
  host.load_.fetch_add(1, std::memory_order_relaxed);
  if (&host == this) return welcome(std::move(client), config, listener, arrival);
  const int fd = client.get();
  const base::Memory memory = base::within_memory([&] {
    host.post([&host, fd, &config, &listener, arrival] { host.welcome(base::Fd(fd), config, listener, arrival); });
    client.release();
  });
  if (memory == base::Memory::broken_off) host.give_back_place(config, listener);
}

void Worker::welcome(base::Fd client, const live::FrontendConfig& config, live::Listener& listener,
                     const Arrival& arrival) {
  if (listener.bind->accept_proxy)
    add(config, listener,
        [&] { return std::make_unique<ProxyHandshake>(*this, std::move(client), config, listener, arrival); });
  else
    start_session(std::move(client), config, listener, arrival);
}

void Worker::begin_session(base::Fd client, const live::FrontendConfig& config, live::Listener& listener,
                           const Arrival& arrival) {
  count_session(config, listener, base::now());
  start_session(std::move(client), config, listener, arrival);
}

void Worker::count_session(const live::FrontendConfig& config, live::Listener& listener, base::Instant now) {
  live::Frontend& frontend = config.frontend;
  frontend.counters.local().stot.add();
  if (listener.counters) {
    listener.counters->local().stot.add();
    listener.counters->local().sessions_max.raise(listener.active->load(std::memory_order_relaxed));
  }
  frontend.session_rate.add(now);
  frontend.session_rate_max.raise(frontend.session_rate.per_second(now));
  state_.process.session_rate.add(now);
  state_.process.session_rate_max.raise(state_.process.session_rate.per_second(now));
}

void Worker::start_session(base::Fd client, const live::FrontendConfig& config, live::Listener& listener,
                           const Arrival& arrival) {
  add(config, listener, [&] {
    const int fd = client.get();
    std::unique_ptr<Stream> stream =
        factories_[static_cast<size_t>(config.proxy.mode)](*this, std::move(client), config, listener, arrival);
    if (log::tracing())
      log::trace(fmt::format("{:x}:{}.accept({:04x})={:04x} from [{}] ALPN=<none>", stream->id(),
                             config.frontend.name(), listener.fd.get(), fd, arrival.client.text()));
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
  group_.release(config.frontend, listener);
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
