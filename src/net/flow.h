// One direction of a relayed connection: from a socket, through a borrowed pump, to another socket.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/clock.h"
#include "net/pump.h"

namespace ddbproxy::net {

class PumpPool;

/// Whether a flow goes through a pipe of the kernel.
enum class Splicing : uint8_t { automatic, always, never };

/// Moves bytes with back-pressure: while the sink is blocked the source is not read. Copies through a buffer until the
/// flow shows itself to be bulk, then goes through a pipe, and back when it turns small. Sockets are watched
/// edge-triggered by the owner, who tells what happened and calls run().
class Flow {
 public:
  enum class Outcome : uint8_t {
    waiting,        ///< for the source or the sink
    more,           ///< there is more to move; others should have their turn first
    ended,          ///< the source has ended and all it sent is written
    source_failed,  ///< ... or has failed, likewise
    sink_failed,
  };

  Flow() = default;
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  /// What is held at the moment still goes the way it came in by.
  void splice(Splicing how) {
    splicing_ = how;
    bulk_ = how == Splicing::always;
  }

  void source_ready() { source_ready_ = true; }
  /// Ready, or failed: the loop reports both in the same way. What follows what is read may be a reset, of which no
  /// other event would tell; see in_doubt().
  void source_ready_or_failed() {
    source_ready_ = in_doubt_ = true;
    long_in_doubt_ = false;
  }
  void sink_ready() { sink_ready_ = true; }
  /// The source has sent its last byte, so that a short read no longer proves that there is nothing left.
  void source_closing() { source_ready_ = source_closing_ = true; }
  /// The source's socket has just taken bytes, so that it had not failed.
  void trust_source() { in_doubt_ = false; }
  /// Whether the source may have failed since it was read last. run() after source_ready() finds out, unless the sink
  /// is blocked.
  bool in_doubt() const { return in_doubt_; }
  /// Whether it was in doubt already when this was asked the last time, and has said nothing since.
  bool still_in_doubt() {
    const bool still = in_doubt_ && long_in_doubt_;
    long_in_doubt_ = true;
    return still;
  }

  /// Whether something of a socket must happen before there is more to do with it.
  bool awaits_source() const { return !source_ready_ && !ended_ && !failed_; }
  bool awaits_sink() const { return !sink_ready_; }

  /// Moves what can be moved at `now`. Without a sink (-1) it reads ahead as much as one pump holds. Throws
  /// std::bad_alloc when there is no memory for what the sink does not take.
  Outcome run(PumpPool& pool, int from, int to, base::Instant now);
  /// No more will be read: as if the source had ended here.
  void end_source() { ended_ = true; }
  /// Drops what is held.
  void discard(PumpPool& pool);

  bool source_ended() const { return ended_; }    ///< By itself, or by end_source().
  bool source_closed() const { return closed_; }  ///< Its end was read.
  bool source_failed() const { return failed_; }  ///< What it sent before may still be held.
  bool holding() const { return pump_ && pump_->held() > 0; }
  /// What was read ahead and is held, to look at; it stays as it is until the next run().
  std::string_view peek() const { return pump_ ? pump_->peek() : std::string_view(); }
  /// Whether more could be read ahead.
  bool has_room() const { return !pump_ || pump_->room() > 0; }
  uint64_t total() const { return total_; }  ///< Bytes read.

  base::Instant last_read{}, last_write{};  ///< Of at least one byte.

 private:
  Outcome fill(PumpPool& pool, int from, bool to_sink, base::Instant now);
  Outcome drain(PumpPool& pool, int to, base::Instant now);

  void judge_size(size_t read, size_t room);

  std::unique_ptr<Pump> pump_;
  uint64_t total_ = 0;
  // How the flow behaves: it counts up with every full read and down with every small one.
  int8_t bulkiness_ = 0;
  bool bulk_ = false;
  Splicing splicing_ = Splicing::automatic;
  // Bits, since every idle client holds two of these.
  bool source_ready_ : 1 = false, source_closing_ : 1 = false, in_doubt_ : 1 = false, long_in_doubt_ : 1 = false;
  bool sink_ready_ : 1 = true;
  bool ended_ : 1 = false, closed_ : 1 = false, failed_ : 1 = false;
};

}  // namespace ddbproxy::net
