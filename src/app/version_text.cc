#include "app/version_text.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <ddbproxy/version.h>

#include "base/cpus.h"
#include "net/library.h"

namespace ddbproxy::app {

std::string version_text() {
  utsname system{};
  uname(&system);
  return fmt::format(
      "HAProxy version {} {} - compatible: this is ddbproxy {}\n"
      "Status: takes the place of haproxy {} in TCP mode\n"
      "Known bugs: what is not supported is refused by name; see ddbproxy.cfg(5)\n"
      "Running on: {} {} {} {}\n",
      haproxy_version, haproxy_date, version, haproxy_version, system.sysname, system.release, system.version,
      system.machine);
}

std::string polling_text() {
  return fmt::format(
      "Available polling systems :\n"
      "      epoll : pref=300,  test result OK\n"
      "       poll : pref=200,  test result OK\n"
      "Total: 2 (2 usable), will use {}.\n",
      net::polling_method());
}

std::string build_options_text() {
  return fmt::format(
      "Build options :\n"
      "  CC      = {}\n"
      "  LIBS    = libevent {}, fmt {}.{}.{}\n"
      "\n"
      "Feature list : +ACCEPT4 +EPOLL +GETADDRINFO -LUA -NS -OPENSSL -PCRE2 +POLL -PROMEX -QUIC +THREAD +TFO -SYSTEMD\n"
      "\n"
      "Default settings :\n"
      "  bufsize = 16384, maxrewrite = 1024, maxpollevents = 200\n"
      "\n"
      "Built with multi-threading support (MAX_THREADS=64, default={}).\n"
      "\n"
      "{}"
      "\n",
      __VERSION__, net::event_library_version(), FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100,
      base::usable_cpus(), polling_text());
}

}  // namespace ddbproxy::app
