// What expressions of a stream are evaluated on.
#pragma once

#include <span>
#include <string_view>

#include "live/generation.h"
#include "live/state.h"
#include "net/compact_address.h"
#include "sample/context.h"
#include "stream/extras.h"
#include "stream/guest.h"
#include "stream/stream.h"

namespace ddbproxy::http {
class Head;
}

namespace ddbproxy::stream {

class Worker;

/// A connection, session or stream at one moment, on its thread. Made by who runs rules or writes a line, and gone
/// afterwards; what is null does not exist (yet).
class Evaluation final : public sample::Context {
 public:
  Evaluation(sample::Scratch& scratch_of_thread, live::State& its_state, const live::FrontendConfig& config)
      : Context(scratch_of_thread), state(its_state), generation(config.generation), frontend(&config) {}
  /// Of the process, without any stream.
  Evaluation(sample::Scratch& scratch_of_thread, live::State& its_state, const live::Generation& latest)
      : Context(scratch_of_thread), state(its_state), generation(latest) {}

  sample::Answer fetch(const sample::FetchCall& call, sample::Value& value) override;
  bool convert(const sample::Converter& converter, sample::Arguments arguments, sample::Value& value) override;
  sample::Answer variable(const sample::Variable& variable, sample::Value& value) override;

  /// The stream's, by its frontend's unique-id-format; made when it is asked for first. Empty: it has none.
  std::string_view unique_id();
  /// Those of the stream; made when they are asked for.
  Extras& extras();
  bool set_variable(const sample::Variable& variable, const sample::Value& value);
  /// What formats may ask of the stream; of a connection that has none yet what is known of it.
  sample::StreamFacts facts() const;
  /// In queues.
  live::Priority priority() const;
  /// What this slot tracks; null: nothing, or there is no such slot.
  sticky::Pin* tracked(int64_t slot) const;
  void unset_variable(const sample::Variable& variable);
  bool has_variable(const sample::Variable& variable) const;

  Stream* stream = nullptr;
  /// Where it is resumed when what its rules wait for has come; null: nothing is waited for.
  Worker* worker = nullptr;
  live::State& state;
  const live::Generation& generation;
  const live::FrontendConfig* frontend = nullptr;
  const live::BackendConfig* backend = nullptr;  ///< The one that it was sent to.
  const live::Server* server = nullptr;
  const live::Listener* listener = nullptr;
  OwnExtras* its_extras = nullptr;
  net::CompactAddress* client = nullptr;       ///< As rules and PROXY headers have made it.
  net::CompactAddress* destination = nullptr;  ///< Empty: asked from the kernel.
  int client_fd = -1, server_fd = -1;
  bool received_proxy = false;
  uint8_t failure = 0;  ///< Of the handshake, as haproxy numbers it; 0: none.
  std::string_view failure_words = "Success";
  uint8_t expected_headers = 0;                    ///< What rules on the connection ask for, see Guest.
  live::Variables* of_check = nullptr;             ///< A check's own; of other scopes it has none.
  bool keeps_to_down = false;                      ///< Persistence leads to servers that are down, too.
  bool session_only = false;                       ///< There is no stream yet: variables of one are not kept.
  std::string_view request, response;              ///< What is there of each.
  bool has_request = false, has_response = false;  ///< False: nothing of it can be asked here.
  const http::Head* head = nullptr;                ///< What `request` begins with; null until it is asked for.

 private:
  /// Those of that scope, which is not the process; null: there are none yet, or none at all.
  live::Variables* variables_of(sample::Scope scope) const;

  bool making_id_ = false;  // the format may ask for what it makes
};

/// What a fetch answers: its name, and the function. Every file of fetches/ has a table of these.
struct FetchFunction {
  std::string_view name;
  sample::Answer (*answer)(Evaluation& evaluation, sample::Arguments arguments, sample::Value& value);
};

/// Takes in those of a room above. Before there is any evaluation; the table must last.
void add_fetches(std::span<const FetchFunction> table);
/// Whether a stream can tell it; the others are absent.
bool answers(std::string_view fetch);

}  // namespace ddbproxy::stream
