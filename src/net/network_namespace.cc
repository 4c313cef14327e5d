#include "net/network_namespace.h"

#include <cerrno>
#include <fcntl.h>
#include <map>
#include <sched.h>
#include <sys/socket.h>

#include "base/guarded.h"

namespace ddbproxy::net {
namespace {

struct Namespaces {
  base::Fd own;  // the process's
  std::map<std::string, base::Fd, std::less<>> named;
};

base::Guarded<Namespaces>& opened() {
  static base::Guarded<Namespaces> namespaces;
  return namespaces;
}

base::Fd open_file(const std::string& path) { return base::Fd(open(path.c_str(), O_RDONLY | O_CLOEXEC)); }

/// -1 with an errno: there is none.
int find_or_open(Namespaces& namespaces, std::string_view name) {
  const auto found = namespaces.named.find(name);
  if (found != namespaces.named.end()) return found->second.get();
  if (!namespaces.own) namespaces.own = open_file("/proc/self/ns/net");
  if (!namespaces.own) return -1;
  base::Fd file = open_file("/var/run/netns/" + std::string(name));
  if (!file) return -1;
  return namespaces.named.emplace(name, std::move(file)).first->second.get();
}

/// While it lives the calling thread makes its sockets in that namespace.
class Inside {
 public:
  explicit Inside(std::string_view name) {
    opened().with([&](Namespaces& namespaces) {
      const int file = find_or_open(namespaces, name);
      inside_ = file >= 0 && setns(file, CLONE_NEWNET) == 0;
    });
  }
  ~Inside() {
    if (!inside_) return;
    const int error = errno;
    opened().with([](Namespaces& namespaces) { setns(namespaces.own.get(), CLONE_NEWNET); });
    errno = error;
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  explicit operator bool() const { return inside_; }

 private:
  bool inside_ = false;
};

}  // namespace

bool open_network_namespace(std::string_view name) {
  return opened().with([&](Namespaces& namespaces) { return find_or_open(namespaces, name) >= 0; });
}

bool knows_network_namespace(std::string_view name) {
  return opened().with([&](Namespaces& namespaces) { return namespaces.named.contains(name); });
}

base::Fd make_socket(int family, std::string_view network_namespace) {
  const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  if (network_namespace.empty()) return base::Fd(socket(family, type, 0));
  const Inside inside(network_namespace);
  return inside ? base::Fd(socket(family, type, 0)) : base::Fd();
}

}  // namespace ddbproxy::net
