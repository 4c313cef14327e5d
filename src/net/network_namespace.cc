#include "net/network_namespace.h"

#include <cerrno>
#include <fcntl.h>
#include <map>
#include <sched.h>

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

}  // namespace

bool open_network_namespace(std::string_view name) {
  return opened().with([&](Namespaces& namespaces) { return find_or_open(namespaces, name) >= 0; });
}

bool knows_network_namespace(std::string_view name) {
  return opened().with([&](Namespaces& namespaces) { return namespaces.named.contains(name); });
}

InNetworkNamespace::InNetworkNamespace(std::string_view name) {
  opened().with([&](Namespaces& namespaces) {
    const int file = find_or_open(namespaces, name);
    inside_ = file >= 0 && setns(file, CLONE_NEWNET) == 0;
  });
}

InNetworkNamespace::~InNetworkNamespace() {
  if (!inside_) return;
  const int error = errno;
  opened().with([](Namespaces& namespaces) { setns(namespaces.own.get(), CLONE_NEWNET); });
  errno = error;
}

}  // namespace ddbproxy::net
