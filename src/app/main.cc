// The ddbproxy program: what the command line asks for, in haproxy's order.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fmt/format.h>
#include <new>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include <ddbproxy/parse.h>
#include <ddbproxy/version.h>

#include "app/daemon.h"
#include "app/dumps.h"
#include "app/limits.h"
#include "app/master/handover.h"
#include "app/master/master.h"
#include "app/options.h"
#include "app/process.h"
#include "app/report.h"
#include "app/sources.h"
#include "app/version_text.h"
#include "base/memory.h"
#include "base/thread_slot.h"
#include "config/master_socket.h"
#include "live/server_states.h"
#include "live/state.h"
#include "log/console.h"
#include "net/library.h"

namespace ddbproxy::app {
namespace {

constexpr const char* default_configuration = "/etc/haproxy/haproxy.cfg";
constexpr std::string_view own_variable = "DDBPROXY_VERSION";

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int fail(std::string_view text) {
  log::console(log::ConsoleLevel::alert, text);
  return 1;
}

int show_usage(const char* program) {
  print(version_text());
  std::fflush(stdout);
  fmt::print(stderr, "{}", usage(program));
  return 1;
}

int evaluate(const std::string& condition, const Environment& environment) {
  std::string error;
  const int answer = evaluate_condition(condition, error, environment);
  if (answer >= 0) return answer ? 0 : 1;
  fail("config : " + error);
  return 2;
}

bool warnings_are_fatal(const ParseResult& result, const Options& options) {
  return options.warnings_fatal || (result.model && result.model->global.zero_warning);
}

/// What can be wrong with a configuration that was read: its exit status, or -1 to go on.
int judge(const ParseResult& result, const Options& options) {
  const bool warned = result.diagnostics.count(Severity::warning) > 0;
  if (result.diagnostics.failed()) return 1;
  if (warned && warnings_are_fatal(result, options))
    return options.quiet ? 1 : fail("config : Some warnings were found and 'zero-warning' is set. Aborting.");
  // A master's worker listens to its master at least.
  if (result.no_listener && !options.master_worker) {
    if (options.check) {
      if (warned && !options.quiet) print("Warnings were found.\n");
      if (!options.quiet) print("Configuration file has no error but will not start (no listener) => exit(2).\n");
    } else {
      fail("[haproxy.main()] No enabled listener found (check for 'bind' directives) ! Exiting.");
      return 1;
    }
    return 2;
  }
  if (!options.check) {
    for (const std::string& failure : result.start_failures) fail("config : " + failure);
    return result.start_failures.empty() ? -1 : 1;
  }
  if (!options.quiet) {
    if (warned) print("Warnings were found.\n");
    print("Configuration file is valid\n");
  }
  return 0;
}

/// One that is closed would become the first socket's number, which messages would then be written to.
void open_missing_standard_descriptors() {
  int fd;
  do {
    fd = open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  close(fd);
}

/// Makes the process's what the file made of it. Only while there is no other thread: the C library reads it without a
/// lock.
void take_environment(const Environment& environment) {
  static std::vector<std::string> entries;
  static std::vector<char*> pointers;
  entries = environment.entries();
  for (std::string& entry : entries) pointers.push_back(entry.data());
  pointers.push_back(nullptr);
  environ = pointers.data();
}

/// The sockets of the master's API; what is wrong with them is wrong with the configuration.
std::vector<model::Bind> master_sockets(const Options& options, Diagnostics& diagnostics) {
  std::vector<model::Bind> binds;
  for (const std::string& text : options.master_sockets)
    if (auto bind = config::read_master_socket(text, diagnostics)) binds.push_back(std::move(*bind));
  return binds;
}

/// What files of server states will do to the servers of a process that starts, in haproxy's words.
std::vector<std::string> recorded_changes(const std::shared_ptr<const model::Model>& model) {
  const auto recorded = [](const model::Server& server) { return server.record != nullptr; };
  const auto any_recorded = [&](const auto& proxy) {
    return proxy->backend && std::any_of(proxy->backend->servers.begin(), proxy->backend->servers.end(), recorded);
  };
  if (std::none_of(model->proxies.begin(), model->proxies.end(), any_recorded)) return {};
  base::set_workers(thread_count(model->global));  // before the first counter
  live::State state(model);
  return live::ServerStates(state).restore();
}

/// What is to be run: a model, or else the exit status.
struct Loaded {
  int status = 0;
  std::shared_ptr<const model::Model> model = nullptr;
  std::vector<model::Bind> master_sockets = {};
};

/// What keeps haproxy 2.6 from starting with sources that ddbproxy takes; none when it would take them, too. It is the
/// same reading without what is between `.if defined(DDBPROXY_VERSION)` and `.endif`.
std::optional<ParseResult> objections_of_haproxy(std::vector<SourceFile> sources, const Options& given,
                                                 const ParseResult& taken) {
  Options options = given;
  options.environment.unset(own_variable);
  ParseOptions how = parse_options_of(options);
  how.portable = true;
  ParseResult result = parse(std::move(sources), how);
  const bool warned = result.diagnostics.count(Severity::warning) > 0 && warnings_are_fatal(result, options);
  if (result.diagnostics.failed() || warned || result.no_listener != taken.no_listener) return result;
  return std::nullopt;
}

Loaded load(Options& options, const char* program) {
  if (!options.directory.empty() && chdir(options.directory.c_str()) < 0)
    return {
        report_unreadable(fmt::format("Could not change to directory {} : {}", options.directory, std::strerror(errno)),
                          options.directory, options)};
  if (options.files.empty() && access(default_configuration, F_OK) == 0) options.files.push_back(default_configuration);
  std::string culprit;
  auto sources = load_sources(options.files, culprit);
  if (!sources) return {report_unreadable(sources.error().text, culprit, options)};
  if (sources->empty()) return {show_usage(program)};
  std::string names;
  for (const SourceFile& source : *sources) names += (names.empty() ? "" : ";") + source.name;

  const std::vector<SourceFile> again = options.portable ? *sources : std::vector<SourceFile>();
  ParseResult result = parse(std::move(*sources), parse_options_of(options));
  if (options.portable && !result.diagnostics.failed())
    if (auto other = objections_of_haproxy(again, options, result)) result = std::move(*other);
  if (result.model)
    for (std::string& text : recorded_changes(result.model))
      result.diagnostics.add(Severity::warning, {}, std::move(text));
  if (result.model) take_environment(result.model->environment);
  setenv("HAPROXY_CFGFILES", names.c_str(), 1);
  if (result.model && result.model->global.master_worker) options.master_worker = true;
  std::vector<model::Bind> sockets;
  if (options.master_worker && !result.diagnostics.failed())
    sockets = master_sockets(options, result.diagnostics);
  else if (!options.master_sockets.empty() && !result.diagnostics.failed())
    result.diagnostics.add(Severity::warning, {},
                           "a master CLI socket was defined, but master-worker mode (-W) is not enabled.");
  if (options.json)
    print(to_json(result.diagnostics));
  else
    report(result.diagnostics, options);
  if (options.json || (result.model && result.model->global.quiet && !options.verbose)) options.quiet = true;
  const int verdict = judge(result, options);
  if (options.dump_libraries && (verdict < 0 || verdict == 0))
    print(fmt::format("List of loaded object files:\n{}", library_dump()));
  if (verdict >= 0) {
    // The process ends here: taking a large model apart would be a tenth of the work of checking it.
    [[maybe_unused]] static const auto& kept = *new auto(std::move(result.model));
    return {verdict};
  }
  return {0, std::move(result.model), std::move(sockets)};
}

int start(const Options& given, Loaded loaded, Handover& handover) {
  Options options = given;
  const model::Global& global = loaded.model->global;
  std::fflush(stdout);
  // libevent looks for these when the first loop is made.
  if (options.no_epoll || global.noepoll) setenv("EVENT_NOEPOLL", "1", 1);
  if (options.no_poll || global.nopoll) setenv("EVENT_NOPOLL", "1", 1);
  if (const std::string names = names_of(global.stats_sockets); !names.empty()) setenv("HAPROXY_CLI", names.c_str(), 1);
  Daemon daemon;
  // Like haproxy, -D wins over -d, -db and -Ws, which take back only what the configuration says. A master that
  // executes itself anew has left the terminal already.
  options.daemon |= global.daemon && !options.foreground && !options.debug && !options.notify_systemd;
  if (options.daemon && !handover.reexecuted())
    if (base::Status background = daemon.go_background(); !background) return fail(background.error().text);
  if (options.master_worker)
    return run_master(std::move(loaded.model), options, handover, daemon, loaded.master_sockets);
  return Process(std::move(loaded.model), options, daemon).run();
}

int run(int argc, char** argv) {
  open_missing_standard_descriptors();
  // The time zone that dates are in, which a chroot has no file of, and which a `setenv TZ` of the file is not for.
  tzset();
  base::prepare_for_shortage();
  net::give_events_a_reserve();
  Handover handover(argc, argv);
  Options options;
  const OptionsResult read = parse_options(argc, argv, options);
  if (read.outcome == OptionsResult::Outcome::error) return fail(read.message);
  if (read.outcome == OptionsResult::Outcome::usage) return show_usage(argv[0]);
  if (options.help) return print(usage(argv[0])), 0;
  if (options.version) {
    print(version_text());
    if (options.version > 1) print(build_options_text());
    return 0;
  }
  options.quiet = options.quiet && !options.verbose;
  if (options.quiet) log::silence_console(true);
  if (!options.memory_debug.empty()) {
    const auto debug = debug_memory(std::string_view(options.memory_debug).substr(1));
    if (!debug) return fail(debug.error().text);
    if (debug->only_help) return print(debug->text), 0;
  }
  if (!options.dump_keywords.empty()) print(keyword_dump(options.dump_keywords));
  // Asked for by `.if defined(DDBPROXY_VERSION)`, around what only this program understands.
  options.environment.set(own_variable, version);
  if (options.evaluate) return evaluate(options.condition, options.environment);
  options.environment.set("HAPROXY_STARTUP_VERSION", haproxy_version);
  if (options.master_worker) options.environment.set("HAPROXY_MWORKER", "1");
  Loaded loaded = load(options, argv[0]);
  if (loaded.model) return start(options, std::move(loaded), handover);
  if (!handover.reexecuted()) return loaded.status;
  // The master goes on with the worker that it has.
  Daemon daemon;
  Diagnostics said_before;
  return run_master(nullptr, options, handover, daemon, master_sockets(options, said_before));
}

}  // namespace
}  // namespace ddbproxy::app

int main(int argc, char** argv) {
  try {
    return ddbproxy::app::run(argc, argv);
  } catch (const std::bad_alloc&) {
    return ddbproxy::app::fail("[haproxy.main()] Not enough memory.");
  }
}
