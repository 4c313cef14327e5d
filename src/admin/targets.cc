#include "admin/targets.h"

#include <cstdlib>

#include "live/backend.h"
#include "live/state.h"

namespace ddbproxy::admin {

Target<live::Server> find_server(const Call& call, size_t index) {
  const std::string_view both = call.word(index);
  const size_t slash = both.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == both.size())
    return {nullptr, Answer::error("Require 'backend/server'.\n")};
  live::Backend* backend = call.runtime.state.find_backend(both.substr(0, slash));
  if (!backend) return {nullptr, Answer::error("No such backend.\n")};
  live::Server* server = backend->find(both.substr(slash + 1));
  if (!server) return {nullptr, Answer::error("No such server.\n")};
  return {server, {}};
}

Target<live::Server> find_changeable_server(const Call& call, size_t index) {
  Target<live::Server> server = find_server(call, index);
  if (server && server->backend().stopped()) return {nullptr, Answer::error("Proxy is disabled.\n")};
  return server;
}

Target<live::Frontend> find_frontend(const Call& call, size_t index) {
  if (call.word(index).empty()) return {nullptr, Answer::error("A frontend name is expected.\n")};
  live::Frontend* frontend = call.runtime.state.find_frontend(call.word(index));
  if (!frontend) return {nullptr, Answer::error("No such frontend.\n")};
  return {frontend, {}};
}

Target<live::Backend> find_backend(const Call& call, size_t index) {
  live::Backend* backend = call.runtime.state.find_backend(call.word(index));
  if (!backend) return {nullptr, Answer::error("Can't find backend.\n")};
  return {backend, {}};
}

long long find_proxy_id(const Call& call, size_t index) {
  const std::string& word = call.word(index);
  if (const long long id = leading_number(word)) return id;
  const long long wanted = word.starts_with('#') ? leading_number(word.substr(1)) : 0;
  for (const auto& proxy : call.runtime.state.model().proxies)
    if (wanted ? proxy->id == wanted : proxy->name == word) return proxy->id;
  return 0;
}

long long leading_number(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

}  // namespace ddbproxy::admin
