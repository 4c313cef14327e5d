// Feeds arbitrary bytes to the reader of a NetScaler's headers; their first four are the number that is expected.
#include <cstdint>
#include <cstdlib>

#include "net/big_endian.h"
#include "net/netscaler_header.h"

using namespace ddbproxy::net;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const NetscalerHeader header = parse_netscaler_header(bytes, size < 4 ? 0 : long_at(bytes, 0));
  const bool told = header.outcome == NetscalerOutcome::addressed || header.outcome == NetscalerOutcome::cut_off;
  if (told != !header.source.empty() || told != !header.destination.empty()) std::abort();
  if (header.outcome == NetscalerOutcome::addressed && header.length > size) std::abort();
  if (header.outcome == NetscalerOutcome::cut_off && header.length <= size) std::abort();
  if (header.outcome == NetscalerOutcome::bad_magic) std::abort();
  if (told && header.source.family() != header.destination.family()) std::abort();
  return 0;
}
