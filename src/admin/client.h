// What the runtime API remembers of one client: its rights and the settings that it changes for itself.
#pragma once

#include <cstdint>

#include <ddbproxy/model.h>

#include "base/clock.h"

namespace ddbproxy::admin {

/// How `set severity-output` marks answers.
enum class SeverityOutput : uint8_t { none, number, string };

struct Client {
  model::CliLevel level = model::CliLevel::operator_;
  bool prompt = false;        ///< `prompt`: stays connected and is shown a prompt
  bool expert = false;        ///< `expert-mode on`
  bool experimental = false;  ///< `experimental-mode on`
  bool leaving = false;       ///< `quit`
  SeverityOutput severity_output = SeverityOutput::none;
  base::Milliseconds timeout{10000};  ///< Idle time after which the connection is closed; 0: none.
};

}  // namespace ddbproxy::admin
