#include "http/password.h"

#include <crypt.h>
#include <memory>
#include <string>

namespace ddbproxy::http {
namespace {

/// Takes as long wherever they differ.
bool same(std::string_view given, std::string_view wanted) {
  unsigned difference = given.size() == wanted.size() ? 0 : 1;
  for (size_t i = 0; i < given.size(); ++i)
    difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(i < wanted.size() ? wanted[i] : 0);
  return difference == 0;
}

/// What was judged last: true of these two texts whatever becomes of the configuration.
struct Verdict {
  std::string encrypted, given;
  bool good = false;
};
thread_local Verdict last;
thread_local std::unique_ptr<crypt_data> workspace;  // some 32 kB, for those threads that need it

bool fits(const std::string& encrypted, std::string_view given) {
  if (last.encrypted == encrypted && last.given == given) return last.good;
  if (!workspace) workspace = std::make_unique<crypt_data>();
  Verdict now{encrypted, std::string(given)};
  const char* made = crypt_r(now.given.c_str(), encrypted.c_str(), workspace.get());
  now.good = made && same(made, encrypted);
  last = std::move(now);
  return last.good;
}

}  // namespace

bool is_password(const model::User& user, std::string_view given) {
  if (!user.has_password) return false;
  return user.plain ? same(given, user.password) : fits(user.password, given);
}

}  // namespace ddbproxy::http
