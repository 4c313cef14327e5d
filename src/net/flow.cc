// One direction of a relayed connection.
#include "net/flow.h"

#include <cerrno>
#include <new>
#include <sys/ioctl.h>

#include "net/pump_pool.h"

namespace ddbproxy::net {
namespace {

// How much one connection may move before others have their turn.
constexpr uint64_t turn = 256 * 1024;

// A flow whose reads are smaller than this gains nothing from a pipe.
constexpr size_t small_read = 16 * 1024;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

/// Nothing is left to be read: half the cost of another splice that would find that out.
bool is_empty(int socket) {
  int bytes = 0;
  return !ioctl(socket, FIONREAD, &bytes) && !bytes;
}

}  // namespace

/// A pipe is worth it from several full buffers in a row on, and no longer after as many reads that were small.
void Flow::judge_size(size_t read, size_t room) {
  if (splicing_ != Splicing::automatic) return;
  constexpr int8_t sure = 4;
  const bool large = pump_->spliced() ? read >= small_read : read == room;
  if (large && bulkiness_ < sure && ++bulkiness_ == sure) bulk_ = true;
  if (!large && read < small_read && bulkiness_ > 0 && --bulkiness_ == 0) bulk_ = false;
}

void Flow::discard(PumpPool& pool) {
  if (pump_) pool.give_back(std::move(pump_));
}

Flow::Outcome Flow::fill(PumpPool& pool, int from, bool to_sink, base::Instant now) {
  if (!pump_) pump_ = pool.borrow(bulk_ && to_sink, to_sink && sink_ready_);
  if (!pump_) return Outcome::waiting;  // no memory: until the sink takes something
  const size_t room = pump_->room();
  ssize_t n;
  do {
    n = pump_->fill(from);
  } while (n < 0 && errno == EINTR);
  if (n > 0) {
    total_ += static_cast<uint64_t>(n);
    last_read = now;
    judge_size(static_cast<size_t>(n), room);
    // What is not read now will be announced again, unless it is the end that was announced already.
    if (static_cast<size_t>(n) < room && !source_closing_ && (!pump_->spliced() || is_empty(from)))
      source_ready_ = false;
    return Outcome::more;
  }
  if (n == 0)
    ended_ = closed_ = true;
  else if (!would_block(errno))
    failed_ = true;
  source_ready_ = in_doubt_ = false;
  return Outcome::waiting;
}

Flow::Outcome Flow::drain(PumpPool& pool, int to, base::Instant now) {
  ssize_t n;
  do {
    n = pump_->drain(to);
  } while (n < 0 && errno == EINTR);
  if (n < 0) {
    if (!would_block(errno)) return Outcome::sink_failed;
    sink_ready_ = false;
    last_write = now;  // its time to take the rest begins here
    return Outcome::waiting;
  }
  last_write = now;
  pool.count_sent(static_cast<size_t>(n), pump_->spliced());
  // A partial write may also have met a full buffer that has room again by now; only EAGAIN promises a later event.
  return Outcome::more;
}

Flow::Outcome Flow::run(PumpPool& pool, int from, int to, base::Instant now) {
  const uint64_t limit = total_ + turn;
  Outcome outcome = Outcome::waiting;
  for (bool go_on = true; go_on;) {
    outcome = Outcome::waiting;
    go_on = false;
    if (pump_ && !pump_->held() && pump_->spliced() != bulk_) pool.give_back(std::move(pump_));
    if (holding() && to >= 0) {
      if (sink_ready_) outcome = drain(pool, to, now);
      go_on = outcome == Outcome::more;
    } else if (!ended_ && !failed_ && source_ready_ && (!pump_ || pump_->room() > 0)) {
      if (total_ >= limit) {
        outcome = Outcome::more;
      } else {
        outcome = fill(pool, from, to >= 0, now);
        go_on = outcome == Outcome::more || ended_ || failed_;
      }
    } else if ((ended_ || failed_) && !holding()) {
      outcome = failed_ ? Outcome::source_failed : Outcome::ended;
    }
  }
  if (pump_ && !pump_->held()) pool.give_back(std::move(pump_));
  if (pump_ && pool.is_last_resort(*pump_)) throw std::bad_alloc();
  return outcome;
}

}  // namespace ddbproxy::net
