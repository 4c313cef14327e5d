// The process itself: version, environment, sockets, messages, descriptors.
#include <cstdlib>
#include <ctime>
#include <dirent.h>
#include <fmt/format.h>
#include <link.h>
#include <unistd.h>

#include <ddbproxy/version.h>

#include "admin/runs.h"
#include "admin/targets.h"
#include "live/state.h"
#include "log/console.h"
#include "net/listener.h"

namespace ddbproxy::admin {
namespace {

/// What a descriptor is: its socket's address, or what /proc says.
std::string describe_descriptor(int fd, const live::State& state) {
  std::string owner;
  for (const auto& frontend : state.frontends())
    for (const live::Listener& listener : frontend->listeners())
      if (listener.fd.get() == fd) owner = " l.st=RDY fe=" + frontend->name();
  const Address local = net::local_address(fd);
  switch (local.family()) {
    case AF_INET: return fmt::format("fam=ipv4 lport={}{}", local.port(), owner);
    case AF_INET6: return fmt::format("fam=ipv6 lport={}{}", local.port(), owner);
    case AF_UNIX: return fmt::format("fam=unix{}", owner);
    default: break;
  }
  char target[256];
  const ssize_t length = ::readlink(fmt::format("/proc/self/fd/{}", fd).c_str(), target, sizeof target);
  return length > 0 ? std::string(target, static_cast<size_t>(length)) : std::string();
}

/// What the latest file has made of it, and the variables of the process's own that the program sets after reading it.
Environment environment_of(const live::State& state) {
  Environment environment = state.model().environment;
  for (char** variable = environ; variable && *variable; ++variable) {
    const std::string_view text = *variable;
    const size_t equals = text.find('=');
    if (text.starts_with("HAPROXY_") && equals != text.npos)
      environment.preset(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

}  // namespace

/// What a process that was started with -x says. A client that may not have them is left without a word, as in haproxy.
Answer run_getsocks(Call& call) {
  Answer answer;
  answer.take_connection = [&runtime = call.runtime, allowed = call.client.may_take_sockets](base::Fd connection) {
    if (!allowed || !runtime.services.listening_sockets) return;
    // Who asked and went away is the only one to miss them.
    static_cast<void>(net::send_sockets(connection.get(), runtime.services.listening_sockets()));
  };
  return answer;
}

Answer run_show_version(Call&) { return Answer::info(fmt::format("{}\n", haproxy_version)); }

Answer run_show_cli_sockets(Call& call) {
  if (call.client.master) return Answer::done();  // as haproxy's
  std::string text = "# socket lvl processes\n";
  for (const SocketName& socket : call.runtime.sockets)
    text += fmt::format("{} {} all\n", socket.address, level_name(socket.level));
  return Answer::document(std::move(text));
}

Answer run_show_env(Call& call) {
  const Environment environment = environment_of(call.runtime.state);
  if (call.has(2)) {
    const auto value = environment.get(call.word(2));
    if (!value) return Answer::error("Variable not found\n");
    return Answer::document(fmt::format("{}={}\n", call.word(2), *value));
  }
  std::string text;
  for (const std::string& variable : environment.entries()) text += variable + "\n";
  return Answer::document(std::move(text));
}

Answer run_show_startup_logs(Call&) { return Answer::info(log::startup_log() + "\n"); }

Answer run_show_fd(Call& call) {
  const int only = call.has(2) ? static_cast<int>(leading_number(call.word(2))) : -1;
  std::string text;
  DIR* directory = ::opendir("/proc/self/fd");
  if (!directory) return Answer::error("/proc/self/fd cannot be read.\n");
  while (const dirent* entry = ::readdir(directory)) {
    if (entry->d_name[0] == '.') continue;
    const int fd = std::atoi(entry->d_name);
    if (fd == ::dirfd(directory) || (call.has(2) && fd != only)) continue;
    text += fmt::format("{:>7} : {}\n", fd, describe_descriptor(fd, call.runtime.state));
  }
  ::closedir(directory);
  return Answer::document(std::move(text));
}

Answer run_show_libs(Call&) {
  std::string text;
  dl_iterate_phdr(
      [](dl_phdr_info* object, size_t, void* out) {
        uint64_t first = UINT64_MAX, last = 0;
        for (int i = 0; i < object->dlpi_phnum; ++i) {
          const auto& segment = object->dlpi_phdr[i];
          if (segment.p_type != PT_LOAD) continue;
          first = std::min<uint64_t>(first, segment.p_vaddr);
          last = std::max<uint64_t>(last, segment.p_vaddr + segment.p_memsz);
        }
        std::string name = object->dlpi_name;
        if (name.empty()) {
          char self[256];
          const ssize_t length = ::readlink("/proc/self/exe", self, sizeof self);
          if (length > 0) name.assign(self, static_cast<size_t>(length));
        }
        if (last > first)
          *static_cast<std::string*>(out) += fmt::format("{:#014x}-{:#014x} ({:#09x}) {}\n", object->dlpi_addr + first,
                                                         object->dlpi_addr + last - 1, last - first, name);
        return 0;
      },
      &text);
  return Answer::document(std::move(text));
}

}  // namespace ddbproxy::admin
