// Words that need HTTP: what haproxy 2.6 says of them in mode tcp, and which change nothing where an HTTP proxy only
// answers by itself.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace ddbproxy::config {

/// The side that a proxy must have for a word to matter to it.
enum class Side : uint8_t { any, frontend, backend };

/// A word that mode tcp ignores with a warning; words that are not listed are ignored silently. {who} is "frontend
/// 'f'", {word} the keyword.
struct IgnoredInTcp {
  std::string_view keyword;  ///< One word, or the whole: "http-request" stands for all its actions.
  Side side;
  const char* text;
  bool early = false;  ///< Said before the warnings about bind lines and timeouts.
};

/// In the order in which haproxy says them.
extern const std::span<const IgnoredInTcp> ignored_in_tcp;

/// Whether a word of an HTTP proxy has no effect as long as it has no servers.
bool is_idle_without_servers(std::string_view keyword);

}  // namespace ddbproxy::config
