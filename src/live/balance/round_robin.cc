#include "live/balance/round_robin.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "live/backend.h"
#include "live/server.h"

namespace ddbproxy::live {
namespace {

constexpr int64_t heaviest = 256 * weight_scale;

}  // namespace

bool RoundRobin::Earlier::operator()(const Seat* a, const Seat* b) const {
  return a->key != b->key ? a->key < b->key : a->arrival < b->arrival;
}

RoundRobin::RoundRobin(std::span<Server* const> servers) {
  for (Server* server : servers) add(*server);
}

void RoundRobin::add(Server& server) {
  std::lock_guard lock(mutex_);
  if (seats_.size() <= server.index()) seats_.resize(server.index() + 1);
  seats_[server.index()].server = &server;
}

void RoundRobin::remove(Server& server) {
  std::lock_guard lock(mutex_);
  seats_[server.index()] = {};
}

void RoundRobin::enter(Seat& seat, Turns& turns, int64_t key) {
  seat.key = key;
  seat.arrival = arrivals_++;
  seat.in = &turns;
  turns.insert(&seat);
}

void RoundRobin::take_out(Seat& seat) {
  if (seat.in) std::exchange(seat.in, nullptr)->erase(&seat);
}

void RoundRobin::wait_for_next_round(Seat& seat) { enter(seat, *next_, heaviest - seat.weight); }

void RoundRobin::put_back(Seat& seat) {
  if (seat.weight == 0 || seat.position >= 2 * round_weight_ || seat.position >= round_weight_ + next_weight_) {
    seat.position -= round_weight_;
    wait_for_next_round(seat);
  } else {
    // Among those of one turn, the one with the smaller remainder and the larger weight goes first.
    enter(seat, current_, 256 * seat.position + (heaviest + seat.remainder - seat.weight) / weight_scale);
  }
}

void RoundRobin::begin_round() {
  std::swap(unused_, next_);
  round_weight_ = next_weight_;
  turn_ = round_weight_;
}

RoundRobin::Seat* RoundRobin::next_seat() {
  Seat* due = current_.empty() ? nullptr : *current_.begin();
  if (due && due->position <= turn_) return due;
  if (!unused_->empty()) {
    Seat* fresh = *unused_->begin();
    fresh->position = 0;
    fresh->remainder = 0;
    return fresh;
  }
  return due;
}

Server* RoundRobin::pick(const PickRequest& request) {
  std::lock_guard lock(mutex_);
  if (next_weight_ == 0) return nullptr;
  if (round_weight_ == 0) turn_ = round_weight_ = next_weight_;
  Seat* chosen = nullptr;
  Seat* avoided = nullptr;
  std::vector<Seat*> full;
  bool switched = false;
  for (;;) {
    Seat* seat = next_seat();
    if (!seat) {
      if (switched) {
        chosen = avoided;
        break;
      }
      switched = true;
      begin_round();
      continue;
    }
    if (seat->position == 0) seat->position = turn_;
    seat->previous = seat->position;
    seat->position += next_weight_ / seat->weight;
    seat->remainder += static_cast<int>(next_weight_ % seat->weight);
    if (seat->remainder >= seat->weight) {
      seat->remainder -= seat->weight;
      ++seat->position;
    }
    take_out(*seat);
    ++turn_;
    if (!seat->server->saturated() && (seat->server != request.avoid || avoided)) {
      chosen = seat;
      break;
    }
    if (seat->server == request.avoid && !avoided && !seat->server->saturated()) avoided = seat;
    full.push_back(seat);
  }
  if (chosen) put_back(*chosen);
  for (auto seat = full.rbegin(); seat != full.rend(); ++seat)
    if (*seat != chosen) put_back(**seat);
  return chosen ? chosen->server : nullptr;
}

void RoundRobin::set_weight(Server& server, int weight) {
  std::lock_guard lock(mutex_);
  Seat& seat = seats_[server.index()];
  const int before = std::exchange(seat.weight, weight);
  next_weight_ += weight - before;
  if (weight == before) return;
  if (weight == 0) {
    take_out(seat);
  } else if (before == 0) {
    if (round_weight_ == 0) {
      wait_for_next_round(seat);
      return;
    }
    seat.position = turn_ + (next_weight_ + round_weight_ - turn_) / weight;
    put_back(seat);
  } else if (seat.in == unused_) {
    take_out(seat);
    enter(seat, *unused_, heaviest - weight);
  } else {
    if (seat.in == next_) seat.position += round_weight_;
    const int64_t before_change = seat.position, step = next_weight_ / weight;
    seat.position = std::min(seat.previous + step, before_change);
    seat.remainder = 0;
    if (seat.position < turn_ + 2) seat.position = turn_ + step;
    take_out(seat);
    put_back(seat);
  }
}

}  // namespace ddbproxy::live
