#include "stats/admin_form.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "http/characters.h"

namespace ddbproxy::stats {
namespace {

using live::Cause;
using live::Server;
using live::ServerStates;
using live::State;

constexpr std::array outcomes{
    OutcomeRow{Outcome::done, "DONE", "The action was carried out."},
    OutcomeRow{Outcome::none, "NONE", "Nothing has changed."},
    OutcomeRow{Outcome::partly, "PART",
               "The action was carried out in part: some of the servers are not known any more."},
    OutcomeRow{Outcome::bad_parameters, "ERRP",
               "The action was not carried out: it, its backend or its servers are not known."},
    OutcomeRow{Outcome::denied, "DENY", "You may look at this page, but not change anything."},
    OutcomeRow{Outcome::too_large, "EXCD", "The action was not carried out: too many servers at once."},
};

// A server that tracks another one has no health of its own.
bool own_health(const Server& server) { return server.config().track.empty(); }

bool ready(State& state, Server& server) {
  ServerStates(state).set_ready(server, Cause::runtime_api);
  return true;
}
bool drain(State& state, Server& server) {
  ServerStates(state).set_drain(server, Cause::runtime_api);
  return true;
}
bool maint(State& state, Server& server) {
  ServerStates(state).set_maintenance(server, Cause::runtime_api);
  return true;
}
template <bool On>
bool health_checks(State& state, Server& server) {
  if (!server.checked()) return false;
  ServerStates(state).set_health_checks(server, On);
  return true;
}
template <void (ServerStates::*Force)(Server&, Cause)>
bool force(State& state, Server& server) {
  if (!own_health(server)) return false;
  (ServerStates(state).*Force)(server, Cause::web_interface);
  return true;
}
template <bool On>
bool agent_checks(State& state, Server& server) {
  if (!server.has_agent() || server.agent_enabled() == On) return false;
  ServerStates(state).set_agent_checks(server, On);
  return true;
}
template <void (ServerStates::*Force)(Server&, Cause)>
bool force_agent(State& state, Server& server) {
  if (!server.agent_enabled()) return false;
  (ServerStates(state).*Force)(server, Cause::web_interface);
  return true;
}
bool shutdown(State& state, Server& server) {
  if (state.hooks.shutdown_sessions) state.hooks.shutdown_sessions(server, 'K');
  return true;
}
// The four actions of haproxy's first form.
bool enable(State& state, Server& server) {
  if (!(server.admin_state() & live::forced_maint)) return false;
  // Out of maintenance only: what drains goes on draining.
  if (server.admin_state() & live::forced_drain) {
    ServerStates(state).set_drain(server, Cause::runtime_api);
  } else {
    ServerStates(state).set_ready(server, Cause::runtime_api);
  }
  return true;
}
bool disable(State& state, Server& server) {
  if (server.admin_state() & live::forced_maint) return false;
  ServerStates(state).set_maintenance(server, Cause::web_interface);
  return true;
}
bool stop(State& state, Server& server) {
  if (server.admin_state() & live::forced_drain) return false;
  ServerStates(state).set_drain(server, Cause::web_interface);
  return true;
}
bool start(State& state, Server& server) {
  if (!(server.admin_state() & live::forced_drain)) return false;
  ServerStates(state).set_ready(server, Cause::runtime_api);
  return true;
}

constexpr std::array actions{
    Action{"ready", "Set state to READY", "takes new sessions again", ready},
    Action{"drain", "Set state to DRAIN", "keeps its sessions, gets no new ones", drain},
    Action{"maint", "Set state to MAINT", "gets no new sessions and no checks", maint},
    Action{"dhlth", "Health: disable checks", "stays as it is, unchecked", health_checks<false>},
    Action{"ehlth", "Health: enable checks", "is checked again", health_checks<true>},
    Action{"hrunn", "Health: force UP", "counts as up until a check fails", force<&ServerStates::force_up>},
    Action{"hnolb", "Health: force NOLB", "stays up, gets no new sessions", force<&ServerStates::force_stopping>},
    Action{"hdown", "Health: force DOWN", "counts as down until checks pass", force<&ServerStates::force_down>},
    Action{"dagent", "Agent: disable checks", "its agent is not asked", agent_checks<false>},
    Action{"eagent", "Agent: enable checks", "its agent is asked again", agent_checks<true>},
    Action{"arunn", "Agent: force UP", "up until its agent says else", force_agent<&ServerStates::force_agent_up>},
    Action{"adown", "Agent: force DOWN", "down until its agent says else",
           force_agent<&ServerStates::force_agent_down>},
    Action{"shutdown", "Kill Sessions", "cuts its sessions at once", shutdown},
    Action{"enable", "", "", enable},
    Action{"disable", "", "", disable},
    Action{"stop", "", "", stop},
    Action{"start", "", "", start},
};

// More servers than this are counted, not named.
constexpr size_t most_named = 8;

// Null when there is none of that name.
const Action* find_action(const AdminForm& form) {
  const auto found =
      std::find_if(actions.begin(), actions.end(), [&](const Action& a) { return a.name == form.action; });
  return found != actions.end() ? &*found : nullptr;
}

// Undoes the encoding of a form's value; empty when it is broken.
std::optional<std::string> decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = http::hex_digit(text[i + 1]), low = http::hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  // haproxy's names end at a zero byte.
  if (const size_t zero = out.find('\0'); zero != std::string::npos) out.resize(zero);
  return out;
}

}  // namespace

