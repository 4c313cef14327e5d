#include "config/http_words.h"

#include <algorithm>
#include <array>

namespace ddbproxy::config {
namespace {

constexpr const char* option = "'{word}' ignored for {who} as it requires HTTP mode.";
constexpr const char* rules = "'{word}' rules ignored for {who} as they require HTTP mode.";

constexpr IgnoredInTcp rows[] = {
    {"cookie", Side::any, "cookie will be ignored for {who} (needs 'mode http').", true},
    {"monitor-uri", Side::any, "monitor-uri will be ignored for {who} (needs 'mode http').", true},
    {"capture cookie", Side::any, "'capture' statement ignored for {who} as it requires HTTP mode."},
    {"http-request", Side::any, rules},
    {"http-response", Side::any, rules},
    {"http-after-response", Side::any, rules},
    {"redirect", Side::any, rules},
    {"option forwardfor", Side::any, option},
    {"option originalto", Side::any, option},
    {"option checkcache", Side::backend, option},
    {"option http-buffer-request", Side::any, option},
    {"option http-ignore-probes", Side::frontend, option},
    {"option idle-close-on-response", Side::frontend, option},
    {"option prefer-last-server", Side::backend, option},
    {"option accept-invalid-http-request", Side::frontend, option},
    {"option accept-invalid-http-response", Side::backend, option},
    {"option http-use-proxy-header", Side::frontend, option},
    {"option http-pretend-keepalive", Side::backend, option},
    {"option http-no-delay", Side::any, option},
    {"option disable-h2-upgrade", Side::frontend, option},
};

/// They are about what goes to servers or comes from them.
constexpr std::array<std::string_view, 19> idle{"cookie",
                                                "dynamic-cookie-key",
                                                "http-reuse",
                                                "http-send-name-header",
                                                "max-keep-alive-queue",
                                                "max-session-srv-conns",
                                                "option accept-invalid-http-response",
                                                "option checkcache",
                                                "option disable-h2-upgrade",
                                                "option forwardfor",
                                                "option h1-case-adjust-bogus-server",
                                                "option http-buffer-request",
                                                "option http-no-delay",
                                                "option http-pretend-keepalive",
                                                "option http-server-close",
                                                "option originalto",
                                                "option prefer-last-server",
                                                "option http-keep-alive",
                                                "retry-on"};

}  // namespace

const std::span<const IgnoredInTcp> ignored_in_tcp = rows;

bool is_idle_without_servers(std::string_view keyword) {
  return std::find(idle.begin(), idle.end(), keyword) != idle.end();
}

}  // namespace ddbproxy::config
