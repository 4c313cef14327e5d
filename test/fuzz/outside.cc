// Stands before the C library; libFuzzer, which reads and writes its corpus between the runs, is let through.
#include "outside.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <dlfcn.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>

using ddbproxy::fuzz::NothingOutside;

namespace {

template <class F>
F* behind(const char* name) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

// std::ifstream opens with it.
FILE* fopen64(const char* path, const char* mode) {
  static const auto real = behind<FILE*(const char*, const char*)>("fopen64");
  if (!NothingOutside::closed) return real(path, mode);
  errno = ENOENT;
  return nullptr;
}

DIR* opendir(const char* path) {
  static const auto real = behind<DIR*(const char*)>("opendir");
  if (!NothingOutside::closed) return real(path);
  errno = ENOENT;
  return nullptr;
}

int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) { return EAI_NONAME; }

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

}  // extern "C"
