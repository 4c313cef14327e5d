#include "live/lease.h"

#include "base/memory.h"
#include "live/backend.h"
#include "live/queue.h"

namespace ddbproxy::live {

void Lease::drop() {
  Server* server = std::exchange(server_, nullptr);
  if (!server) return;
  // Telling the next in the queue may find no memory: then it waits until its time is up.
  base::within_memory([server] { server->backend().release(*server); });
}

Place& Place::operator=(Place&& other) noexcept {
  if (this != &other) {
    leave();
    ticket_ = std::move(other.ticket_);
  }
  return *this;
}

void Place::leave() {
  if (!ticket_ || !ticket_->waiter) return;
  ticket_->waiter = nullptr;
  ticket_->queue.leave(*ticket_);
}

uint32_t Place::server_queue_position() const { return ticket_ ? ticket_->server_position : 0; }
uint32_t Place::backend_queue_position() const { return ticket_ ? ticket_->backend_position : 0; }

}  // namespace ddbproxy::live
