#include "app/restart_needs.h"

namespace ddbproxy::app {

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
  if (!under_master) return words;
  hold("no-exit-on-failure", &Global::exit_on_failure);
  hold("mworker-max-reloads", &Global::max_reloads);
  hold("reload-on-change", &Global::reload_on_change);
  if (!(whole_before.programs == whole_after.programs)) words.emplace_back("program");
  return words;
}

}  // namespace ddbproxy::app
