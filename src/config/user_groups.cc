#include "config/user_groups.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/context.h"
#include "config/suggest.h"

namespace ddbproxy::config {
namespace {

using model::User;
using model::UserList;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The sentence is haproxy's; it names no line.
template <class Known>
bool refuse(Context& context, const UserList& list, std::string_view kind, const std::string& name,
            std::string_view where_kind, const std::string& where_name, const Location& where, const Known& known) {
  Suggestion suggestion(name);
  for (const auto& each : known) suggestion.consider(each.name);
  context.diagnostics
      .add(Severity::alert, where,
           fmt::format("userlist '{}': no such {} '{}' specified in {} '{}'", list.name, kind, name, where_kind,
                       where_name))
      .suggestion = suggestion.best();
  return false;
}

bool complete(Context& context, UserList& list) {
  std::vector<std::vector<std::string>> members(list.groups.size());
  // haproxy has its lists the other way round.
  for (auto user = list.users.rbegin(); user != list.users.rend(); ++user)
    for (const std::string& name : user->groups) {
      const UserList::Group* group = list.find_group(name);
      if (!group) return refuse(context, list, "group", name, "user", user->name, user->where, list.groups);
      members[static_cast<size_t>(group - list.groups.data())].push_back(user->name);
    }
  for (auto group = list.groups.rbegin(); group != list.groups.rend(); ++group)
    for (const std::string& name : group->users)
      if (!list.find_user(name))
        return refuse(context, list, "user", name, "group", group->name, group->where, list.users);
  for (size_t i = 0; i < list.groups.size(); ++i)
    for (std::string& name : members[i])
      if (!contains(list.groups[i].users, name)) list.groups[i].users.push_back(std::move(name));
  return true;
}

const UserList* list_of(const Context& context, const sample::Expression& expression) {
  return context.find_userlist(expression.fetch().arguments[0].text);
}

}  // namespace

void resolve_users(Context& context) {
  auto& lists = context.model->userlists;
  for (auto list = lists.rbegin(); list != lists.rend(); ++list)
    if (!complete(context, *list)) return;
}

// The lines of an ACL belong together, wherever they stand.
void UserGroups::add(const model::Proxy& proxy, Test test) {
  auto& tests = tests_[&proxy];
  const auto last = std::find_if(tests.rbegin(), tests.rend(),
                                 [&](const Test& other) { return !test.acl.empty() && other.acl == test.acl; });
  tests.insert(last == tests.rend() ? tests.end() : last.base(), std::move(test));
}

void UserGroups::resolve(Context& context, const model::Proxy& proxy) const {
  const auto known = tests_.find(&proxy);
  if (known == tests_.end()) return;
  // Without one of the lists haproxy says nothing of groups.
  for (const Test& test : known->second)
    if (!list_of(context, *test.expression)) return;
  for (const Test& test : known->second) {
    const UserList& list = *list_of(context, *test.expression);
    const auto say = [&](std::string_view text, std::string_view suggestion = {}) {
      context.diagnostics
          .add(Severity::alert, test.where,
               fmt::format("proxy {}: acl {} http_auth_group(): {}", proxy.name, test.acl, text))
          .suggestion = suggestion;
    };
    if (test.patterns.empty()) say("no groups specified.");
    for (const auto& names : test.patterns) {
      if (names.empty()) say("no groups specified.");
      for (const std::string& name : names) {
        if (list.find_group(name)) continue;
        Suggestion suggestion(name);
        for (const auto& each : list.groups) suggestion.consider(each.name);
        say(fmt::format("invalid group '{}'.", name), suggestion.best());
      }
    }
  }
}

}  // namespace ddbproxy::config
