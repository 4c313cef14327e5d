#include "config/predicates.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <ddbproxy/version.h>

namespace ddbproxy::config {
namespace {

using Args = std::span<const std::string>;

/// What this build can do, by haproxy's names. OPENSSL, LUA and the like follow with the features themselves.
constexpr std::string_view features[] = {"ACCEPT4",  "CPU_AFFINITY", "CRYPT_H", "EPOLL", "GETADDRINFO",
                                         "LIBCRYPT", "LINUX_SPLICE", "POLL",    "PRCTL", "THREAD"};

bool defined(Args args, const Environment& environment) { return environment.get(args[0]).has_value(); }
bool feature(Args args, const Environment&) {
  return args[0].empty() || std::find(std::begin(features), std::end(features), args[0]) != std::end(features);
}
bool same(Args args, const Environment&) { return args[0] == args[1]; }
bool different(Args args, const Environment&) { return args[0] != args[1]; }
bool version_atleast(Args args, const Environment&) { return compare_versions(haproxy_version, args[0]) >= 0; }
bool version_before(Args args, const Environment&) { return compare_versions(haproxy_version, args[0]) < 0; }
/// There is no TLS library in this build, so there is none of any version.
bool no_library(Args, const Environment&) { return false; }

constexpr Predicate predicates[] = {
    {"defined", 1, defined, "An environment variable of this name exists."},
    {"feature", 1, feature, "This build has the feature, as -vv lists it."},
    {"openssl_version_atleast", 1, no_library, "The TLS library is at least of this version."},
    {"openssl_version_before", 1, no_library, "The TLS library is older than this version."},
    {"ssllib_name_startswith", 1, no_library, "The TLS library's name begins so."},
    {"streq", 2, same, "Both texts are the same."},
    {"strneq", 2, different, "The texts differ."},
    {"version_atleast", 1, version_atleast,
     "The version of haproxy that this program stands in for is at least this one."},
    {"version_before", 1, version_before, "That version is older than this one."},
};

/// major, minor, dev before rc before a release, patch, commits since.
using Version = std::array<long, 5>;

long number(std::string_view& text) {
  const std::string copy(text);
  char* end = nullptr;
  const long value = std::strtol(copy.c_str(), &end, 10);
  text.remove_prefix(static_cast<size_t>(end - copy.c_str()));
  return value;
}

bool skip(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

Version read_version(std::string_view text) {
  constexpr long release = 1L << 30, candidate = 1L << 20;
  Version version{0, 0, release, 0, 0};
  version[0] = number(text);
  if (skip(text, ".")) version[1] = number(text);
  if (skip(text, "-dev"))
    version[2] = number(text);
  else if (skip(text, "-rc"))
    version[2] = candidate + number(text);
  else if (skip(text, "."))
    version[3] = number(text);
  // "-7" counts commits since the release; a packager's "-1+deb12u4" does not.
  if (skip(text, "-")) {
    const long commits = number(text);
    if (text.empty() || text[0] == '-') version[4] = commits;
  }
  return version;
}

}  // namespace

const Predicate* find_predicate(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(predicates), std::end(predicates), [&](auto& p) { return p.name == name; });
  return found == std::end(predicates) ? nullptr : found;
}

int compare_versions(std::string_view a, std::string_view b) {
  const Version left = read_version(a), right = read_version(b);
  return left < right ? -1 : left > right;
}

}  // namespace ddbproxy::config
