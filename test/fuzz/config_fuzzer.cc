// Feeds arbitrary text to the configuration's reader: it must judge it without falling, and its messages must be
// printable.
#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <ddbproxy/parse.h>

namespace {

/// A machine without files, where some names are known.
struct NoMachine : ddbproxy::Outside {
  File file(const std::string&) override {
    File none;
    none.error = ENOENT;
    return none;
  }
  std::optional<uid_t> user(const std::string& name) override { return id_of(name); }
  std::optional<gid_t> group(const std::string& name) override { return id_of(name); }
  ddbproxy::Address host(const std::string& name, int) override {
    return name.ends_with(".test") ? ddbproxy::Address::ipv4(0x7f000001, 0) : ddbproxy::Address();
  }
  bool network_namespace(const std::string& name) override { return name == "one"; }
  static std::optional<uid_t> id_of(const std::string& name) {
    return name == "haproxy" ? std::optional<uid_t>(1) : std::nullopt;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  NoMachine machine;
  ddbproxy::SourceFile source{"fuzz.cfg", std::string(reinterpret_cast<const char*>(data), size)};
  const auto result =
      ddbproxy::parse({std::move(source)},
                      {.local_peer = "fuzz", .environment = {{"HOME", "/"}, {"PORT", "8080"}}, .outside = &machine});
  if ((result.model == nullptr) != result.diagnostics.failed()) std::abort();
  for (const auto& diagnostic : result.diagnostics.all()) {
    if (diagnostic.text.empty()) std::abort();
    if (render(diagnostic, {.source_line = true, .colour = true}).empty()) std::abort();
  }
  if (to_json(result.diagnostics).empty()) std::abort();
  return 0;
}
