// One request on its way from a worker to the control thread and back, piece by piece.
#pragma once

#include <memory>
#include <string>

#include "http/responder.h"
#include "live/generation.h"
#include "net/loop.h"

namespace ddbproxy::http {

/// Who asked; called on its own loop.
class Asker {
 public:
  /// The response is there, with the first piece of its body if that was wanted.
  virtual void answered() = 0;
  /// Another piece is there.
  virtual void piece_ready() = 0;
  /// There was no memory to make it.
  virtual void no_answer() = 0;

 protected:
  ~Asker() = default;
};

/// Shared by the two threads, but used by one at a time: the asker leaves it alone between ask() and answered().
class Exchange : public std::enable_shared_from_this<Exchange> {
  const std::shared_ptr<const live::Generation> generation_;  // outlives the body, which may speak of its proxy

 public:
  /// `generation`: whose proxy will be asked.
  Exchange(net::Loop& control, net::Loop& worker, Asker& asker, const live::Generation& generation)
      : generation_(generation.shared_from_this()), control_(control), worker_(worker), asker_(&asker) {}

  /// Has the responder answer on the control thread.
  void ask(Responder& responder, const model::Proxy& proxy, Request request, bool body_wanted);
  /// Has the next piece of the body made.
  void ask_more();
  /// The asker is gone: the answer will be dropped. On the asker's thread.
  void abandon() { asker_ = nullptr; }

  Response response;
  std::string piece;  ///< Of the body.
  bool more = false;  ///< Pieces follow.

 private:
  void make_piece();
  void reply(void (Asker::*how)());

  net::Loop& control_;
  net::Loop& worker_;
  Asker* asker_;
};

}  // namespace ddbproxy::http
