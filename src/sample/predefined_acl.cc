// The table of predefined ACLs. What needs a request does not hold where there is none.
#include "sample/predefined_acl.h"

#include <algorithm>
#include <iterator>

namespace ddbproxy::sample {
namespace {

using Facts = const StreamFacts&;

bool has_method(Facts f, std::string_view method) { return f.http && f.http->method == method; }
bool has_version(Facts f, std::string_view version) { return f.http && f.http->version == version; }

bool is_local(Facts f) {
  constexpr unsigned char six[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  if (f.client.family() == AF_INET) return f.client.ipv4_host_order() >> 24 == 127;
  return f.client.family() == AF_INET6 && std::equal(six, six + 16, f.client.ipv6_bytes());
}

/// "scheme://...", with neither slash nor colon in the scheme.
bool is_absolute(Facts f) {
  if (!f.http) return false;
  const size_t end = f.http->uri.find_first_of("/:");
  return end != std::string_view::npos && f.http->uri.substr(end).starts_with("://");
}

constexpr PredefinedAcl rows[] = {
    {"FALSE", [](Facts) { return false; }, "never"},
    {"HTTP", nullptr, "the request is valid HTTP"},
    {"HTTP_1.0", [](Facts f) { return has_version(f, "HTTP/1.0"); }, "the request is of HTTP 1.0"},
    {"HTTP_1.1", [](Facts f) { return has_version(f, "HTTP/1.1"); }, "the request is of HTTP 1.1"},
    {"HTTP_2.0", nullptr, "the request is of HTTP 2"},
    {"HTTP_CONTENT", nullptr, "the request announces a body"},
    {"HTTP_URL_ABS", is_absolute, "the request's address has a scheme"},
    {"HTTP_URL_SLASH", [](Facts f) { return f.http && f.http->uri.starts_with('/'); }, "the address begins with '/'"},
    {"HTTP_URL_STAR", [](Facts f) { return f.http && f.http->uri == "*"; }, "the address is '*'"},
    {"LOCALHOST", is_local, "the client is on this host"},
    {"METH_CONNECT", [](Facts f) { return has_method(f, "CONNECT"); }, "the method is CONNECT"},
    {"METH_DELETE", [](Facts f) { return has_method(f, "DELETE"); }, "the method is DELETE"},
    {"METH_GET", [](Facts f) { return has_method(f, "GET") || has_method(f, "HEAD"); }, "the method is GET or HEAD"},
    {"METH_HEAD", [](Facts f) { return has_method(f, "HEAD"); }, "the method is HEAD"},
    {"METH_OPTIONS", [](Facts f) { return has_method(f, "OPTIONS"); }, "the method is OPTIONS"},
    {"METH_POST", [](Facts f) { return has_method(f, "POST"); }, "the method is POST"},
    {"METH_PUT", [](Facts f) { return has_method(f, "PUT"); }, "the method is PUT"},
    {"METH_TRACE", [](Facts f) { return has_method(f, "TRACE"); }, "the method is TRACE"},
    {"RDP_COOKIE", nullptr, "the client sent an RDP cookie"},
    {"REQ_CONTENT", nullptr, "the client has sent something"},
    {"TRUE", [](Facts) { return true; }, "always"},
    {"WAIT_END", nullptr, "the end of the content analysis"},
};

}  // namespace

std::span<const PredefinedAcl> predefined_acls() { return rows; }

const PredefinedAcl* find_predefined_acl(std::string_view name) {
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const auto& acl) { return acl.name == name; });
  return row == std::end(rows) ? nullptr : row;
}

}  // namespace ddbproxy::sample
