#include "base/size.h"

#include "base/text.h"

namespace ddbproxy::base {

std::optional<uint64_t> parse_size(std::string_view text) {
  int shift = 0;
  if (!text.empty()) switch (text.back()) {
      case 'k':
      case 'K': shift = 10; break;
      case 'm':
      case 'M': shift = 20; break;
      case 'g':
      case 'G': shift = 30; break;
      default: break;
    }
  if (shift) text.remove_suffix(1);
  const auto number = parse_integer(text);
  if (!number || *number < 0 || *number > (INT64_MAX >> shift)) return {};
  return static_cast<uint64_t>(*number) << shift;
}

}  // namespace ddbproxy::base
