// The machine as this process sees it: files, users, groups and names of hosts.
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ddbproxy/outside.h>

#include "base/fd.h"

namespace ddbproxy {
namespace {

constexpr size_t most_of_endless = size_t{16} << 20;

/// False, with errno, when it cannot be read.
bool read_text(int fd, size_t expected, size_t most, std::string& text) {
  constexpr size_t piece = 64 << 10;
  size_t size = 0;
  for (;;) {
    text.resize(size + std::max(piece, expected > size ? expected - size : 0));
    const ssize_t got = read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got > 0) size += static_cast<size_t>(got);
    if (got > 0 && size < most) continue;
    text.resize(size);
    text.shrink_to_fit();
    return got >= 0;
  }
}

class OwnMachine final : public Outside {
 public:
  File file(const std::string& path) override {
    File file;
    struct stat about {};
    const base::Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd || fstat(fd.get(), &about)) {
      file.error = errno;
      return file;
    }
    file.kind = S_ISREG(about.st_mode)   ? File::Kind::regular
                : S_ISDIR(about.st_mode) ? File::Kind::folder
                                         : File::Kind::other;
    if (file.kind == File::Kind::folder) return file;
    const bool ends = file.kind == File::Kind::regular;
    if (!read_text(fd.get(), ends ? static_cast<size_t>(about.st_size) + 1 : 0, ends ? SIZE_MAX : most_of_endless,
                   file.text))
      file.error = errno;
    return file;
  }

  std::optional<uid_t> user(const std::string& name) override {
    const passwd* entry = name.empty() ? nullptr : getpwnam(name.c_str());
    if (!entry) return {};
    return entry->pw_uid;
  }

  std::optional<gid_t> group(const std::string& name) override {
    const ::group* entry = name.empty() ? nullptr : getgrnam(name.c_str());
    if (!entry) return {};
    return entry->gr_gid;
  }

  Address host(const std::string& name, int family) override {
    addrinfo hints{};
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (name.empty() || getaddrinfo(name.c_str(), nullptr, &hints, &found) != 0) return {};
    Address address;
    for (const addrinfo* each = found; each && address.empty(); each = each->ai_next)
      address = Address::from_sockaddr(each->ai_addr, each->ai_addrlen);
    freeaddrinfo(found);
    return address;
  }

  bool network_namespace(const std::string& name) override {
    return static_cast<bool>(base::Fd(open(("/var/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC)));
  }
};

}  // namespace

Outside& Outside::of_process() {
  static OwnMachine machine;
  return machine;
}

}  // namespace ddbproxy
