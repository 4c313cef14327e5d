#include "sample/type.h"

namespace ddbproxy::sample {

std::string_view name_of(Type type) {
  constexpr std::string_view names[] = {"any", "bool", "sint", "addr", "ipv4", "ipv6", "str", "bin", "meth"};
  return names[static_cast<size_t>(type)];
}

}  // namespace ddbproxy::sample
