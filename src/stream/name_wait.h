// A stream that waits for the address of a name (manual 4.2 "tcp-request content do-resolve").
#pragma once

#include <memory>
#include <optional>

#include <ddbproxy/rules.h>

#include "stream/evaluation.h"

namespace ddbproxy::stream {

/// Shared with the control thread, which only keeps it; all else is done on the stream's thread.
struct NameWait {
  const model::Rule* rule = nullptr;
  Stream* stream = nullptr;  ///< null: it is gone
  live::State* state = nullptr;
  bool over = false;
  std::optional<Address> address;
};

/// Its stream is gone.
void forget(NameWait& wait);

/// Carries out a `do-resolve`: has the name asked for when the rule is met first, and sets its variable once the answer
/// is there. False: it is not; the stream is resumed when it comes.
bool resolve_name(const model::Rule& rule, Evaluation& evaluation);

}  // namespace ddbproxy::stream