const OutcomeRow& outcome_row(Outcome outcome) { return outcomes[static_cast<size_t>(outcome)]; }

const OutcomeRow* find_outcome(std::string_view code) {
  const auto found =
      std::find_if(outcomes.begin(), outcomes.end(), [&](const OutcomeRow& row) { return row.code == code; });
  return found != outcomes.end() ? &*found : nullptr;
}

std::vector<const Action*> offered_actions() {
  std::vector<const Action*> offered;
  for (const Action& action : actions) {
    if (!action.label.empty()) offered.push_back(&action);
  }
  return offered;
}

std::optional<AdminForm> read_form(std::string_view body) {
  if (body.starts_with('&')) return std::nullopt;
  AdminForm form;
  for (std::string_view pair : base::split(body, '&')) {
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = pair.substr(0, equals);
    std::optional<std::string> value = decode(pair.substr(equals + 1));
    if (!value) return std::nullopt;
    // The last one of several counts.
    if (key == "action") form.action = *value;
    if (key == "b") form.backend = *value;
    if (key == "s") form.servers.push_back(*value);
  }
  std::reverse(form.servers.begin(), form.servers.end());
  return form;
}

std::string words_of(const AdminForm& form, const live::State& state) {
  const Action* action = find_action(form);
  const live::Backend* backend = form.backend ? state.find_backend(*form.backend) : nullptr;
  if (!action || !backend || form.servers.empty()) return {};
  std::string words(action->label.empty() ? action->name : action->label);
  words += " for";
  size_t named = 0;
  for (auto name = form.servers.rbegin(); name != form.servers.rend() && named < most_named; ++name)
    words.append(named++ > 0 ? ", " : " ").append(*name);
  if (form.servers.size() > named) words += fmt::format(" and {} more", form.servers.size() - named);
  return words + " of " + backend->name();
}

Outcome apply(const AdminForm& form, live::State& state) {
  const Action* action = find_action(form);
  if (form.action && !action) return Outcome::bad_parameters;
  live::Backend* backend = form.backend ? state.find_backend(*form.backend) : nullptr;
  if (form.backend && !backend) return Outcome::bad_parameters;
  if (!form.action || !backend) return Outcome::none;
  size_t changed = 0, unknown = 0;
  for (const std::string& name : form.servers) {
    // Only by name: a "#id" is no server's here.
    live::Server* server = name.starts_with('#') ? nullptr : backend->find(name);
    if (!server) {
      ++unknown;
    } else if (action->apply(state, *server)) {
      ++changed;
    }
  }
  if (unknown > 0) return changed > 0 ? Outcome::partly : Outcome::bad_parameters;
  return changed > 0 ? Outcome::done : Outcome::none;
}

}  // namespace ddbproxy::stats
