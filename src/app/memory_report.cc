#include "app/memory_report.h"

#include <fmt/format.h>
#include <malloc.h>

namespace ddbproxy::app {

std::string memory_report() {
  const struct mallinfo2 info = mallinfo2();
  return fmt::format(
      "Dumping memory usage.\n"
      "  - Heap : {} bytes from the system, {} in use, {} free\n"
      "  - Mapped : {} bytes in {} blocks\n"
      "Total: {} bytes allocated, {} used.\n",
      info.arena, info.uordblks, info.fordblks, info.hblkhd, info.hblks, info.arena + info.hblkhd,
      info.uordblks + info.hblkhd);
}

}  // namespace ddbproxy::app
