// Feeds arbitrary text to the configuration's reader: it must judge it without falling, and its messages must be
// printable.
#include <cstdint>
#include <cstdlib>

#include <ddbproxy/parse.h>

#include "outside.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ddbproxy::fuzz::NothingOutside nothing;
  ddbproxy::SourceFile source{"fuzz.cfg", std::string(reinterpret_cast<const char*>(data), size)};
  const auto result =
      ddbproxy::parse({std::move(source)},
                      {.local_peer = "fuzz", .resolve_names = false, .environment = {{"HOME", "/"}, {"PORT", "8080"}}});
  if ((result.model == nullptr) != result.diagnostics.failed()) std::abort();
  for (const auto& diagnostic : result.diagnostics.all()) {
    if (diagnostic.text.empty()) std::abort();
    if (render(diagnostic, {.source_line = true, .colour = true}).empty()) std::abort();
  }
  if (to_json(result.diagnostics).empty()) std::abort();
  return 0;
}
