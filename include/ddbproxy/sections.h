// What the sections `userlist` (manual 3.4) and `mailers` (manual 3.6) say, and what proxies say of alerts by mail.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/address.h>
#include <ddbproxy/diagnostics.h>

namespace ddbproxy::model {

struct User {
  Location where;
  std::string name;
  std::string password;             ///< As crypt(3) has it, or plain.
  bool plain = false;               ///< insecure-password
  bool has_password = false;        ///< Without one nobody is this user.
  std::vector<std::string> groups;  ///< As its line names them.
};

/// A list of users, whom requests are held against by `http_auth()`. Names of each kind are unique.
struct UserList {
  struct Group {
    Location where;
    std::string name;
    std::vector<std::string> users;  ///< Those that its line names, and, once all is read, those that name it.
  };
  Location where;
  std::string name;
  std::vector<User> users;
  std::vector<Group> groups;

  /// Null: there is none of this name.
  const User* find_user(std::string_view wanted) const;
  const Group* find_group(std::string_view wanted) const;
};

/// Where mails are handed in.
struct Mailer {
  Location where;
  std::string name;
  Address address;

  /// Wherever they stand.
  bool operator==(const Mailer& other) const { return name == other.name && address == other.address; }
};

struct Mailers {
  Location where;
  std::string name;
  std::vector<Mailer> mailers;
  std::chrono::milliseconds timeout{10'000};  ///< For one mail to one of them.

  /// Wherever they stand.
  bool operator==(const Mailers& other) const {
    return name == other.name && mailers == other.mailers && timeout == other.timeout;
  }
};

/// `email-alert` of a proxy: who is told by mail of what happens to its servers.
struct EmailAlerts {
  Location where;  ///< Of the first line; nowhere when there is none.
  bool has_from = false, has_to = false, has_mailers = false;
  std::string from, to, mailers, host_name;
  int level = 1;     ///< Least grave level of log lines that are sent, 0 (emerg) .. 7 (debug)
  int section = -1;  ///< Place of the mailers in the model; -1: no mails are sent. Set by validate().

  bool sent() const { return section >= 0; }
};

}  // namespace ddbproxy::model
