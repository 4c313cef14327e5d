#include "stream/rdp_cookie.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "live/backend.h"
#include "live/server.h"

namespace ddbproxy::stream {

using sample::Answer;

// "Cookie: <name>=<value>" CR LF behind eleven bytes.
Answer find_rdp_cookie(std::string_view sent, std::string_view name, std::string_view& value) {
  constexpr size_t header = 11;
  constexpr std::string_view word = "Cookie:";
  if (sent.size() <= header) return Answer::not_yet;
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(sent[i]); };
  // TPKT version 3, and a connection request of COTP.
  if (byte(0) != 3 || byte(1) != 0 || byte(5) != 0xe0 || byte(6) || byte(7)) return Answer::absent;
  std::string_view rest = sent.substr(header);
  if (rest.size() < word.size()) return Answer::not_yet;
  if (!base::equals_ignoring_case(rest.substr(0, word.size()), word)) return Answer::absent;
  rest.remove_prefix(word.size());
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (rest.size() < name.size()) return Answer::not_yet;
  if (!base::equals_ignoring_case(rest.substr(0, name.size()), name)) return Answer::absent;
  const size_t equals = name.empty() ? std::min(rest.find_first_of("=\r\n"), rest.size()) : name.size();
  if (equals == rest.size()) return Answer::not_yet;
  if (rest[equals] != '=') return Answer::absent;
  rest.remove_prefix(equals + 1);
  const size_t end = rest.find('\r');
  if (end == rest.npos || end + 1 == rest.size()) return Answer::not_yet;
  if (rest[end + 1] != '\n') return Answer::absent;
  value = rest.substr(0, end);
  return Answer::found;
}

namespace {

/// The number in front of a dot, and what stands behind that.
std::optional<uint32_t> number_before_dot(std::string_view& text) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto length = static_cast<size_t>(end - text.data());
  if (error != std::errc() || length == text.size() || text[length] != '.') return {};
  text.remove_prefix(length + 1);
  return number;
}

}  // namespace

live::Server* server_of_rdp_cookie(std::string_view cookie, const live::Backend& backend, bool even_down) {
  const auto address = number_before_dot(cookie), port = number_before_dot(cookie);
  if (!address || !port) return nullptr;
  const Address named = Address::ipv4(ntohl(*address), ntohs(static_cast<uint16_t>(*port)));
  live::Server* server = backend.look_up_address(named.text());
  if (!server) return nullptr;
  return server->oper_state() != live::OperState::stopped || even_down ? server : nullptr;
}

}  // namespace ddbproxy::stream
