#include "app/port_holder.h"

#include <algorithm>
#include <array>
#include <climits>
#include <dirent.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <unistd.h>
#include <vector>

namespace ddbproxy::app {
namespace {

/// The inodes of the TCP sockets that listen on the port, on any address, as one of the kernel's tables has them.
void add_listeners(const char* table, uint16_t port, std::vector<std::string>& inodes) {
  constexpr std::string_view listening = "0A";
  std::ifstream in(table);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string number, local, remote, state, skipped, inode;
    words >> number >> local >> remote >> state;
    for (int i = 0; i < 5; ++i) words >> skipped;
    words >> inode;
    if (state == listening && local.ends_with(fmt::format(":{:04X}", port))) inodes.push_back(inode);
  }
}

std::string link_target(const std::string& path) {
  std::array<char, PATH_MAX> target;
  const ssize_t length = readlink(path.c_str(), target.data(), target.size());
  return length < 0 ? std::string() : std::string(target.data(), static_cast<size_t>(length));
}

/// The names in a directory; none when it cannot be read.
std::vector<std::string> names_in(const std::string& path) {
  std::vector<std::string> names;
  DIR* directory = opendir(path.c_str());
  if (!directory) return names;
  while (const dirent* entry = readdir(directory)) names.emplace_back(entry->d_name);
  closedir(directory);
  return names;
}

bool holds(const std::string& process, const std::vector<std::string>& inodes) {
  const std::string folder = fmt::format("/proc/{}/fd", process);
  for (const std::string& fd : names_in(folder)) {
    const std::string target = link_target(folder + "/" + fd);
    if (std::any_of(inodes.begin(), inodes.end(),
                    [&](const std::string& inode) { return target == fmt::format("socket:[{}]", inode); }))
      return true;
  }
  return false;
}

}  // namespace

std::string port_holder(const Address& address) {
  if (!address.is_ip() || address.port() == 0) return {};
  std::vector<std::string> inodes;
  add_listeners("/proc/net/tcp", address.port(), inodes);
  add_listeners("/proc/net/tcp6", address.port(), inodes);
  if (inodes.empty()) return {};
  for (const std::string& name : names_in("/proc")) {
    if (name.find_first_not_of("0123456789") != name.npos || !holds(name, inodes)) continue;
    std::string program;
    std::ifstream in(fmt::format("/proc/{}/comm", name));
    std::getline(in, program);
    return program.empty() ? fmt::format("held by process {}", name)
                           : fmt::format("held by process {}, {}", name, program);
  }
  return {};
}

}  // namespace ddbproxy::app
