// Feeds arbitrary text to the configuration's reader: it must judge it without falling, and its messages must be
// printable. All in memory: users and groups are these, whatever the machine's are, and nothing is looked up or read.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <ddbproxy/parse.h>

extern "C" {

passwd* getpwnam(const char* name) {
  static passwd one;
  one.pw_uid = 1;
  one.pw_gid = 1;
  return std::strcmp(name, "haproxy") == 0 ? &one : nullptr;
}

group* getgrnam(const char* name) {
  static group one;
  one.gr_gid = 1;
  return std::strcmp(name, "haproxy") == 0 ? &one : nullptr;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // What one text sets in the environment the next does not find there.
  static char home[] = "HOME=/", port[] = "PORT=8080";
  static char* environment[3];
  environment[0] = home;
  environment[1] = port;
  environment[2] = nullptr;
  environ = environment;

  ddbproxy::SourceFile source{"fuzz.cfg", std::string(reinterpret_cast<const char*>(data), size)};
  const auto result = ddbproxy::parse({std::move(source)}, {.resolve_names = false});
  if ((result.model == nullptr) != result.diagnostics.failed()) std::abort();
  for (const auto& diagnostic : result.diagnostics.all()) {
    if (diagnostic.text.empty()) std::abort();
    if (render(diagnostic, {.source_line = true, .colour = true}).empty()) std::abort();
  }
  if (to_json(result.diagnostics).empty()) std::abort();
  return 0;
}

}  // extern "C"
