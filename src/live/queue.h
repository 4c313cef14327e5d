// Those who wait for a server's slot: one line for each server and one for the backend, in the order of their
// priorities, and of their arrival where nothing has set any.
#pragma once

#include <compare>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

#include <ddbproxy/address.h>

#include "live/lease.h"
#include "live/priority.h"

namespace ddbproxy::net {
class Loop;
}

namespace ddbproxy::live {

class Backend;
class Queue;
struct PickRequest;

/// A place in the order of a queue: the least is served first.
struct QueueKey {
  int32_t priority_class = 0;
  int64_t at = 0;       ///< Of arrival, in ms, moved by the priority's offset.
  uint64_t number = 0;  ///< Order of arrival, over all lines.
  auto operator<=>(const QueueKey&) const = default;
};

/// One who waits. Shared by its Place, by the line it stands in, and by the message that brings its lease.
struct Ticket : std::enable_shared_from_this<Ticket> {
  enum class State : uint8_t { waiting, granted, gone };

  Queue& queue;
  net::Loop& loop;
  const Address client;  // what a new choice may depend on
  const Server* const avoid;
  const std::optional<uint32_t> hash;
  const Priority priority;
  Waiter* waiter;  // only touched on the loop's thread; null once the Place is gone
  // Guarded by the queue's mutex:
  State state = State::waiting;
  Server* server = nullptr;  // whose line it stands in; null: the backend's
  QueueKey key;
  uint64_t served_before = 0;  // what its line had served when it joined
  uint32_t server_position = 0, backend_position = 0;
  std::shared_ptr<Ticket> self;  // keeps it alive while it waits
  Lease lease;

  Ticket(Queue& its_queue, net::Loop& its_loop, const PickRequest& request, Waiter& who);
};

/// All lines of one backend under one mutex: the only one that connections may meet, and only when there is no free
/// slot.
class Queue {
 public:
  explicit Queue(Backend& backend);
  ~Queue();

  /// Makes a line for the server of this index; one that was there for another server is empty by now.
  void open_line(uint32_t index);
  /// The backend's list of servers changes under this lock only, for join() looks through it.
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }
  /// Joins the server's line, or the backend's when it is null. When a slot came free in the meantime, the ticket
  /// is not queued and `lease` holds it instead. Empty when the line is full (maxqueue).
  std::shared_ptr<Ticket> join(Server* server, const PickRequest& request, Waiter& waiter, net::Loop& loop,
                               Lease& lease);
  void leave(Ticket& ticket);
  /// Serves who waits for this server, as far as it has slots. Any thread. Returns how many.
  uint32_t serve(Server& server);
  /// The server has died: each one in its line chooses again, if the backend's settings allow (option redispatch).
  /// Returns how many.
  uint32_t redistribute(Server& server);
  /// The same of a server that will not come back, whatever the settings.
  uint32_t empty_line(Server& server);

 private:
  struct Before {
    bool operator()(const Ticket* a, const Ticket* b) const { return a->key < b->key; }
  };
  struct Line {
    std::set<Ticket*, Before> tickets;
    uint64_t served = 0;
    /// Null: nobody waits.
    Ticket* front() const { return tickets.empty() ? nullptr : *tickets.begin(); }
    void clear();
  };
  Line& line(const Server* server);
  void enter(Ticket& ticket, Server* server);
  void exit(Ticket& ticket);
  /// A slot for who has just entered a line; null: it waits. Nobody would wake the first in line if the last slot came
  /// free just before it entered. (Whoever stands behind another is woken by the one who frees a slot for that other.)
  Server* take_slot(const Ticket& ticket);
  /// Hands the lease (or none) to the waiter, on its own thread.
  void grant(Ticket& ticket, Lease lease);

  Backend& backend_;
  std::mutex mutex_;
  std::deque<Line> lines_;  // by the server's index in the backend
  Line general_;            // the backend's
  uint64_t next_number_ = 0;
};

}  // namespace ddbproxy::live
