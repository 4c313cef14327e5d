// Feeds arbitrary bytes to the reader of PROXY headers; what it understood must survive being written and read again.
#include <cstdint>
#include <cstdlib>

#include "net/proxy_protocol.h"

using namespace ddbproxy::net;

namespace {

void expect_same(const ProxyHeader& header, const std::string& written) {
  const ProxyHeader again = parse_proxy_header(written);
  if (again.outcome != ProxyHeaderOutcome::addressed || again.length != written.size()) std::abort();
  if (proxy_header_v2(again.source, again.destination) != proxy_header_v2(header.source, header.destination))
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ProxyHeader header = parse_proxy_header(bytes);
  const bool whole = header.outcome == ProxyHeaderOutcome::addressed || header.outcome == ProxyHeaderOutcome::local;
  if (whole && header.length > size) std::abort();  // of a header that is still coming it is what is awaited
  if (header.outcome == ProxyHeaderOutcome::addressed) {
    if (header.source.family() == header.destination.family() && header.source.is_ip()) {
      expect_same(header, proxy_header_v1(header.source, header.destination));
      expect_same(header, proxy_header_v2(header.source, header.destination));
    }
  } else if (header.outcome != ProxyHeaderOutcome::local && proxy_header_error(header.outcome).empty()) {
    std::abort();
  }
  return 0;
}
