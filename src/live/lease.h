// A claim on a server's slot, and a place in the queue for one.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

namespace ddbproxy::live {

class Server;
struct Ticket;

/// Counts one session on a server for as long as it lives; when dropped it offers the slot to the queue. Any thread.
class Lease {
 public:
  Lease() = default;
  Lease(Lease&& other) noexcept : server_(std::exchange(other.server_, nullptr)) {}
  Lease& operator=(Lease&& other) noexcept {
    if (this != &other) {
      drop();
      server_ = std::exchange(other.server_, nullptr);
    }
    return *this;
  }
  ~Lease() { drop(); }

  Server* server() const { return server_; }
  explicit operator bool() const { return server_; }
  void drop();

 private:
  friend class Backend;
  friend class Queue;
  explicit Lease(Server& counted) : server_(&counted) {}
  Server* server_ = nullptr;
};

/// Who waits for a slot. granted() is called on the waiter's own loop, at most once, and never after its Place is gone.
class Waiter {
 public:
  /// An empty lease says that the server it waited for has died and no other is left (see Assignment::Kind::none).
  virtual void granted(Lease lease) = 0;

 protected:
  ~Waiter() = default;
};

/// A place in a queue; leaving is destroying it. Lives on the waiter's thread.
class Place {
 public:
  Place() = default;
  explicit Place(std::shared_ptr<Ticket> ticket) : ticket_(std::move(ticket)) {}
  Place(Place&&) = default;
  Place& operator=(Place&& other) noexcept;
  ~Place() { leave(); }
  explicit operator bool() const { return ticket_ != nullptr; }
  /// Gives up waiting, and a lease that was granted but has not arrived.
  void leave();
  /// Its turn in the server's queue and in the backend's: 1 when it was served first, 0 when it did not wait there (%sq
  /// %bq). Final once it was granted or has left; valid after leave() too, as long as the Place itself.
  uint32_t server_queue_position() const;
  uint32_t backend_queue_position() const;

 private:
  std::shared_ptr<Ticket> ticket_;
};

}  // namespace ddbproxy::live
