#include "app/process.h"

#include <csignal>
#include <fmt/format.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

#include "app/memory_report.h"
#include "app/privileges.h"
#include "app/state_dump.h"
#include "app/version_text.h"
#include "base/thread_slot.h"
#include "http/fetches.h"
#include "http/http_stream.h"
#include "log/console.h"
#include "log/trace.h"
#include "net/datagram.h"
#include "net/listener.h"
#include "stream/census.h"
#include "stream/process_variables.h"
#include "stream/tcp_stream.h"

namespace ddbproxy::app {
namespace {

void alert(std::string_view text) { log::console(log::ConsoleLevel::alert, text); }

/// One for each mode, in the order of model::Mode.
stream::Factories factories(const http::Site& site) { return {stream::TcpStream::make, http::http_streams(site)}; }

/// Counters are laid out for this many threads: said before the first is made.
const model::Model& with_threads(const model::Model& model) {
  base::set_workers(thread_count(model.global));
  return model;
}

/// Empty: none is to be written, as in the foreground without a master.
std::string pidfile(const Options& options, const model::Global& global, bool under_master) {
  if (!options.daemon && !under_master) return {};
  return options.pidfile.empty() ? global.pidfile : options.pidfile;
}

constexpr auto stop_poll = base::Milliseconds(20);

}  // namespace

Process::Process(std::shared_ptr<const model::Model> model, const Options& options, Daemon& daemon, UnderMaster* under)
    : options_(options),
      daemon_(daemon),
      under_(under),
      limits_(limits_of(with_threads(*model), options)),
      takeover_(options, pidfile(options, model->global, under), under ? under->master : getpid()),
      signals_(
          {SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGHUP, SIGQUIT, SIGTTOU, SIGTTIN},
          [](void* self, int signal) { static_cast<Process*>(self)->signalled(signal); }, this),
      state_(std::move(model)),
      check_evaluation_(state_),
      server_states_(state_),
      ring_servers_(control_),
      mails_(control_),
      health_(state_, server_states_, control_, &check_evaluation_),
      names_(state_, server_states_, control_),
      peers_(state_, control_),
      farewell_(state_, control_),
      dynamic_servers_(state_, health_, names_, farewell_),
      update_(state_, server_states_, health_, names_, dynamic_servers_, farewell_),
      info_(state_),
      exporter_(state_, info_),
      stats_page_(state_, info_),
      workers_(state_, base::workers(), factories({control_, {&exporter_, &stats_page_}})),
      frontends_(state_, workers_),
      removals_(state_, workers_, control_),
      stats_sockets_(control_, state_, server_states_, services_, info_),
      reload_(state_, options, control_,
              {[this](live::Generation& next, Provision* provision) { return open(next, provision); },
               [this](std::shared_ptr<live::Generation> next) { return carry_out(std::move(next)); }}),
      file_watch_(control_, options.files, [this] { reload(false, [](const Reload::Outcome&) {}); }),
      master_link_(control_, stats_sockets_) {}

Process::~Process() { workers_.stop(); }

int Process::run() {
  if (base::Status started = start(); !started) {
    if (!started.error().text.empty()) alert(started.error().text);
    return 1;
  }
  control_.run();
  workers_.stop();
  return exit_status_;
}

base::Status Process::start() {
  const model::Global& global = this->global();
  server_states_.restore();  // what it has to say was said with the configuration
  if (options_.verbose || options_.debug) {
    if (limits_.chosen) fmt::print(stderr, "Note: setting global.maxconn to {}.\n", limits_.maxconn);
    fmt::print(stderr, "{}\n", polling_text());
  }
  if (base::Status limited = apply_limits(limits_, global.strict_limits); !limited) {
    if (global.strict_limits) return limited.error();
    log::console(log::ConsoleLevel::warning, limited.error().text);
  }
  if (const std::string low = say_limit_too_low(limits_); !low.empty()) alert(low);
  if (base::Status limited = limit_memory(options_.memory_mb); !limited)
    log::console(log::ConsoleLevel::warning, limited.error().text);
  info_.memory_mb = options_.memory_mb;
  state_.process.pipes.limit = global.nosplice ? 0 : global.maxpipes ? global.maxpipes : spare_pipes(limits_);
  state_.process.pipes.size = global.pipesize;
  log::set_tracing(options_.debug);
  state_.process.maxconn = state_.process.hard_maxconn = limits_.maxconn;
  state_.process.maxsock = limits_.maxsock;
  state_.process.ulimit_n = limits_.ulimit_n;
  state_.process.maxpipes = global.maxpipes;
  state_.process.connection_rate_limit = global.maxconnrate;
  state_.process.session_rate_limit = global.maxsessrate;
  http::add_fetches();
  stream::set_process_variables(state_, state_.generation(), nullptr);
  state_.hooks.shutdown_sessions = [this](const live::Server& server, char why) {
    stream::Census(workers_).kill_where([&server](const stream::Stream& stream) { return stream.server() == &server; },
                                        static_cast<stream::Kill>(why));
  };

  state_.hooks.find_mentions = [this](auto servers, auto done) {
    stream::Census(workers_).find_mentions(std::move(servers), control_, std::move(done));
  };

  state_.hooks.measure_traffic = [this](auto done) {
    stream::Census(workers_).measure_traffic(control_, std::move(done));
  };

  state_.hooks.look_up_name = [this](live::NameQuery query) {
    control_.post([this, query = std::move(query)]() mutable { names_.lookups().begin(std::move(query)); });
  };

  state_.hooks.forget_name = [this](const void* asker) {
    control_.post([this, asker] { names_.lookups().forget(asker); });
  };

  services_ = {.workers = &workers_,
               .names = &names_,
               .servers = &dynamic_servers_,
               .farewell = &farewell_,
               .peers = &peers_,
               .rings = &ring_servers_,
               .pause_frontend = [this](live::Frontend& f) { return frontends_.pause(f); },
               .resume_frontend = [this](live::Frontend& f) { return frontends_.resume(f); },
               .stop_frontend = [this](live::Frontend& f) { return frontends_.stop(f); },
               .listening_sockets = [this] { return listening_sockets(); },
               .reload =
                   [this](bool only_check, const std::function<void(bool, std::string)>& done) {
                     reload(only_check, [done](const Reload::Outcome& o) { done(o.done, o.text); });
                   },
               .reload_provided = [this](base::Fd connection) { reload_provided(std::move(connection)); }};

  if (base::Status inherited = inherit(); !inherited) return inherited;
  const FrontendControl::Open open = [this](const auto& bind, const auto& place, const auto& how) {
    return takeover_.open(bind, place, how);
  };
  std::vector<std::string> failed = open_stats_sockets(global, open);
  listen_on_stats_sockets();
  if (under_) {
    under_->link_of_before.reset();
    master_link_.open(std::move(under_->link), [this] { master_gone(); });
  }
  const std::vector<std::string> more = frontends_.open_all(*state_.latest(), !options_.no_reuseport, open);
  failed.insert(failed.end(), more.begin(), more.end());
  const std::vector<std::string> of_peers = open_peers(*state_.latest(), open);
  failed.insert(failed.end(), of_peers.begin(), of_peers.end());
  const std::vector<std::string> others = open_forwarders(open);
  failed.insert(failed.end(), others.begin(), others.end());
  for (const std::string& text : failed) alert(text);
  if (!failed.empty())
    return base::Error{0, "[haproxy.main()] Some protocols failed to start their listeners! Exiting."};
  if (base::Status prepared = takeover_.prepare(); !prepared) return prepared;
  if (needs_full_privileges(state_.model())) {
    if (global.uid && *global.uid)
      return base::Error{
          0, "[haproxy.main()] Some configuration options require full privileges, so global.uid cannot be changed."};
    if (geteuid())
      log::console(log::ConsoleLevel::warning,
                   "[haproxy.main()] Some options which require full privileges might not work well.");
  }
  if (under_ && gives_up_rights(global))
    reload_.leave_to([this](bool only_check) { master_link_.ask_for_reload(only_check); });
  if (base::Status dropped = drop_privileges(global); !dropped) return dropped;

  stop_timer_.bind<&Process::look_whether_done>(control_, *this);
  grace_timer_.bind<&Process::grace_over>(control_, *this);
  hard_stop_timer_.bind<&Process::hard_stop>(control_, *this);
  second_timer_.bind<&Process::second_passed>(control_, *this);
  second_passed();
  signals_.start(control_);
  try {
    workers_.start(state_.model().global.cpu_map);
    if (geteuid() != 0 && !global.insecure_fork_wanted) reload_.make_reader();
  } catch (const std::system_error& error) {
    return base::Error{error.code().value(), fmt::format("[haproxy.main()] Cannot create a thread: {}.", error.what())};
  }
  // Nothing can fail any more. The old processes stop listening only now that this one does: no client finds the port
  // closed.
  if (base::Status taken = takeover_.complete(); !taken) return taken;
  state_.mails = &mails_;
  ring_servers_.adopt(state_.model());
  health_.start();
  names_.start();
  info_.peers = &peers_;
  peers_.change_over(!options_.old_pids.empty());
  frontends_.start_all();
  forwarders_.start();
  forbid_new_processes(global);  // which threads are, too
  watch_files();
  log::end_of_startup();
  daemon_.ready();
  return base::ok();
}

base::Status Process::inherit() {
  base::Status inherited = takeover_.inherit();
  if (inherited || !under_) return inherited;
  // A worker that is about to end gives nothing; as in haproxy, that does not hinder its successor.
  alert(inherited.error().text);
  return base::ok();
}

std::vector<net::GivenSocket> Process::listening_sockets() const {
  std::vector<net::GivenSocket> sockets;
  for (const auto& frontend : state_.frontends())
    for (const live::Listener& listener : frontend->listeners())
      if (listener.fd)
        sockets.push_back({listener.fd.get(), listener.bind->interface, listener.bind->network_namespace});
  for (const int fd : stats_sockets_.descriptors()) sockets.push_back({fd, {}});
  for (const int fd : peers_.descriptors()) sockets.push_back({fd, {}});
  return sockets;
}

std::vector<std::string> Process::open_peers(const live::Generation& next, const FrontendControl::Open& open) {
  return peers_.open(
      next, [&](const model::Peers& section, const model::Bind::Listener& place) -> base::Result<base::Fd> {
        net::ListenOptions how = net::listen_options(next.global(), 0);
        how.reuse_port = how.reuse_port && !options_.no_reuseport;
        auto fd = open(section.bind, place, how);
        if (fd) return fd;
        return base::Error{0, binding_failed(section.bind, place.address, "proxy", section.local_name, fd.error())};
      });
}

std::vector<std::string> Process::open_stats_sockets(const model::Global& global, const FrontendControl::Open& open) {
  std::vector<std::string> errors;
  for (const model::Bind& bind : global.stats_sockets)
    for (const auto& place : bind.listeners) {
      net::ListenOptions how = net::listen_options(global, admin::usual_backlog);
      how.reuse_port = how.reuse_port && !options_.no_reuseport;
      if (auto fd = open(bind, place, how))
        next_stats_sockets_.push_back({&bind, &place, net::backlog_of(bind, how), std::move(*fd)});
      else
        errors.push_back(binding_failed(bind, place.address, "frontend", "GLOBAL", fd.error()));
    }
  return errors;
}

void Process::listen_on_stats_sockets() {
  for (StatsSocket& socket : next_stats_sockets_)
    stats_sockets_.listen(std::move(socket.fd), *socket.bind, *socket.place, socket.backlog);
  next_stats_sockets_.clear();
}

std::vector<std::string> Process::open(live::Generation& next, Provision* provision) {
  using Place = model::Bind::Listener;
  const FrontendControl::Open open = [&](const model::Bind& bind, const Place& place,
                                         net::ListenOptions how) -> base::Result<base::Fd> {
    how.pending = &pending_names_;
    if (provision) {
      const auto failed = provision->not_opened.find(net::socket_place(bind, place));
      if (failed != provision->not_opened.end()) return failed->second;
      how.inherited = &provision->sockets;
    }
    return net::open_listener(bind, place, how);
  };
  std::vector<std::string> errors = frontends_.open_next(next, !options_.no_reuseport, open);
  const std::vector<std::string> more = open_stats_sockets(
      next.global(), [&](const model::Bind& bind, const Place& place, const net::ListenOptions& how) {
        base::Fd shared = stats_sockets_.share(bind, place);
        return shared ? base::Result<base::Fd>(std::move(shared)) : open(bind, place, how);
      });
  errors.insert(errors.end(), more.begin(), more.end());
  const std::vector<std::string> of_peers = open_peers(next, open);
  errors.insert(errors.end(), of_peers.begin(), of_peers.end());
  if (errors.empty()) return errors;
  for (const net::PendingName& name : pending_names_) unlink(name.temporary.c_str());
  pending_names_.clear();
  next_stats_sockets_.clear();
  peers_.drop_opened();
  return errors;
}

std::vector<std::string> Process::open_forwarders(const FrontendControl::Open& open) {
  std::vector<std::string> errors;
  net::ListenOptions options = net::listen_options(global(), 0);
  options.reuse_port = options.reuse_port && !options_.no_reuseport;
  options.unix_mode = global().unix_bind_mode;
  options.unix_uid = global().unix_bind_uid;
  options.unix_gid = global().unix_bind_gid;
  forwarders_.open(
      state_.model(), [&](const auto& bind, const auto& place) { return open(bind, place, options); },
      [&](const auto& bind, const auto& place) { return net::open_datagram(bind, place.address, options); },
      [&](std::string_view name, const model::Bind& bind, const Address& address, const base::Error& why) {
        errors.push_back(binding_failed(bind, address, "frontend", name, why));
      });
  return errors;
}

std::vector<live::ServerChanges> Process::carry_out(std::shared_ptr<live::Generation> next) {
  const std::shared_ptr<live::Generation> before = state_.latest();
  for (const net::PendingName& name : pending_names_) rename(name.temporary.c_str(), name.path.c_str());
  pending_names_.clear();
  change_limits(before->global(), next->model());
  std::vector<live::ServerChanges> servers = update_.carry_out(std::move(next));
  stream::set_process_variables(state_, state_.generation(), before.get());
  ring_servers_.adopt(state_.model());
  frontends_.change_over(*before);
  removals_.note(*before, servers);
  stats_sockets_.forget_listeners();
  listen_on_stats_sockets();
  peers_.change_over(false);
  update_.see_off(before);
  workers_.admission().limits_changed();
  ++info_.reloads;
  info_.last_reload = base::wall_now();
  watch_files();
  return servers;
}

void Process::watch_files() {
  // A master sees to it itself, with rights that its worker may have given up.
  if (!global().reload_on_change || under_ || stopping_) return file_watch_.stop();
  if (file_watch_.watching()) return;
  auto mark = mark_of_read(options_.files, state_.model().sources);
  const base::Status watched = mark ? file_watch_.start(std::move(*mark)) : base::Status(mark.error());
  if (!watched) log::console(log::ConsoleLevel::warning, cannot_watch(watched.error()));
}

void Process::reload(bool only_check, Reload::Done done) {
  if (!only_check) file_watch_.note();
  reload_.ask(only_check, std::move(done));
}

void Process::reload_provided(base::Fd connection) {
  auto provision = std::make_shared<Provision>();
  const base::Status received = receive_provision(connection.get(), *provision);
  const auto answer = [to = std::make_shared<base::Fd>(std::move(connection))](const std::string& text) {
    // A socket takes so much at once; who does not listen any more need not know.
    static_cast<void>(send(to->get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  };
  if (!received) return answer(received.error().text + '\n');
  reload_.ask(std::move(provision), [answer](const Reload::Outcome& outcome) { answer(outcome.text); });
}

void Process::change_limits(const model::Global& before, const model::Model& next) {
  const model::Global& after = next.global;
  live::ProcessCounters& process = state_.process;
  if (before.maxconn != after.maxconn) process.maxconn = process.hard_maxconn = limits_of(next, options_).maxconn;
  if (before.maxconnrate != after.maxconnrate) process.connection_rate_limit = after.maxconnrate;
  if (before.maxsessrate != after.maxsessrate) process.session_rate_limit = after.maxsessrate;
}

void Process::signalled(int signal) {
  switch (signal) {
    case SIGTERM:
    case SIGINT:
      frontends_.close_all();
      // As haproxy: at once and by the signal itself, so that whoever started us sees how we ended.
      die_by(signal);
    case SIGUSR1: soft_stop(); break;
    case SIGUSR2: reload(false, [](const Reload::Outcome&) {}); break;
    case SIGHUP: dump_servers(state_); break;
    case SIGTTOU: pause(); break;
    case SIGTTIN: go_on(); break;
    case SIGQUIT: fmt::print(stderr, "{}", memory_report()); break;
    default: break;
  }
}

void Process::soft_stop() {
  if (stopping_) return;
  stopping_ = info_.stopping = services_.stopping = true;
  state_.process.stopping = true;
  watch_files();
  reload_.stop();
  if (!global().grace) return stop_accepting();
  log::console(log::ConsoleLevel::notice, fmt::format("Scheduling a soft-stop in {} ms.", global().grace->count()));
  grace_timer_.arm(*global().grace);
}

void Process::grace_over() {
  log::console(log::ConsoleLevel::notice, "Grace period expired, proceeding with soft-stop now.");
  stop_accepting();
}

void Process::stop_accepting() {
  frontends_.stop_all();
  forwarders_.close([](std::string_view name, uint64_t connections) {
    log::console(log::ConsoleLevel::warning, proxy_stopped(name, connections, 0));
  });
  names_.stop();
  peers_.stop();
  // Under a master the runtime API goes on: haproxy says nothing of it.
  if (stats_sockets_.stop_listening() && !under_) {
    const uint64_t sessions = stats_sockets_.cumulated();
    log::console(log::ConsoleLevel::warning, proxy_stopped("GLOBAL", sessions, sessions));
  }
  frontends_.say_backends_stopped();
  if (global().hard_stop_after) hard_stop_timer_.arm(*global().hard_stop_after);
  look_whether_done();
}

void Process::pause() {
  frontends_.pause_all();
  peers_.pause();
  if (stats_sockets_.pause()) log::console(log::ConsoleLevel::warning, "Paused frontend GLOBAL.");
}

void Process::go_on() {
  frontends_.resume_all();
  peers_.go_on();
  if (stats_sockets_.resume_listening()) log::console(log::ConsoleLevel::warning, "Resumed frontend GLOBAL.");
}

void Process::second_passed() {
  info_.second_passed();
  second_timer_.arm(base::Milliseconds{1000});
}

void Process::look_whether_done() {
  if (workers_.sessions() == 0 && peers_.done())
    control_.stop();
  else
    stop_timer_.arm(stop_poll);
}

void Process::hard_stop() {
  constexpr std::string_view too_long = "soft-stop running for too long, performing a hard-stop.";
  log::console(log::ConsoleLevel::warning, too_long);
  state_.generation().logger().write(log::warning, too_long);
  for (const auto& frontend : state_.frontends()) {
    if (!frontend->current_sessions()) continue;
    const std::string text = fmt::format("Proxy {} hard-stopped ({} remaining conns will be closed).", frontend->name(),
                                         frontend->current_sessions());
    log::console(log::ConsoleLevel::warning, text);
    frontend->logger().write(log::warning, text);
  }
  peers_.give_up();
  stream::Census(workers_).kill_where([](const stream::Stream&) { return true; }, stream::Kill::stopping);
}

}  // namespace ddbproxy::app
