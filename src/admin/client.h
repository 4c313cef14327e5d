// What the runtime API remembers of one client: its rights and the settings that it changes for itself.
#pragma once

#include <cstdint>
#include <string_view>

#include <ddbproxy/model.h>

#include "base/clock.h"

namespace ddbproxy::admin {

/// How `set severity-output` marks answers.
enum class SeverityOutput : uint8_t { none, number, string };

constexpr std::string_view level_name(model::CliLevel level) {
  switch (level) {
    case model::CliLevel::user: return "user";
    case model::CliLevel::operator_: return "operator";
    case model::CliLevel::admin: return "admin";
  }
  return "";
}

struct Client {
  model::CliLevel granted = model::CliLevel::operator_;  ///< by its socket
  model::CliLevel level = model::CliLevel::operator_;    ///< now: it may give rights up
  bool may_take_sockets = false;                         ///< its socket says `expose-fd listeners`
  bool prompt = false;                                   ///< `prompt`: stays connected and is shown a prompt
  bool expert = false;                                   ///< `expert-mode on`
  bool experimental = false;                             ///< `experimental-mode on`
  bool master = false;                                   ///< on the master's socket
  bool through_link = false;                             ///< came by the way that only the master has to its worker
  bool master_debug = false;                             ///< `mcli-debug-mode on`: may tell the master everything
  bool leaving = false;                                  ///< `quit`
  SeverityOutput severity_output = SeverityOutput::none;
  base::Milliseconds timeout{10000};  ///< Idle time after which the connection is closed; 0: none.
};

}  // namespace ddbproxy::admin
