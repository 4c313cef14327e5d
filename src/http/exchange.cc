#include "http/exchange.h"

#include "base/memory.h"

namespace ddbproxy::http {

void Exchange::ask(Responder& responder, const model::Proxy& proxy, Request request, bool body_wanted) {
  control_.post([self = shared_from_this(), &responder, &proxy, request = std::move(request), body_wanted] {
    const auto take = [self, body_wanted](Response response) {
      const base::Memory memory = base::within_memory([&] {
        self->response = std::move(response);
        self->more = self->response.body != nullptr;
        if (self->more && body_wanted) self->make_piece();
      });
      self->reply(memory == base::Memory::broken_off ? &Asker::no_answer : &Asker::answered);
    };
    if (base::within_memory([&] { responder.answer(proxy, request, take); }) == base::Memory::broken_off)
      self->reply(&Asker::no_answer);
  });
}

void Exchange::ask_more() {
  control_.post([self = shared_from_this()] {
    const base::Memory memory = base::within_memory([&] { self->make_piece(); });
    self->reply(memory == base::Memory::broken_off ? &Asker::no_answer : &Asker::piece_ready);
  });
}

void Exchange::make_piece() {
  piece.clear();
  more = response.body->next(piece);
}

void Exchange::reply(void (Asker::*how)()) {
  worker_.post([self = shared_from_this(), how] {
    if (self->asker_) (self->asker_->*how)();
  });
}

}  // namespace ddbproxy::http
