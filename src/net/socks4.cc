#include "net/socks4.h"

#include <netinet/in.h>

namespace ddbproxy::net {

std::string socks4_request(const Address& server) {
  constexpr char version = 4, connect = 1;
  constexpr std::string_view user("HAProxy", sizeof "HAProxy");  // with its NUL
  std::string request{version, connect, static_cast<char>(server.port() >> 8), static_cast<char>(server.port())};
  if (server.family() == AF_INET6) {
    request.append(reinterpret_cast<const char*>(server.ipv6_bytes()) + 12, 4);
  } else {
    const uint32_t host = server.family() == AF_INET ? server.ipv4_host_order() : 0;
    for (int shift = 24; shift >= 0; shift -= 8) request += static_cast<char>(host >> shift);
  }
  return request.append(user);
}

bool grants_socks4(std::string_view answer) { return answer.size() >= socks4_answer_size && answer[1] == 0x5a; }

}  // namespace ddbproxy::net
