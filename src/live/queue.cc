#include "live/queue.h"

#include <utility>
#include <vector>

#include "base/clock.h"
#include "live/backend.h"
#include "net/loop.h"

namespace ddbproxy::live {

Ticket::Ticket(Queue& its_queue, net::Loop& its_loop, const PickRequest& request, Waiter& who)
    : queue(its_queue),
      loop(its_loop),
      client(request.client ? *request.client : Address()),
      avoid(request.avoid),
      hash(request.hash),
      priority(request.priority),
      waiter(&who) {}

Queue::Queue(Backend& backend) : backend_(backend) {}

Queue::~Queue() {
  for (Line& line : lines_) line.clear();
  general_.clear();
}

void Queue::Line::clear() {
  for (Ticket* ticket : std::exchange(tickets, {})) ticket->self.reset();
}

void Queue::open_line(uint32_t index) {
  std::lock_guard lock(mutex_);
  while (lines_.size() <= index) lines_.emplace_back();
}

Queue::Line& Queue::line(const Server* server) { return server ? lines_[server->index()] : general_; }

void Queue::enter(Ticket& ticket, Server* server) {
  Line& joined = line(server);
  joined.tickets.insert(joined.tickets.end(), &ticket);  // where nothing has a priority, that is its place
  ticket.server = server;
  ticket.served_before = joined.served;
  // Sequentially consistent: a slot given back either sees this, or was given back before the look that follows.
  const uint32_t waiting = (server ? server->queued_ : backend_.queued_).fetch_add(1) + 1;
  backend_.total_queued_.fetch_add(1);
  (server ? server->queue_max : backend_.queue_max).raise(waiting);
  if (server) backend_.load_changed(*server);
}

void Queue::exit(Ticket& ticket) {
  Line& left = line(ticket.server);
  const auto position = static_cast<uint32_t>(left.served - ticket.served_before + 1);
  (ticket.server ? ticket.server_position : ticket.backend_position) += position;
  left.tickets.erase(&ticket);
  (ticket.server ? ticket.server->queued_ : backend_.queued_).fetch_sub(1);
  backend_.total_queued_.fetch_sub(1);
  if (ticket.server) backend_.load_changed(*ticket.server);
}

Server* Queue::take_slot(const Ticket& ticket) {
  if (line(ticket.server).front() != &ticket) return nullptr;
  Server* server = ticket.server ? ticket.server : backend_.find_free_server();
  return server && server->take(true) ? server : nullptr;
}

std::shared_ptr<Ticket> Queue::join(Server* server, const PickRequest& request, Waiter& waiter, net::Loop& loop,
                                    Lease& lease) {
  std::lock_guard lock(mutex_);
  if (server && server->config().maxqueue && server->current_queue() >= server->config().maxqueue) return nullptr;
  auto ticket = std::make_shared<Ticket>(*this, loop, request, waiter);
  const auto arrived = std::chrono::duration_cast<base::Milliseconds>(base::now().time_since_epoch());
  ticket->key = {ticket->priority.priority_class, arrived.count() + ticket->priority.offset, next_number_++};
  enter(*ticket, server);
  if (Server* free = take_slot(*ticket)) {
    exit(*ticket);
    ticket->state = Ticket::State::granted;
    lease = backend_.count(*free);
    return ticket;
  }
  ticket->self = ticket;
  return ticket;
}

void Queue::leave(Ticket& ticket) {
  std::shared_ptr<Ticket> self;
  Lease unwanted;  // given back after the lock, for giving back may serve another
  std::lock_guard lock(mutex_);
  if (ticket.state == Ticket::State::waiting) {
    exit(ticket);
    self = std::move(ticket.self);
  }
  ticket.state = Ticket::State::gone;
  unwanted = std::move(ticket.lease);
}

void Queue::grant(Ticket& ticket, Lease lease) {
  ticket.state = Ticket::State::granted;
  ticket.lease = std::move(lease);
  ticket.loop.post([self = std::move(ticket.self)] {
    Lease arrived;
    {
      std::lock_guard lock(self->queue.mutex_);
      arrived = std::move(self->lease);
    }
    if (Waiter* waiter = std::exchange(self->waiter, nullptr)) waiter->granted(std::move(arrived));
  });
}

uint32_t Queue::serve(Server& server) {
  std::lock_guard lock(mutex_);
  uint32_t count = 0;
  for (;;) {
    Ticket* own = line(&server).front();
    Ticket* general = backend_.may_serve_backend_queue(server) ? line(nullptr).front() : nullptr;
    Ticket* next = !own ? general : !general ? own : own->key < general->key ? own : general;
    if (!next || !server.take(true)) return count;
    exit(*next);
    ++line(next->server).served;
    grant(*next, backend_.count(server));
    ++count;
  }
}

uint32_t Queue::redistribute(Server& server) {
  if (!backend_.settings().redispatch || backend_.settings().persist) return 0;
  return empty_line(server);
}

uint32_t Queue::empty_line(Server& server) {
  std::lock_guard lock(mutex_);
  uint32_t count = 0;
  std::vector<Ticket*> moved;
  while (Ticket* ticket = line(&server).front()) {
    exit(*ticket);
    moved.push_back(ticket);
    ++count;
  }
  for (Ticket* ticket : moved) {
    const PickRequest request{.client = &ticket->client, .avoid = ticket->avoid, .hash = ticket->hash};
    const Backend::Choice choice = backend_.choose(request);
    if (!choice.available) {
      grant(*ticket, Lease());
    } else if (choice.server && choice.server->take(false)) {
      grant(*ticket, backend_.count(*choice.server));
    } else {
      enter(*ticket, choice.server);
      if (Server* free = take_slot(*ticket)) {
        exit(*ticket);
        grant(*ticket, backend_.count(*free));
      }
    }
  }
  return count;
}

}  // namespace ddbproxy::live
