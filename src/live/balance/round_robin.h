// `balance roundrobin`: each server in turn, as often as its weight says, spread as evenly as possible.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <set>

#include "live/balance/balancer.h"

namespace ddbproxy::live {

/// The turns of one round are numbered; a server that has had its turn is put back at the turn that its share of the
/// total weight gives it, in this round or in the next one. The order depends on every turn before, and must be the
/// one that haproxy gives: so it cannot be had from an immutable snapshot, and pick() takes a lock (held for
/// O(log servers)).
class RoundRobin : public Balancer {
 public:
  explicit RoundRobin(std::span<Server* const> servers);

  void add(Server& server) override;
  void remove(Server& server) override;
  void set_weight(Server& server, int weight) override;
  Server* pick(const PickRequest& request) override;

 private:
  struct Seat;
  struct Earlier {
    bool operator()(const Seat* a, const Seat* b) const;
  };
  using Turns = std::set<Seat*, Earlier>;
  /// A server's place in the rotation. Positions count in turns of the current round.
  struct Seat {
    Server* server = nullptr;
    int weight = 0;
    int64_t position = 0, previous = 0;
    int remainder = 0;  // of the divisions that made `position`, in units of 1/weight
    int64_t key = 0;    // sorts within `in`, then by `arrival`
    uint64_t arrival = 0;
    Turns* in = nullptr;  // null: not in the rotation
  };

  void enter(Seat& seat, Turns& turns, int64_t key);
  void take_out(Seat& seat);
  /// Puts a seat where its position belongs: into the current round, or the one after.
  void put_back(Seat& seat);
  void wait_for_next_round(Seat& seat);
  Seat* next_seat();
  void begin_round();

  std::mutex mutex_;
  std::deque<Seat> seats_;  // by the server's index in the backend; others stay empty
  Turns rounds_[2], current_;
  Turns* unused_ = &rounds_[0];                 // not yet begun in this round
  Turns* next_ = &rounds_[1];                   // their next turn is in the next round
  int64_t round_weight_ = 0, next_weight_ = 0;  // turns in this round and in the next one
  int64_t turn_ = 0;
  uint64_t arrivals_ = 0;
};

}  // namespace ddbproxy::live
