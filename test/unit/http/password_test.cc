// Passwords as lists of users have them.
#include "http/password.h"

#include <catch2/catch.hpp>

namespace ddbproxy::http {
namespace {

model::User user(std::string password, bool plain, bool has = true) {
  return {.where = {}, .name = "u", .password = std::move(password), .plain = plain, .has_password = has, .groups = {}};
}

}  // namespace

TEST_CASE("a plain password is that and nothing else") {
  const model::User plain = user("secret", true);
  CHECK(is_password(plain, "secret"));
  CHECK_FALSE(is_password(plain, "secret "));
  CHECK_FALSE(is_password(plain, "secre"));
  CHECK_FALSE(is_password(plain, ""));
  CHECK(is_password(user("", true), ""));
}

TEST_CASE("a user without a password is nobody") {
  CHECK_FALSE(is_password(user("", true, false), ""));
  CHECK_FALSE(is_password(user("", false, false), ""));
}

TEST_CASE("an encrypted password is judged by crypt(3), and what it cannot read fits nothing") {
  const model::User des = user("abQ9KY.KfrYrc", false);
  for (int round = 0; round < 2; ++round) {  // from memory, too
    CHECK(is_password(des, "foo"));
    CHECK_FALSE(is_password(des, "fooo"));
    CHECK_FALSE(is_password(des, "abQ9KY.KfrYrc"));
  }
  for (const char* odd : {"", "*0", "*1", "!", "$6$", "$9$x$y"})
    for (const char* given : {"", "*0", "*1", "foo"}) CHECK_FALSE(is_password(user(odd, false), given));
}

TEST_CASE("a verdict is remembered of a hash and a password, not of a user") {
  CHECK(is_password(user("abQ9KY.KfrYrc", false), "foo"));
  CHECK_FALSE(is_password(user("abZZZZZZZZZZZ", false), "foo"));
}

}  // namespace ddbproxy::http
