// Rows of the fetches of the bytes that were sent (manual 7.3.5).
#include "sample/fetches/rows.h"

namespace ddbproxy::sample {
namespace {

constexpr Fetch rows[] = {
    {"distcc_body", ArgumentKinds::of("string[,integer]"), Type::binary, sources::any_bytes, "distcc token body",
     false},
    {"distcc_param", ArgumentKinds::of("string[,integer]"), Type::integer, sources::any_bytes, "distcc token parameter",
     false},
    {"payload", ArgumentKinds::of("integer,integer"), Type::binary, sources::any_bytes, "old raw bytes fetch"},
    {"payload_lv", ArgumentKinds::of("integer,integer[,string]"), Type::binary, sources::any_bytes,
     "old length-prefixed bytes fetch"},
    {"rdp_cookie", ArgumentKinds::of("[string]"), Type::string, sources::request_bytes, "old name of req.rdp_cookie"},
    {"rdp_cookie_cnt", ArgumentKinds::of("[string]"), Type::integer, sources::request_bytes,
     "old name of req.rdp_cookie_cnt"},
    {"rep_ssl_hello_type", ArgumentKinds::of(""), Type::integer, sources::response_bytes,
     "old name of res.ssl_hello_type"},
    {"req.len", ArgumentKinds::of(""), Type::integer, sources::request_bytes, "bytes in the request buffer"},
    {"req.payload", ArgumentKinds::of("integer,integer"), Type::binary, sources::request_bytes,
     "request bytes at an offset"},
    {"req.payload_lv", ArgumentKinds::of("integer,integer[,string]"), Type::binary, sources::request_bytes,
     "request bytes by length prefix"},
    {"req.rdp_cookie", ArgumentKinds::of("[string]"), Type::string, sources::request_bytes, "RDP cookie"},
    {"req.rdp_cookie_cnt", ArgumentKinds::of("[string]"), Type::integer, sources::request_bytes, "RDP cookie count"},
    {"req.ssl_alpn", ArgumentKinds::of(""), Type::string, sources::request_bytes, "ALPN in a relayed ClientHello"},
    {"req.ssl_ec_ext", ArgumentKinds::of(""), Type::boolean, sources::request_bytes,
     "EC extension in a relayed ClientHello"},
    {"req.ssl_hello_type", ArgumentKinds::of(""), Type::integer, sources::request_bytes,
     "type of a relayed TLS hello from the client"},
    {"req.ssl_sni", ArgumentKinds::of(""), Type::string, sources::request_bytes, "SNI in a relayed ClientHello"},
    {"req.ssl_st_ext", ArgumentKinds::of(""), Type::integer, sources::request_bytes,
     "session-ticket extension state in a relayed ClientHello"},
    {"req.ssl_ver", ArgumentKinds::of(""), Type::integer, sources::request_bytes,
     "TLS version in a relayed ClientHello"},
    {"req_len", ArgumentKinds::of(""), Type::integer, sources::request_bytes, "old name of req.len"},
    {"req_ssl_hello_type", ArgumentKinds::of(""), Type::integer, sources::request_bytes,
     "old name of req.ssl_hello_type"},
    {"req_ssl_sni", ArgumentKinds::of(""), Type::string, sources::request_bytes, "old name of req.ssl_sni"},
    {"req_ssl_ver", ArgumentKinds::of(""), Type::integer, sources::request_bytes, "old name of req.ssl_ver"},
    {"res.len", ArgumentKinds::of(""), Type::integer, sources::response_bytes, "bytes in the response buffer"},
    {"res.payload", ArgumentKinds::of("integer,integer"), Type::binary, sources::response_bytes,
     "response bytes at an offset"},
    {"res.payload_lv", ArgumentKinds::of("integer,integer[,string]"), Type::binary, sources::response_bytes,
     "response bytes by length prefix"},
    {"res.ssl_hello_type", ArgumentKinds::of(""), Type::integer, sources::response_bytes,
     "type of a relayed TLS hello from the server"},
};
static_assert(in_order(rows));

}  // namespace

const std::span<const Fetch> payload_fetches = rows;

}  // namespace ddbproxy::sample
