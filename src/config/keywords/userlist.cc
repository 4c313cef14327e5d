// Lines of a `userlist` section (manual 3.4).
#include <fmt/format.h>

#include "config/keyword.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::User;
using model::UserList;

Diagnostic& say(Line& line, Severity severity, std::string_view text, size_t index = Line::last_taken) {
  return line.report(severity, fmt::format("parsing [{}]: {}", line.place(), text), index);
}

/// Names between commas; empty ones are none.
std::vector<std::string> names_of(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const size_t end = std::min(list.find(','), list.size());
    if (end) names.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return names;
}

void warn_of_second(Line& line, std::string_view kind, std::string_view name, const UserList& list,
                    const Location& first) {
  say(line, Severity::warning, fmt::format("ignoring duplicated {} '{}' in userlist '{}'.", kind, name, list.name))
      .notes = {{first, "first defined here"}};
}

void group(Line& line, UserList& list) {
  const std::string name(line.take());
  if (name.empty()) return void(say(line, Severity::alert, "'group' expects <name> as arguments.", 1));
  if (const char c = bad_character(name))
    return void(
        say(line, Severity::alert, fmt::format("character '{}' is not permitted in 'group' name '{}'.", c, name)));
  if (const UserList::Group* first = list.find_group(name))
    return warn_of_second(line, "group", name, list, first->where);
  UserList::Group added{.where = line.where(1), .name = name, .users = {}};
  while (!line.peek().empty()) {
    if (line.take() != "users") return void(say(line, Severity::alert, "'group' only supports 'users' option."));
    added.users = names_of(line.take());
  }
  list.groups.push_back(std::move(added));
}

/// Of words that stand twice the last counts; a password is plain as soon as any of them is.
void user(Line& line, UserList& list) {
  const std::string name(line.take());
  if (name.empty()) return void(say(line, Severity::alert, "'user' expects <name> as arguments.", 1));
  if (const User* first = list.find_user(name)) return warn_of_second(line, "user", name, list, first->where);
  User& added = list.users.emplace_back();
  added.where = line.where(1);
  added.name = name;
  while (!line.peek().empty()) {
    const std::string_view word = line.take();
    if (word == "password" || word == "insecure-password") {
      added.password = line.take();
      added.plain |= word != "password";
      added.has_password = true;
    } else if (word == "groups") {
      added.groups = names_of(line.take());
    } else {
      return void(
          say(line, Severity::alert, "'user' only supports 'password', 'insecure-password' and 'groups' options."));
    }
  }
}

constexpr Keyword<UserList> rows[] = {
    {.name = "group",
     .syntax = "<name> [users <user>,...]",
     .sections = in_userlist,
     .parse = group,
     .doc = "A group of users."},
    {.name = "user",
     .syntax = "<name> [password|insecure-password <password>] [groups <group>,...]",
     .sections = in_userlist,
     .parse = user,
     .doc = "A user whose password is given as crypt(3) has it, or plain; asking for one of the first kind takes as "
            "long as its method does, on the thread of the client."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<UserList> userlist_table{"userlist", rows};

}  // namespace ddbproxy::config
