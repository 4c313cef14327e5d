// One client's stay: from accept to log line.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/list.h"
#include "base/memory.h"
#include "sample/stream_facts.h"

namespace ddbproxy::live {
class Backend;
class Frontend;
struct FrontendConfig;
struct Listener;
class Server;
class Traffic;
}  // namespace ddbproxy::live

namespace ddbproxy::stream {

/// Who ends a stream from outside; becomes the first letter of its termination state.
enum class Kill : char { operator_ = 'K', server_down = 'D', backup_up = 'U', stopping = 'K', no_memory = 'R' };

/// What `show sess` tells of a stream, gathered on the stream's own thread.
struct StreamDescription {
  uint64_t id = 0;  ///< As shown and as `shutdown session` takes it.
  sample::StreamFacts facts;
  std::string frontend, backend, server;  ///< Copies: facts' views point here.
  base::Milliseconds age{0}, idle{0};
  base::Milliseconds expires_in{-1};  ///< -1: never
  std::string state;                  ///< "queued", "connecting", "established", ...
  int client_fd = -1, server_fd = -1;
};

/// Lives and dies on one worker's thread. Never deletes itself: Worker::retire() does, after the callback has returned.
class Stream : public base::ListNode {
 public:
  virtual ~Stream() = default;
  /// Begins: called once by the worker after it has taken ownership.
  virtual void start() = 0;
  /// Goes on with what it left undone to let others have a turn: see Worker::again().
  virtual void resume() {}
  /// Looks whether a peer has failed whose last event left that open: see Worker::look_again().
  virtual void look_again() {}
  /// Ends it now, with its log line.
  virtual void kill(Kill why) = 0;
  /// It asked for memory that is not there.
  void out_of_memory(base::Memory) { kill(Kill::no_memory); }
  virtual StreamDescription describe() const = 0;
  /// What a log line would say of it now.
  virtual sample::StreamFacts facts() const { return {}; }
  /// Adds what it has moved and no counter has yet to the sums of those for whom it will count.
  virtual void add_uncounted(live::Traffic&) const {}
  /// An HTTP connection that is open and asks for nothing.
  virtual bool between_requests() const { return false; }
  /// The server it holds, or null.
  virtual const live::Server* server() const = 0;
  /// The server that its log line would name, or that it is to avoid: the one it holds, or held last; or null.
  virtual const live::Server* mentioned_server() const { return server(); }
  virtual const live::Backend* backend() const = 0;
  virtual const live::Frontend* frontend() const = 0;
  /// What it goes by until its end. Set once the worker has it.
  const live::FrontendConfig* config() const { return config_; }
  /// Where its client came in; null once its place belongs to another stream.
  const live::Listener* listener() const { return listener_; }
  uint64_t id() const { return reinterpret_cast<uintptr_t>(this); }

 private:
  friend class Worker;
  const live::FrontendConfig* config_ = nullptr;
  live::Listener* listener_ = nullptr;  // where its place was claimed; null once that belongs to another stream
  uint32_t doubt_ = 0;                  // its place in the worker's list, counted from 1
  bool retired_ = false, again_ = false;
};

}  // namespace ddbproxy::stream
