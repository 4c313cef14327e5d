// Rows of the fetches of connections and proxies (manual 7.3.3).
#include "sample/fetches/rows.h"

namespace ddbproxy::sample {
namespace {

constexpr Fetch rows[] = {
    {"bc_dst", ArgumentKinds::of(""), Type::integer, sources::server_address, "address the server side connects to"},
    {"bc_dst_port", ArgumentKinds::of(""), Type::integer, sources::server_address, "port the server side connects to"},
    {"bc_err", ArgumentKinds::of(""), Type::integer, sources::server_address, "numeric error of the server connection"},
    {"bc_err_str", ArgumentKinds::of(""), Type::string, sources::server_address, "text error of the server connection"},
    {"bc_http_major", ArgumentKinds::of(""), Type::integer, sources::server_address,
     "HTTP major version on the server side"},
    {"bc_src", ArgumentKinds::of(""), Type::integer, sources::server_address, "local address of the server connection"},
    {"bc_src_port", ArgumentKinds::of(""), Type::integer, sources::server_address,
     "local port of the server connection"},
    {"be_id", ArgumentKinds::of(""), Type::integer, sources::backend, "backend id"},
    {"be_name", ArgumentKinds::of(""), Type::string, sources::backend, "backend name"},
    {"be_server_timeout", ArgumentKinds::of(""), Type::integer, sources::backend, "configured server timeout (ms)"},
    {"be_tunnel_timeout", ArgumentKinds::of(""), Type::integer, sources::backend, "configured tunnel timeout (ms)"},
    {"cur_server_timeout", ArgumentKinds::of(""), Type::integer, sources::backend,
     "server timeout in force for the stream"},
    {"cur_tunnel_timeout", ArgumentKinds::of(""), Type::integer, sources::backend,
     "tunnel timeout in force for the stream"},
    {"dst", ArgumentKinds::of(""), Type::ipv4, sources::client_address, "destination address"},
    {"dst_conn", ArgumentKinds::of(""), Type::integer, sources::frontend, "connections on the same listener"},
    {"dst_is_local", ArgumentKinds::of(""), Type::boolean, sources::client_address, "destination is a local address"},
    {"dst_port", ArgumentKinds::of(""), Type::integer, sources::client_address, "destination port"},
    {"fc_dst", ArgumentKinds::of(""), Type::ipv4, sources::client_address,
     "original destination of the client connection"},
    {"fc_dst_is_local", ArgumentKinds::of(""), Type::boolean, sources::client_address, "original destination is local"},
    {"fc_dst_port", ArgumentKinds::of(""), Type::integer, sources::client_address, "original destination port"},
    {"fc_err", ArgumentKinds::of(""), Type::integer, sources::client_address, "numeric error of the client connection"},
    {"fc_err_str", ArgumentKinds::of(""), Type::string, sources::client_address, "text error of the client connection"},
    {"fc_fackets", ArgumentKinds::of("[string]"), Type::integer, sources::client_address,
     "TCP_INFO fackets of the client connection"},
    {"fc_http_major", ArgumentKinds::of(""), Type::integer, sources::client_address,
     "HTTP major version on the client side"},
    {"fc_lost", ArgumentKinds::of("[string]"), Type::integer, sources::client_address, "TCP_INFO lost segments"},
    {"fc_pp_authority", ArgumentKinds::of(""), Type::string, sources::client_address, "PROXY v2 authority TLV"},
    {"fc_pp_unique_id", ArgumentKinds::of(""), Type::string, sources::client_address, "PROXY v2 unique id TLV"},
    {"fc_rcvd_proxy", ArgumentKinds::of(""), Type::boolean, sources::client_address, "a PROXY header was received"},
    {"fc_reordering", ArgumentKinds::of("[string]"), Type::integer, sources::client_address, "TCP_INFO reordering"},
    {"fc_retrans", ArgumentKinds::of("[string]"), Type::integer, sources::client_address, "TCP_INFO retransmits"},
    {"fc_rtt", ArgumentKinds::of("[string]"), Type::integer, sources::client_address, "TCP_INFO round-trip time"},
    {"fc_rttvar", ArgumentKinds::of("[string]"), Type::integer, sources::client_address,
     "TCP_INFO round-trip variance"},
    {"fc_sacked", ArgumentKinds::of("[string]"), Type::integer, sources::client_address, "TCP_INFO sacked"},
    {"fc_src", ArgumentKinds::of(""), Type::ipv4, sources::client_address, "original source of the client connection"},
    {"fc_src_is_local", ArgumentKinds::of(""), Type::boolean, sources::client_address, "original source is local"},
    {"fc_src_port", ArgumentKinds::of(""), Type::integer, sources::client_address, "original source port"},
    {"fc_unacked", ArgumentKinds::of("[string]"), Type::integer, sources::client_address, "TCP_INFO unacked"},
    {"fe_client_timeout", ArgumentKinds::of(""), Type::integer, sources::frontend, "configured client timeout (ms)"},
    {"fe_defbe", ArgumentKinds::of(""), Type::string, sources::frontend, "default backend name of the frontend"},
    {"fe_id", ArgumentKinds::of(""), Type::integer, sources::frontend, "frontend id"},
    {"fe_name", ArgumentKinds::of(""), Type::string, sources::frontend, "frontend name"},
    {"req.proto_http", ArgumentKinds::of(""), Type::boolean, sources::http_request, "request data looks like HTTP"},
    {"req_proto_http", ArgumentKinds::of(""), Type::boolean, sources::http_request, "old name of req.proto_http"},
    {"so_id", ArgumentKinds::of(""), Type::integer, sources::frontend, "listening socket id"},
    {"so_name", ArgumentKinds::of(""), Type::string, sources::frontend, "listening socket name"},
    {"src", ArgumentKinds::of(""), Type::ipv4, sources::client_address, "client address as seen by rules"},
    {"src_is_local", ArgumentKinds::of(""), Type::boolean, sources::client_address, "client address is local"},
    {"src_port", ArgumentKinds::of(""), Type::integer, sources::client_address, "client port"},
    {"srv_id", ArgumentKinds::of(""), Type::integer, sources::server, "id of the server handling the stream"},
    {"srv_name", ArgumentKinds::of(""), Type::string, sources::server, "name of the server handling the stream"},
};
static_assert(in_order(rows));

}  // namespace

const std::span<const Fetch> connection_fetches = rows;

}  // namespace ddbproxy::sample
