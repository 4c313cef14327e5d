// What the reading of one configuration knows so far: what every keyword's reader may look at.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <ddbproxy/log_sections.h>
#include <ddbproxy/model.h>
#include <ddbproxy/parse.h>
#include <ddbproxy/peers.h>

#include "config/base_folder.h"
#include "config/http_references.h"
#include "config/user_groups.h"

namespace ddbproxy::sample {
struct Acl;
}

namespace ddbproxy::config {

class Library;
class Line;

/// The kinds of rules in the order in which they run, whatever their order in the file.
enum class RuleKind : uint8_t {
  none,
  connection,
  session,
  content,
  monitor_fail,
  http_request,
  redirect,
  use_backend,
  use_server
};

/// Knows which kind of rule has been read that runs last.
struct RuleOrder {
  RuleKind last = RuleKind::none;
  /// A rule of this kind is read by `line`: warns when it stands behind one that runs later.
  void add(Line& line, RuleKind kind);
};

/// A proxy section while it is read: its model and what only its own lines need. A `defaults` section is one, too.
struct Draft {
  std::unique_ptr<model::Proxy> prototype;  ///< Owned when this is a defaults section.
  model::Proxy* proxy = nullptr;
  model::Server default_server;                    ///< What `default-server` lines have set so far.
  model::Timeouts inherited;                       ///< Those of the defaults section.
  std::vector<std::shared_ptr<sample::Acl>> acls;  ///< Those of its `acl` lines, and the predefined ones in use.
  RuleOrder rules;                                 ///< Of the rules so far.
  uint8_t ended_rulesets = 0;  ///< A set of Rulesets: the last rule so far ends these whatever comes.
  bool ended_access = false;   ///< The same of `stats http-request`.
  /// While `add server` is read (added_server.h): which running server has an id, given or chosen; null: none.
  std::function<const model::Server*(uint32_t id)> running_server = {};
  bool adding() const { return running_server != nullptr; }
  /// Where `log-proto` of a server line is kept; null: these servers get no logs.
  model::LogFraming* log_framing = nullptr;
};

/// Lives as long as one call of parse(), on its thread.
class Context {
 public:
  Context(const ParseOptions& options_given, Diagnostics& diagnostics_to);
  ~Context();

  const ParseOptions& options;
  Outside& outside;
  Diagnostics& diagnostics;
  std::unique_ptr<model::Model> model;

  /// Variables as the lines so far have made them.
  Environment& environment() const { return model->environment; }

  /// The bit (keyword.h Sections) of the section that is read; 0 outside.
  uint16_t section = 0;
  std::string_view section_name;  ///< "listen", for messages.
  /// Idle numbers of the section "global" that have been given and may not be given twice.
  std::set<std::string> given;
  uint32_t tables_read = 0;  ///< Stick tables.
  Draft* draft = nullptr;    ///< Of the section that is read; null in global.
  BaseFolder base_folder;

  /// The rings that log lines name, in their order.
  struct RingUse {
    std::string ring;
    Location where;
  };
  std::vector<RingUse> ring_uses;

  /// Some errors make haproxy give up at once: nothing after this line is read.
  void abort() { aborted_ = true; }
  bool aborted() const { return aborted_; }

  /// haproxy reads no further, but people want to know of all errors: reading goes on, and only its last line is left
  /// out.
  void give_up() { gave_up_ = true; }
  bool gave_up() const { return gave_up_; }

  /// What HTTP rules refer to.
  HttpReferences http_references;

  /// The groups that conditions ask for.
  UserGroups user_groups;

  /// What the expressions refer to.
  Library& library() { return *library_; }

  /// Proxies by name, in the order of their sections; a name may serve a frontend and a backend.
  model::Proxy* find_frontend(std::string_view name) const { return look_up(frontends_, name); }
  model::Proxy* find_backend(std::string_view name) const { return look_up(backends_, name); }
  /// Adds a new proxy to the model and to the names, where the first of a name stays.
  model::Proxy& add_proxy(std::unique_ptr<model::Proxy> proxy);
  /// An `http-errors` section; null: there is none of this name.
  const model::ErrorPages* find_error_pages(std::string_view name) const;
  int index_of(const model::Proxy& proxy) const { return indices_.at(&proxy); }
  const model::UserList* find_userlist(std::string_view name) const;
  /// All stick tables, once all lines have been read.
  const std::vector<model::TableRef>& tables();
  /// The one of this name; null: there is none.
  const model::TableRef* find_table(std::string_view name);

 private:
  using Names = std::unordered_map<std::string_view, model::Proxy*>;
  static model::Proxy* look_up(const Names& names, std::string_view name) {
    const auto found = names.find(name);
    return found == names.end() ? nullptr : found->second;
  }
  bool aborted_ = false, gave_up_ = false;
  std::unique_ptr<Library> library_;
  Names frontends_, backends_;  // the keys are the proxies' own names
  std::unordered_map<const model::Proxy*, int> indices_;
  std::optional<std::vector<model::TableRef>> tables_;  // empty until they are asked for
  std::unordered_map<std::string_view, const model::TableRef*> tables_by_name_;
};

/// While it lives, lines are read into a proxy that stands for a section of another kind, as if they stood in
/// `section`.
class StandIn {
 public:
  StandIn(Context& context, model::Proxy& proxy, uint16_t section)
      : context_(context), draft_before_(context.draft), section_before_(context.section) {
    draft.proxy = &proxy;
    context.draft = &draft;
    context.section = section;
  }
  ~StandIn() {
    context_.draft = draft_before_;
    context_.section = section_before_;
  }
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  Draft draft;

 private:
  Context& context_;
  Draft* const draft_before_;
  const uint16_t section_before_;
};

}  // namespace ddbproxy::config
