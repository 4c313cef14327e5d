#include "app/privileges.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace ddbproxy::app {

bool gives_up_rights(const model::Global& global) {
  return !global.chroot.empty() || (geteuid() == 0 && ((global.uid && *global.uid) || (global.gid && *global.gid)));
}

base::Status drop_privileges(const model::Global& global) {
  const auto failed = [](std::string text) { return base::Error{errno, std::move(text)}; };
  if (!global.chroot.empty() && (chroot(global.chroot.c_str()) < 0 || chdir("/") < 0))
    return failed(fmt::format("[haproxy.main()] Cannot chroot({}).", global.chroot));
  if (global.gid && *global.gid) {
    // The groups of the user who started us are not ours any more; without the right to drop them there are none to
    // fear.
    if (getgroups(0, nullptr) > 0 && geteuid() == 0) setgroups(0, nullptr);
    if (setgid(*global.gid) < 0) return failed(fmt::format("[haproxy.main()] Cannot set gid {}.", *global.gid));
  }
  if (global.uid && *global.uid && setuid(*global.uid) < 0)
    return failed(fmt::format("[haproxy.main()] Cannot set uid {}.", *global.uid));
  // A process that was taken over shall gain nothing by a program it starts. Threads made from here on inherit it.
  if (!global.insecure_setuid_wanted) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // Changing the user makes the process undumpable; set-dumpable asks for core files all the same.
  if (global.set_dumpable) prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  return base::ok();
}

bool needs_full_privileges(const model::Model& model) {
  const auto needs = [](const std::optional<model::Source>& source) {
    return source && (source->as != model::Source::As::self || !source->interface.empty());
  };
  return std::ranges::any_of(model.proxies, [&](const auto& proxy) {
    return proxy->backend && (needs(proxy->backend->source) ||
                              std::ranges::any_of(proxy->backend->servers, needs, &model::Server::source));
  });
}

void forbid_new_processes(const model::Global& global) {
  constexpr rlimit none{0, 0};
  if (!global.insecure_fork_wanted) setrlimit(RLIMIT_NPROC, &none);
}

}  // namespace ddbproxy::app
