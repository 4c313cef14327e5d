#include "config/predefined_acls.h"

#include <algorithm>
#include <iterator>

namespace ddbproxy::config {
namespace {

constexpr PredefinedAcl rows[] = {
    {"FALSE", "always_false", "never"},
    {"HTTP", "req.proto_http", "the client speaks HTTP"},
    {"HTTP_1.0", "req.ver 1.0", "the request is of HTTP 1.0"},
    {"HTTP_1.1", "req.ver 1.1", "the request is of HTTP 1.1"},
    {"HTTP_2.0", "req.ver 2.0", "the request is of HTTP 2"},
    {"HTTP_CONTENT", "req.hdr_val(content-length) gt 0", "the request announces a body"},
    {"HTTP_URL_ABS", "url_reg ^[^/:]*://", "the request's address has a scheme"},
    {"HTTP_URL_SLASH", "url_beg /", "the address begins with '/'"},
    {"HTTP_URL_STAR", "url *", "the address is '*'"},
    {"LOCALHOST", "src 127.0.0.1/8 ::1", "the client is on this host"},
    {"METH_CONNECT", "method CONNECT", "the method is CONNECT"},
    {"METH_DELETE", "method DELETE", "the method is DELETE"},
    {"METH_GET", "method GET HEAD", "the method is GET or HEAD"},
    {"METH_HEAD", "method HEAD", "the method is HEAD"},
    {"METH_OPTIONS", "method OPTIONS", "the method is OPTIONS"},
    {"METH_POST", "method POST", "the method is POST"},
    {"METH_PUT", "method PUT", "the method is PUT"},
    {"METH_TRACE", "method TRACE", "the method is TRACE"},
    {"RDP_COOKIE", "req.rdp_cookie_cnt gt 0", "the client sent an RDP cookie"},
    {"REQ_CONTENT", "req.len gt 0", "the client has sent something"},
    {"TRUE", "always_true", "always"},
    {"WAIT_END", "wait_end", "the end of the content analysis"},
};

}  // namespace

std::span<const PredefinedAcl> predefined_acls() { return rows; }

const PredefinedAcl* find_predefined_acl(std::string_view name) {
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const auto& acl) { return acl.name == name; });
  return row == std::end(rows) ? nullptr : row;
}

}  // namespace ddbproxy::config
