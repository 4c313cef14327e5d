// Lines of a proxy that are carried out for each connection, request or response, in their order (manual 4.2, 7).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ddbproxy/diagnostics.h>
#include <ddbproxy/stick_table.h>

namespace ddbproxy::sample {
struct Condition;
class Expression;
class LogFormat;
struct Variable;
}  // namespace ddbproxy::sample

namespace ddbproxy::model {

/// What was compiled from the words behind `if` or `unless` (manual 7.2); null: there are none, so it always holds.
using Condition = std::shared_ptr<const sample::Condition>;

/// `use_backend <backend> [if|unless <condition>]`: the first whose condition holds.
struct BackendRule {
  Location where;
  std::string backend;                              ///< A name, or a format that makes one.
  std::shared_ptr<const sample::LogFormat> format;  ///< Null: it is a name.
  int index = -1;                                   ///< Of a name: the backend's place, set by resolve().
  Condition condition;
};

/// `use-server <server> {if|unless} <condition>`: the first whose condition holds and whose server is there.
struct ServerRule {
  Location where;
  std::string server;
  std::shared_ptr<const sample::LogFormat> format;  ///< Null: it is a name.
  int index = -1;                                   ///< Of a name: the server's place, set by resolve().
  Condition condition;
};

/// A stick table, by the name of its proxy.
struct TableName {
  std::optional<std::string> name;  ///< As written; not set: that of the rule's own proxy.
  int index = -1;                   ///< The proxy's place, set by resolve().
};

/// `stick on|match|store-request|store-response`.
struct StickRule {
  Location where;
  bool match = false, store = false;
  bool of_response = false;  ///< Its key is known once the server has answered.
  std::shared_ptr<const sample::Expression> expression;
  TableName table;
  Condition condition;
};

/// When a rule runs (manual 4.2 "tcp-request", "tcp-response").
enum class Ruleset : uint8_t { connection, session, request_content, response_content };

/// What `do-resolve(<variable>,<resolvers>[,<options>])` asks.
struct NameQuestion {
  std::string resolvers;  ///< The section.
  int family = 0;         ///< AF_INET or AF_INET6, preferred; 0: as a server's.
};

/// `force-persist`, `ignore-persist`: the first whose condition holds.
struct PersistRule {
  Location where;
  bool force = false;  ///< Servers that are down are kept to as well; false: that is not looked for further.
  Condition condition;
};

/// One line of a ruleset: an action and when it is taken.
struct Rule {
  enum class Action : uint8_t {
    accept,
    capture,
    close,
    do_resolve,
    expect_netscaler,
    expect_proxy,
    reject,
    sc_inc_gpc,
    sc_set_gpt,
    set_dst,
    set_dst_port,
    set_log_level,
    set_mark,
    set_nice,
    set_priority_class,
    set_priority_offset,
    set_src,
    set_src_port,
    set_tos,
    set_var,
    set_var_fmt,
    silent_drop,
    switch_mode,
    track_sc,
    unset_var
  };
  /// `set-var(txn.x,ifnotexists)` and the like.
  enum VariableTest : uint8_t {
    if_exists = 1,
    if_not_exists = 2,
    if_empty = 4,
    if_not_empty = 8,
    if_set = 16,
    if_not_set = 32,
    if_gt = 64,
    if_lt = 128
  };
  Location where;
  Action action = Action::accept;
  std::shared_ptr<const sample::Expression> expression;
  std::shared_ptr<const sample::LogFormat> format;
  std::shared_ptr<const sample::Variable> variable;
  uint8_t tests = 0;   ///< A set of VariableTest.
  int64_t number = 0;  ///< The level, mark, TOS, slot of a capture or value of a tag.
  uint8_t slot = 0;    ///< Of the tracked keys.
  StickData data{};    ///< sc_inc_gpc, sc_set_gpt: which one, and of several the one at `at`.
  uint32_t at = 0;
  TableName table;    ///< track_sc
  NameQuestion name;  ///< do_resolve
  Condition condition;
};

/// Rules of one kind, in their order.
using Rules = std::vector<Rule>;

}  // namespace ddbproxy::model
