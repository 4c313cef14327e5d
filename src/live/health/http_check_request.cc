#include "live/health/http_check_request.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <unistd.h>

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

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

std::string http_check_request(const model::CheckRequest& request, std::string_view state) {
  const std::string_view version = request.version.empty() ? "HTTP/1.0" : std::string_view(request.version);
  std::string text = fmt::format("{} {} {}\r\n", request.method.empty() ? "OPTIONS" : request.method,
                                 request.uri.empty() ? "/" : request.uri, version);
  bool says_connection = false;
  for (const auto& [name, value] : request.headers) {
    text += fmt::format("{}: {}\r\n", lower(name), value);
    says_connection = says_connection || base::equals_ignoring_case(name, "connection");
  }
  if (!state.empty()) text += fmt::format("x-haproxy-server-state: {}\r\n", state);
  if (!request.body.empty()) text += fmt::format("content-length: {}\r\n", request.body.size());
  // Version 1.0 closes anyway.
  if (version != "HTTP/1.0" && !says_connection) text += "connection: close\r\n";
  return text + "\r\n" + request.body;
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
                      backend.node().empty() ? host_name() : backend.node(), rounded(server.effective_weight()),
                      backend.total_weight(), server.current_sessions(), backend.current_sessions(),
                      server.current_queue());
  return text;
}

}  // namespace ddbproxy::live
