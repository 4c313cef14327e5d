#include "http/target.h"

#include <algorithm>

#include "base/text.h"
#include "http/characters.h"

namespace ddbproxy::http {
namespace {

constexpr std::string_view behind_scheme = "://";

bool is_of_scheme(char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; }

/// What names the host: up to the first slash, without user and password.
std::string_view authority_of(std::string_view target) {
  const std::string_view scheme = scheme_of(target);
  if (!scheme.empty()) target.remove_prefix(scheme.size() + behind_scheme.size());
  target = target.substr(0, target.find('/'));
  const size_t user = target.rfind('@');
  return user == target.npos ? target : target.substr(user + 1);
}

/// Where a port begins, with its colon; the end when there is none.
size_t port_at(std::string_view host) {
  const size_t colon = host.find_last_not_of("0123456789");
  return colon != host.npos && host[colon] == ':' ? colon : host.size();
}

}  // namespace

std::string_view scheme_of(std::string_view target) {
  if (target.empty() || !is_letter(target[0])) return {};
  const size_t end = static_cast<size_t>(std::find_if_not(target.begin(), target.end(), is_of_scheme) - target.begin());
  return target.substr(end).starts_with(behind_scheme) ? target.substr(0, end) : std::string_view();
}

std::string_view path_and_query(std::string_view target) {
  if (target.starts_with('/')) return target;
  const std::string_view scheme = scheme_of(target);
  if (scheme.empty()) return {};
  const size_t slash = target.find('/', scheme.size() + behind_scheme.size());
  return slash == target.npos ? std::string_view() : target.substr(slash);
}

std::string_view without_host(std::string_view target) {
  return scheme_of(target).empty() ? target : path_and_query(target);
}

std::string_view path_of(std::string_view target) {
  const std::string_view whole = path_and_query(target);
  return whole.substr(0, whole.find('?'));
}

std::optional<std::string_view> query_of(std::string_view target) {
  const size_t mark = target.find('?');
  if (mark == target.npos) return {};
  return target.substr(mark + 1);
}

bool fits_host(std::string_view method, std::string_view target, std::string_view host) {
  const bool connects = method == "CONNECT";
  if (!connects && (target.starts_with('/') || target.starts_with('*'))) return true;
  const std::string_view authority = authority_of(target), scheme = scheme_of(target);
  const std::string_view port = authority.substr(std::min(port_at(authority) + 1, authority.size()));
  if (connects && port.empty()) return false;
  if (authority.empty() || base::equals_ignoring_case(authority, host)) return true;
  const bool plain = base::equals_ignoring_case(scheme, "http"), tls = base::equals_ignoring_case(scheme, "https");
  std::string_view usual = connects && (port == "80" || port == "443") ? port : plain ? "80" : tls ? "443" : "";
  if (usual.empty() || (connects && usual != port)) return false;
  // Said or not, the usual port is the same.
  const auto name = [&](std::string_view text) {
    const size_t at = port_at(text);
    const std::string_view said = text.substr(std::min(at + 1, text.size()));
    return said.empty() || said == usual ? text.substr(0, at) : text;
  };
  return base::equals_ignoring_case(name(authority), name(host));
}

Parameters::Parameters(std::string_view target, char mark)
    : target_(target), separators_{mark, '&', ';'}, at_(std::min(target.find(mark), target.size() - 1) + 1) {
  if (target.empty()) at_ = 0;
}

std::optional<std::string_view> Parameters::next(std::string_view name) {
  while (at_ < target_.size()) {
    const std::string_view rest = target_.substr(at_);
    const std::string_view one = rest.substr(0, rest.find_first_of({separators_, 3}));
    at_ += one.size() + 1;
    const size_t equals = one.find('=');
    if (equals == one.npos || (!name.empty() && one.substr(0, equals) != name)) continue;
    return one.substr(equals + 1);
  }
  return {};
}

}  // namespace ddbproxy::http
