// Runs rulesets (manual 4.2 "tcp-request", "tcp-response").
#pragma once

#include <ddbproxy/model.h>

#include "stream/evaluation.h"

namespace ddbproxy::stream {

/// What a ruleset came to.
enum class Decision : uint8_t {
  pass,     ///< to the end, or to an accept
  not_yet,  ///< more bytes or time may tell; the set is then run again from its beginning, as in 2.6
  reject,   ///< end it
  drop,     ///< end it so that the client is told nothing
  close,    ///< end the server's connection, and with it the stream
};

/// Carries out the actions whose conditions hold, in order, on the connection or stream that is evaluated.
Decision run_rules(const model::Rules& rules, Evaluation& evaluation);

/// Carries out `set-var`, `set-var-fmt` or `unset-var`, whatever the rule's condition says; `facts` are for a format.
void change_variable(const model::Rule& rule, Evaluation& evaluation, const sample::StreamFacts& facts);

/// Makes the client's side of a connection silent: what is closed afterwards sends nothing to it, as far as the system
/// allows.
void silence(int fd);

}  // namespace ddbproxy::stream
