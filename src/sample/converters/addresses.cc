// Converters of addresses.
#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

bool ipmask(Arguments arguments, Value& value, Context& context) {
  // An IPv4 address that was written as an IPv6 one is one.
  if (value.type == ipv6) cast(value, ipv4, context.scratch);
  const bool four = value.type == ipv4;
  if (!four && !given(arguments[1])) return false;
  const auto& mask = arguments[four ? 0 : 1].ip;
  for (size_t i = 0; i < (four ? 4u : 16u); ++i) value.ip[i] &= mask[i];
  return true;
}

constexpr Converter rows[] = {
    {"ipmask", ArgumentKinds::of("IPv4 mask[,IPv6 mask]"), address, ipv4, ipmask, nullptr, true,
     "The address with only the bits of a mask left; without a mask for IPv6 there is none for such addresses."},
};

}  // namespace

constinit const Rows address_rows = rows;

}  // namespace ddbproxy::sample
