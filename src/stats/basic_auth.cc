#include "stats/basic_auth.h"

#include "base/text.h"

namespace ddbproxy::stats {
namespace {

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

bool same(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(i < b.size() ? b[i] : '\0');
  }
  return difference == 0;
}

}  // namespace

std::string decode_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) return {};
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xff);
  }
  return out;
}

bool authorized(const http::Request& request, const Accounts& accounts) {
  if (accounts.empty()) return true;
  const auto header = request.header("authorization");
  if (!header) return false;
  const size_t blank = header->find(' ');
  if (blank == std::string::npos || !base::equals_ignoring_case(header->substr(0, blank), "basic")) return false;
  const std::string given = decode_base64(base::trim(header->substr(blank + 1)));
  bool found = false;
  for (const auto& [user, password] : accounts) found |= same(given, user + ":" + password);
  return found;
}

}  // namespace ddbproxy::stats
