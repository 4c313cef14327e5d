// The form with which the page changes servers: what it says, and what comes of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "live/server_states.h"
#include "live/state.h"

namespace ddbproxy::stats {

/// How an action ended: the page shows it, and scripts read its code behind ";st=".
enum class Outcome : uint8_t { done, none, partly, bad_parameters, denied, too_large };

struct OutcomeRow {
  Outcome outcome;
  std::string_view code;
  std::string_view words;
};
const OutcomeRow& outcome_row(Outcome outcome);
/// The row of a code; null for one that is none.
const OutcomeRow* find_outcome(std::string_view code);

/// An action that the form offers, or understands as older forms did.
struct Action {
  std::string_view name;   ///< The value of `action`.
  std::string_view label;  ///< In the page's list; empty for what is only understood.
  std::string_view doc;    ///< What it does to a server, in the list behind the label.
  /// False when there was nothing to change. Control thread.
  bool (*apply)(live::State& state, live::Server& server);
};
/// In the order of the page's list.
std::vector<const Action*> offered_actions();

/// The fields of a form; only those that mean something.
struct AdminForm {
  std::optional<std::string> action;
  std::optional<std::string> backend;  ///< b: a name or "#id"
  std::vector<std::string> servers;    ///< s, the last one first: that is the order in which haproxy takes them.
};
/// Empty when the text is no form.
std::optional<AdminForm> read_form(std::string_view body);

/// What it is to do, for its user: "Set state to DRAIN for one, two of be"; empty when that is nothing.
std::string words_of(const AdminForm& form, const live::State& state);

/// Carries it out. Control thread.
Outcome apply(const AdminForm& form, live::State& state);

}  // namespace ddbproxy::stats
