#include "app/provision.h"

#include <cerrno>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ddbproxy/peers.h>

#include "admin/socket_server.h"
#include "app/frontend_control.h"

namespace ddbproxy::app {
namespace {

base::Result<base::Fd> to_memory(const Provision& provision) {
  WireText text;
  text.number(provision.only_check);
  text.string(provision.unreadable);
  text.number(provision.sources.size());
  for (const SourceFile& source : provision.sources) {
    text.string(source.name);
    text.string(source.text);
  }
  provision.outside.write(text);
  text.number(provision.not_opened.size());
  for (const auto& [place, error] : provision.not_opened) {
    text.string(place);
    text.number(static_cast<uint64_t>(error.code));
    text.string(error.text);
  }
  base::Fd fd(memfd_create("provision", MFD_CLOEXEC));
  std::string_view rest = text.text();
  while (fd && !rest.empty()) {
    const ssize_t written = write(fd.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return base::Error::from_errno(errno);
    rest.remove_prefix(static_cast<size_t>(written));
  }
  if (!fd) return base::Error::from_errno(errno);
  return fd;
}

base::Status read_from_memory(int fd, Provision& provision) {
  const off_t size = lseek(fd, 0, SEEK_END);
  if (size <= 0) return base::Error{EINVAL, "The provision for the reload cannot be read."};
  void* const memory = mmap(nullptr, static_cast<size_t>(size), PROT_READ, MAP_PRIVATE, fd, 0);
  if (memory == MAP_FAILED) return base::Error::from_errno(errno);
  WireReader text({static_cast<const char*>(memory), static_cast<size_t>(size)});
  provision.only_check = text.number();
  provision.unreadable = text.string();
  for (uint64_t left = text.number(); left && text.whole(); --left) {
    std::string name(text.string());
    provision.sources.push_back({std::move(name), std::string(text.string())});
  }
  provision.outside.read(text);
  for (uint64_t left = text.number(); left && text.whole(); --left) {
    std::string place(text.string());
    const int code = static_cast<int>(text.number());
    provision.not_opened.emplace(std::move(place), base::Error{code, std::string(text.string())});
  }
  munmap(memory, static_cast<size_t>(size));
  if (!text.whole()) return base::Error{EINVAL, "The provision for the reload is not whole."};
  return base::ok();
}

/// Says that the other side may begin: nothing of it must come together with the command, for descriptors would be
/// lost.
constexpr char go_on = '+';

}  // namespace

base::Status send_provision(int connection, const Provision& provision, const std::vector<net::GivenSocket>& opened) {
  char word = 0;
  if (read(connection, &word, 1) != 1 || word != go_on) return base::Error{EPROTO, "The worker takes no provision."};
  auto memory = to_memory(provision);
  if (!memory) return memory.error();
  std::vector<net::GivenSocket> all{{memory->get(), {}}};
  all.insert(all.end(), opened.begin(), opened.end());
  if (base::Status sent = net::send_sockets(connection, all); !sent) return sent;
  int heard;  // of the last message
  return read(connection, &heard, sizeof heard) == sizeof heard ? base::ok() : base::Error::from_errno(errno);
}

base::Status receive_provision(int connection, Provision& provision) {
  if (send(connection, &go_on, 1, MSG_NOSIGNAL) != 1) return base::Error::from_errno(errno);
  auto received = net::receive_passed(connection);
  if (!received) return received.error();
  if (received->empty()) return base::Error{EPROTO, "The master sent no provision."};
  if (base::Status read = read_from_memory(received->front().fd.get(), provision); !read) return read;
  received->erase(received->begin());
  provision.sockets.add(std::move(*received));
  return base::ok();
}

void for_each_place(
    const model::Model& model, int threads, bool reuse_port,
    const std::function<void(const model::Bind&, const model::Bind::Listener&, net::ListenOptions)>& fn) {
  const auto all_of = [&](const model::Bind& bind, net::ListenOptions options) {
    options.reuse_port = options.reuse_port && reuse_port;
    for (const auto& listener : bind.listeners) fn(bind, listener, options);
  };
  for (const auto& proxy : model.proxies) {
    if (!proxy->frontend) continue;
    net::ListenOptions options = net::listen_options(model.global, *proxy->frontend);
    options.reuse_port = options.reuse_port && reuse_port;
    for (const model::Bind& bind : proxy->frontend->binds)
      for (const auto& listener : repeated(bind, threads)) fn(bind, listener, options);
  }
  for (const model::Bind& bind : model.global.stats_sockets)
    all_of(bind, net::listen_options(model.global, admin::usual_backlog));
  for (const auto& section : model.peers)
    if (section->works()) all_of(section->bind, net::listen_options(model.global, 0));
}

}  // namespace ddbproxy::app
