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

}  // namespace

bool open_network_namespace(std::string_view name) {
  const auto open_file = [](const std::string& path) { return base::Fd(open(path.c_str(), O_RDONLY | O_CLOEXEC)); };
  return opened().with([&](Namespaces& namespaces) {
    if (namespaces.named.contains(name)) return true;
    if (!namespaces.own) namespaces.own = open_file("/proc/self/ns/net");
    base::Fd file = open_file("/var/run/netns/" + std::string(name));
    if (!file || !namespaces.own) return false;
    namespaces.named.emplace(name, std::move(file));
    return true;
  });
}

bool knows_network_namespace(std::string_view name) {
  return opened().with([&](Namespaces& namespaces) { return namespaces.named.contains(name); });
}

InNetworkNamespace::InNetworkNamespace(std::string_view name) {
  opened().with([&](Namespaces& namespaces) {
    const auto found = namespaces.named.find(name);
    if (found == namespaces.named.end())
      errno = ENOENT;
    else
      inside_ = setns(found->second.get(), CLONE_NEWNET) == 0;
  });
}

InNetworkNamespace::~InNetworkNamespace() {
  if (!inside_) return;
  const int error = errno;
  opened().with([](Namespaces& namespaces) { setns(namespaces.own.get(), CLONE_NEWNET); });
  errno = error;
}

}  // namespace ddbproxy::net
