#include "app/restart_needs.h"

#include <algorithm>

#include <ddbproxy/log_sections.h>

#include "app/privileges.h"
#include "net/network_namespace.h"

namespace ddbproxy::app {
namespace {

bool is_same(const model::LogTarget& a, const model::LogTarget& b) {
  return a.kind == b.kind && a.address == b.address && a.fd == b.fd && a.ring == b.ring && a.length == b.length &&
         a.format == b.format && a.facility == b.facility && a.level == b.level && a.minimum_level == b.minimum_level &&
         a.sample_ranges == b.sample_ranges && a.sample_size == b.sample_size;
}

/// A line may mean another thing than before: `log global`, or a ring that has changed.
bool same_forwards(const model::Model& before, const model::Model& after) {
  return std::ranges::equal(before.log_forwards, after.log_forwards, [](const auto& a, const auto& b) {
    return a->name == b->name && a->text == b->text &&
           std::ranges::equal(a->proxy->log.targets, b->proxy->log.targets, is_same);
  });
}

/// Of a server, whose sockets are made when the process may no longer see it.
bool has_new_namespace(const model::Model& model) {
  const auto is_new = [](const model::Server& server) {
    return !server.network_namespace.empty() && !net::knows_network_namespace(server.network_namespace);
  };
  return std::ranges::any_of(model.proxies, [&](const auto& proxy) {
    return proxy->backend && std::ranges::any_of(proxy->backend->servers, is_new);
  });
}

}  // namespace

std::vector<std::string> restart_needs(const model::Model& whole_before, const model::Model& whole_after,
                                       bool under_master) {
  const model::Global &before = whole_before.global, &after = whole_after.global;
  std::vector<std::string> words;
  const auto hold = [&](const char* word, const auto& member) {
    if (!(before.*member == after.*member)) words.emplace_back(word);
  };
  using Global = model::Global;
  hold("nbthread", &Global::nbthread);
  hold("cpu-map", &Global::cpu_map);
  hold("user", &Global::uid);
  hold("group", &Global::gid);
  hold("chroot", &Global::chroot);
  hold("daemon", &Global::daemon);
  hold("master-worker", &Global::master_worker);
  hold("pidfile", &Global::pidfile);
  hold("ulimit-n", &Global::ulimit_n);
  hold("fd-hard-limit", &Global::fd_hard_limit);
  hold("strict-limits", &Global::strict_limits);
  hold("maxpipes", &Global::maxpipes);
  hold("nosplice", &Global::nosplice);
  hold("noepoll", &Global::noepoll);
  hold("busy-polling", &Global::busy_polling);
  hold("nopoll", &Global::nopoll);
  hold("set-dumpable", &Global::set_dumpable);
  hold("insecure-fork-wanted", &Global::insecure_fork_wanted);
  hold("insecure-setuid-wanted", &Global::insecure_setuid_wanted);
  hold("external-check", &Global::external_check);
  // Of sockets that are there already.
  hold("unix-bind", &Global::unix_bind_mode);
  hold("unix-bind", &Global::unix_bind_uid);
  hold("unix-bind", &Global::unix_bind_gid);
  hold("tune.rcvbuf.client", &Global::rcvbuf_client);
  hold("tune.sndbuf.client", &Global::sndbuf_client);
  hold("tune.bufsize", &Global::bufsize);
  hold("tune.pipesize", &Global::pipesize);
  if (after.uid && *after.uid && needs_full_privileges(whole_after)) words.emplace_back("source");
  if (!after.chroot.empty() && has_new_namespace(whole_after)) words.emplace_back("namespace");
  if (!same_forwards(whole_before, whole_after)) words.emplace_back("log-forward");
  if (!under_master) return words;
  hold("no-exit-on-failure", &Global::exit_on_failure);
  hold("mworker-max-reloads", &Global::max_reloads);
  hold("reload-on-change", &Global::reload_on_change);
  if (!(whole_before.programs == whole_after.programs)) words.emplace_back("program");
  return words;
}

}  // namespace ddbproxy::app
