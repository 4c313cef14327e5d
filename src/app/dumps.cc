#include "app/dumps.h"

#include <climits>
#include <cstdlib>
#include <fmt/format.h>
#include <link.h>
#include <malloc.h>
#include <unistd.h>

#include <ddbproxy/keywords.h>

#include "base/text.h"

namespace ddbproxy::app {
namespace {

constexpr const char* class_help =
    "# List of supported keyword classes:\n"
    "all: list all keywords\n"
    "cfg: configuration keywords\n";

std::string configuration_keywords() {
  std::string out = "# List of registered configuration keywords:\n";
  for (const KeywordInfo& row : keywords())
    out += fmt::format("{}\t{} {}{}\n", row.kind, row.name, row.syntax,
                       row.support == Support::planned ? " [not supported yet]" : "");
  return out;
}

}  // namespace

std::string keyword_dump(std::string_view classes) {
  std::string out;
  for (const std::string_view name : base::split(classes, ',')) {
    if (name == "help") out += class_help;
    if (name == "all" || name == "cfg") out += configuration_keywords();
  }
  return out;
}

std::string library_dump() {
  char self[PATH_MAX] = "";
  [[maybe_unused]] const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  std::string out = fmt::format("{}\n", self);
  dl_iterate_phdr(
      [](dl_phdr_info* object, size_t, void* data) {
        if (object->dlpi_name[0] == '/') *static_cast<std::string*>(data) += fmt::format("{}\n", object->dlpi_name);
        return 0;
      },
      &out);
  return out;
}

base::Result<MemoryDebug> debug_memory(std::string_view features) {
  int byte = 0x50;
  for (const std::string_view feature : base::split(features, ',')) {
    if (feature == "help")
      return MemoryDebug{
          true,
          "-dM alone fills memory with byte 0x50 when it is freed, and with its complement when it is new.\n"
          "A number behind it, such as -dM0xFF, names another byte.\n"};
    if (feature.empty()) continue;
    char* end = nullptr;
    const std::string text(feature);
    byte = static_cast<int>(std::strtol(text.c_str(), &end, 0));
    if (*end) return base::Error{0, fmt::format("-dM: unknown pool debugging feature <{}>", feature)};
  }
  mallopt(M_PERTURB, byte & 0xff);
  return MemoryDebug{};
}

}  // namespace ddbproxy::app
