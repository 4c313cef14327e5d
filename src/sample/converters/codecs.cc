// Converters to base64 and back.
#include "sample/base64.h"
#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

template <bool url>
bool encode(Arguments, Value& value, Context& context) {
  const size_t size = base64_size(value.text.size());
  if (size >= context.scratch.longest()) return false;
  char* const text = context.scratch.take(size);
  const size_t used = write_base64(value.text, text, url);
  context.scratch.trim(text, used);
  value.set_string({text, used});
  return true;
}

template <std::optional<size_t> (*read)(std::string_view, char*)>
bool decode(Arguments, Value& value, Context& context) {
  char* const bytes = context.scratch.take(value.text.size());
  const std::optional<size_t> used = read(value.text, bytes);
  context.scratch.trim(bytes, used.value_or(0));
  if (!used) return false;
  value.set_binary({bytes, *used});
  return true;
}

constexpr auto none = ArgumentKinds::of("");

constexpr Converter rows[] = {
    {"b64dec", none, string, binary, decode<read_base64>, nullptr, true, "The bytes that base64 stands for."},
    {"base64", none, binary, string, encode<false>, nullptr, true, "The bytes in base64."},
    {"ub64dec", none, string, binary, decode<read_base64url>, nullptr, true, "The bytes that base64url stands for."},
    {"ub64enc", none, binary, string, encode<true>, nullptr, true, "The bytes in base64url."},
};

}  // namespace

constinit const Rows codec_rows = rows;

}  // namespace ddbproxy::sample
