#include "live/health/http_check_request.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "base/host_name.h"
#include "base/text.h"
#include "live/backend.h"

namespace ddbproxy::live {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

bool is_scheme(std::string_view text) {
  const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  const auto may_follow = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), may_follow);
}

/// Methods whose requests may come without a length.
bool has_no_payload(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "DELETE";
}

/// The URI with `host` in the place of the host and port that it names, if it does; a path and `*` name none.
std::string with_host(std::string_view uri, std::string_view host) {
  if (uri.starts_with('/') || uri == "*") return std::string(uri);
  size_t begin = 0;
  if (const size_t scheme = uri.find("://"); scheme != uri.npos && is_scheme(uri.substr(0, scheme))) begin = scheme + 3;
  const size_t end = std::min(uri.find('/', begin), uri.size());
  if (const size_t user = uri.substr(0, end).rfind('@'); user != uri.npos && user >= begin) begin = user + 1;
  return fmt::format("{}{}{}", uri.substr(0, begin), host, uri.substr(end));
}

}  // namespace

std::string http_check_request(const model::CheckRequest& request, std::string_view state) {
  const std::string_view version = request.version.empty() ? "HTTP/1.0" : std::string_view(request.version);
  const std::string_view method = request.method.empty() ? "OPTIONS" : std::string_view(request.method);
  std::string uri = request.uri.text.empty() ? "/" : request.uri.text;
  std::string headers;
  bool says_connection = false;
  for (const auto& [name, value] : request.headers) {
    headers += fmt::format("{}: {}\r\n", lower(name), value.text);
    says_connection = says_connection || base::equals_ignoring_case(name, "connection");
    if (base::equals_ignoring_case(name, "host")) uri = with_host(uri, value.text);
  }
  if (!state.empty()) headers += fmt::format("x-haproxy-server-state: {}\r\n", state);
  if (!request.body.text.empty() || !has_no_payload(method))
    headers += fmt::format("content-length: {}\r\n", request.body.text.size());
  // Version 1.0 closes anyway.
  if (version != "HTTP/1.0" && !says_connection) headers += "connection: close\r\n";
  return fmt::format("{} {} {}\r\n{}\r\n{}", method, uri, version, headers, request.body.text);
}

std::string server_state_words(const Server& server) {
  const Backend& backend = server.backend();
  const int health = server.health().health, rise = server.config().check.rise, fall = server.config().check.fall;
  const bool up = health >= rise;
  const OperState state = server.oper_state();
  const char* word = state == OperState::stopped ? "DOWN" : state == OperState::stopping ? "NOLB" : "UP";
  const Address address = server.address();
  std::string text = fmt::format("{} {}/{}; ", word, up ? health - rise + 1 : health, up ? fall : rise);
  if (address.is_ip())
    text += fmt::format("address={}; port={}; ", address.host(), address.port());
  else
    text += "address=unix; port=unix; ";
  const auto rounded = [](int weight) { return (weight + weight_scale - 1) / weight_scale; };
  text += fmt::format("name={}/{}; node={}; weight={}/{}; scur={}/{}; qcur={}", backend.name(), server.name(),
                      backend.global().node.empty() ? base::host_name() : backend.global().node,
                      rounded(server.effective_weight()), backend.total_weight(), server.current_sessions(),
                      backend.current_sessions(), server.current_queue());
  return text;
}

}  // namespace ddbproxy::live
