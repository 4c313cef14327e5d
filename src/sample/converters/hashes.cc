// Converters to numbers that spread.
#define XXH_INLINE_ALL
#include "base/hashes.h"

#include <xxhash.h>

#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

template <uint32_t (*hash)(std::string_view)>
bool old_hash(Arguments arguments, Value& value, Context&) {
  const uint32_t number = hash(value.text);
  value.set_integer(arguments[0].number != 0 ? base::scatter(number) : number);
  return true;
}

bool xxh32(Arguments arguments, Value& value, Context&) {
  value.set_integer(XXH32(value.text.data(), value.text.size(), static_cast<uint32_t>(arguments[0].number)));
  return true;
}
bool xxh64(Arguments arguments, Value& value, Context&) {
  const auto seed = static_cast<uint64_t>(arguments[0].number);
  value.set_integer(static_cast<int64_t>(XXH64(value.text.data(), value.text.size(), seed)));
  return true;
}
bool xxh3(Arguments arguments, Value& value, Context&) {
  const auto seed = static_cast<uint64_t>(arguments[0].number);
  value.set_integer(static_cast<int64_t>(XXH3_64bits_withSeed(value.text.data(), value.text.size(), seed)));
  return true;
}

constexpr auto number = ArgumentKinds::of("[integer]");

constexpr Converter rows[] = {
    {"crc32", number, binary, integer, old_hash<base::crc32>, nullptr, true,
     "The CRC-32 of the bytes, spread once more when the argument is not zero."},
    {"crc32c", number, binary, integer, old_hash<base::crc32c>, nullptr, true,
     "The CRC-32C of the bytes, spread once more when the argument is not zero."},
    {"djb2", number, binary, integer, old_hash<base::djb2>, nullptr, true,
     "The DJB2 hash of the bytes, spread once more when the argument is not zero."},
    {"sdbm", number, binary, integer, old_hash<base::sdbm>, nullptr, true,
     "The SDBM hash of the bytes, spread once more when the argument is not zero."},
    {"wt6", number, binary, integer, old_hash<base::wt6>, nullptr, true,
     "The WT6 hash of the bytes, spread once more when the argument is not zero."},
    {"xxh3", number, binary, integer, xxh3, nullptr, true, "The 64-bit XXH3 of the bytes, with a seed."},
    {"xxh32", number, binary, integer, xxh32, nullptr, true, "The XXH32 of the bytes, with a seed."},
    {"xxh64", number, binary, integer, xxh64, nullptr, true, "The XXH64 of the bytes, with a seed."},
};

}  // namespace

constinit const Rows hash_rows = rows;

}  // namespace ddbproxy::sample
