// Rows of the fetches of haproxy's own buffers of HTTP messages (manual 7.3.7).
#include "sample/fetches/rows.h"

namespace ddbproxy::sample {
namespace {

constexpr Fetch rows[] = {
    {"fcgi.docroot", ArgumentKinds::of(""), Type::string, sources::request_head, "docroot of the FastCGI app", false},
    {"fcgi.index", ArgumentKinds::of(""), Type::string, sources::request_head, "index of the FastCGI app", false},
    {"internal.htx.data", ArgumentKinds::of(""), Type::integer, sources::any_head, "HTX data size (dev)", false},
    {"internal.htx.free", ArgumentKinds::of(""), Type::integer, sources::any_head, "HTX free space (dev)", false},
    {"internal.htx.free_data", ArgumentKinds::of(""), Type::integer, sources::any_head, "HTX free data space (dev)",
     false},
    {"internal.htx.has_eom", ArgumentKinds::of(""), Type::boolean, sources::any_head, "HTX end-of-message flag (dev)",
     false},
    {"internal.htx.nbblks", ArgumentKinds::of(""), Type::integer, sources::any_head, "HTX block count (dev)", false},
    {"internal.htx.size", ArgumentKinds::of(""), Type::integer, sources::any_head, "HTX size (dev)", false},
    {"internal.htx.used", ArgumentKinds::of(""), Type::integer, sources::any_head, "HTX used space (dev)", false},
    {"internal.htx_blk.data", ArgumentKinds::of("string"), Type::binary, sources::any_head, "HTX block data (dev)",
     false},
    {"internal.htx_blk.hdrname", ArgumentKinds::of("string"), Type::string, sources::any_head,
     "HTX block header name (dev)", false},
    {"internal.htx_blk.hdrval", ArgumentKinds::of("string"), Type::string, sources::any_head,
     "HTX block header value (dev)", false},
    {"internal.htx_blk.size", ArgumentKinds::of("string"), Type::integer, sources::any_head, "HTX block size (dev)",
     false},
    {"internal.htx_blk.start_line", ArgumentKinds::of("string"), Type::string, sources::any_head,
     "HTX block start line (dev)", false},
    {"internal.htx_blk.type", ArgumentKinds::of("string"), Type::string, sources::any_head, "HTX block type (dev)",
     false},
    {"internal.strm.is_htx", ArgumentKinds::of(""), Type::boolean, sources::process, "stream uses HTX (dev)"},
};
static_assert(in_order(rows));

}  // namespace

const std::span<const Fetch> http_state_fetches = rows;

}  // namespace ddbproxy::sample
