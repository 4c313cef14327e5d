#include "stats/basic_auth.h"

#include "base/text.h"
#include "sample/base64.h"

namespace ddbproxy::stats {
namespace {

bool same(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(i < b.size() ? b[i] : '\0');
  }
  return difference == 0;
}

}  // namespace

bool authorized(const http::Request& request, const Accounts& accounts) {
  if (accounts.empty()) return true;
  const auto header = request.header("authorization");
  if (!header) return false;
  const size_t blank = header->find(' ');
  if (blank == std::string::npos || !base::equals_ignoring_case(header->substr(0, blank), "basic")) return false;
  const std::string_view said = base::trim(std::string_view(*header).substr(blank + 1));
  std::string given(said.size() + 3, '\0');
  given.resize(sample::read_base64(said, given.data()).value_or(0));
  bool found = false;
  for (const auto& [user, password] : accounts) found |= same(given, user + ":" + password);
  return found;
}

}  // namespace ddbproxy::stats
