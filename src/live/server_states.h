// Every change of a server's state, in one place: health results, administrative orders, weights, tracking, and the log
// lines they cause.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "live/server.h"
#include "live/server_words.h"
#include "log/logger.h"

namespace ddbproxy::live {

class State;
struct AgentAnswer;

/// Who asked for an administrative change; ends up in the log line. The page's actions ready, drain and maint are
/// logged as the runtime API's, and so are an agent's; web_interface stands for its old ones, which name themselves
/// ("('disable' on stats page)" of set_maintenance, "('stop' on stats page)" of set_drain), and for forced health
/// ("changed from Web interface").
enum class Cause : uint8_t { runtime_api, web_interface, tracking, configuration, agent };

/// Control thread only. Each call changes the state, publishes it to the balancers before it returns, tells trackers,
/// redistributes queues, writes haproxy's log lines, and calls the hooks for on-marked-down and on-marked-up.
class ServerStates {
 public:
  explicit ServerStates(State& state) : state_(state) {}

  /// Puts the servers into the states that files have recorded of them, without a log line; gives haproxy's warnings.
  /// At a start, before anything else.
  std::vector<std::string> restore();
  void health_result(Server& server, const CheckResult& result);
  /// What the server's agent has said, and that it could not be asked.
  void agent_answered(Server& server, const AgentAnswer& answer, int64_t duration_ms);
  void agent_failed(Server& server, const CheckResult& result) { note_agent(server, result); }
  /// Its answer will never be whole: that much is shown until the time is up.
  void agent_waits(Server& server, const std::string& why, int64_t duration_ms);
  /// `set server agent up|down`.
  void force_agent_up(Server& server, Cause cause);
  void force_agent_down(Server& server, Cause cause);
  /// `enable|disable agent`.
  void set_agent_checks(Server& server, bool on) { server.agent_enabled_ = on && server.has_agent(); }
  /// Sessions failed `errors` times in a row (`observe`, `error-limit`): does what on-error says.
  void errors_observed(Server& server, int errors);
  /// `set server state ready|drain|maint`, `disable|enable server`.
  void set_ready(Server& server, Cause cause);
  void set_drain(Server& server, Cause cause);
  void set_maintenance(Server& server, Cause cause);
  /// `set server health up|stopping|down`.
  void force_up(Server& server, Cause cause);
  void force_stopping(Server& server, Cause cause);
  void force_down(Server& server, Cause cause);
  /// Name servers know an address of the server's host again; or none any more: maintenance, for the cause that the
  /// log line adds (" (DNS NX status)").
  void resolved(Server& server);
  /// It was given an address by hand.
  void located(Server& server) { take_flag(server, resolution_maint); }
  void unresolved(Server& server, std::string_view cause) { add_flag(server, resolution_maint, cause); }
  /// `enable|disable health`: pauses the server's own checks; its state stays as it is.
  void set_health_checks(Server& server, bool on);
  /// `clear counters all`: forgets how many checks failed and how often the server went down.
  void clear_check_counts(Server& server) { server.health_.failed_checks = server.health_.down_transitions = 0; }
  /// It is no part of the configuration any more: it gets nothing new, and who waits for it chooses again.
  void retire(Server& server);
  /// It tracks another server than before: what the last one's maintenance or drain meant for it is over.
  void forget_inherited(Server& server);
  /// 0..256; false when out of range.
  bool set_weight(Server& server, int weight);
  void set_maxconn(Server& server, uint32_t maxconn);
  /// Called every so often while a server is in slowstart.
  void advance_slowstart(Server& server, base::Instant now);

 private:
  /// The server's check says so, or whoever may say so; and so its trackers.
  void become(Server& server, OperState state, const Why& why);
  void go_down(Server& server, const Why& why);
  void stop(Server& server, const Why& why);
  void go_up(Server& server, const Why& why);

  /// Adds or takes away one administrative flag, here and, inherited, in the trackers.
  void add_flag(Server& server, Admin flag, std::string_view cause);
  void take_flag(Server& server, Admin flag);
  void admin_changed(Server& server, uint8_t before, std::string_view cause);
  void enter_maintenance(Server& server, std::string_view cause);
  void leave_maintenance(Server& server, uint8_t before);
  void enter_drain(Server& server, std::string_view cause);
  void leave_drain(Server& server);
  void remain_in_drain(Server& server);

  void note_result(Server& server, const CheckResult& result);
  void act_on_health(Server& server, const CheckResult& result);
  void note_agent(Server& server, const CheckResult& result);
  /// What becomes of the time that a server or backend was away, now that it is back: added to its downtime, forgotten
  /// (it was maintenance), or still running as if it were away (only its weight was 0).
  enum class Absence : uint8_t { counted, forgotten, running };
  void start(Server& server, Absence absence);
  /// Gives the balancers the new state or weight.
  void publish(Server& server, Absence absence = Absence::counted);
  /// Says so if the last change left the backend without a server.
  void warn_if_backend_died(Backend& backend, bool had_servers);
  void shut_down_sessions(Server& server);
  void shut_down_backups(Server& server);
  void say(Server& server, log::Level level, const std::string& text);
  /// The same, and by mail to whom the backend has told by `email-alert`; haproxy mails some lines at another level.
  void alert(Server& server, log::Level level, const std::string& text) { alert(server, level, text, level); }
  void alert(Server& server, log::Level level, const std::string& text, log::Level mail_level);

  void restore(Server& server, const model::ServerRecord& record);
  void restore_oper_state(Server& server, const model::ServerRecord& record);
  void restore_weight_and_admin_state(Server& server, const model::ServerRecord& record);
  /// Where it is, and where its checks go; what is wrong with that.
  std::string restore_places(Server& server, const model::ServerRecord& record);
  template <class Change>
  void silently(const Change& change);

  State& state_;
  std::vector<std::string>* heard_ = nullptr;  // who gets the lines instead of the log, while states are restored
};

}  // namespace ddbproxy::live
