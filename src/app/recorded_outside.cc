#include "app/recorded_outside.h"

#include <utility>

namespace ddbproxy::app {
namespace {

/// What is known for `key`; else what `ask` says, which is known from then on.
template <class Map, class Ask>
typename Map::mapped_type known(Map& map, const typename Map::key_type& key, Ask ask) {
  const auto found = map.find(key);
  return found != map.end() ? found->second : map.emplace(key, ask()).first->second;
}

constexpr uint64_t none = UINT64_MAX;  // no user's or group's number

template <class Ids>
void write_ids(WireText& text, const Ids& ids) {
  text.number(ids.size());
  for (const auto& [name, id] : ids) {
    text.string(name);
    text.number(id ? *id : none);
  }
}

template <class Ids>
void read_ids(WireReader& text, Ids& ids) {
  for (uint64_t left = text.number(); left && text.whole(); --left) {
    const std::string name(text.string());
    const uint64_t id = text.number();
    auto& known = ids[name];
    if (id != none) known = static_cast<uid_t>(id);
  }
}

}  // namespace

Outside::File RecordedOutside::file(const std::string& path) {
  return known(files_, path, [&] { return of_process().file(path); });
}

std::optional<uid_t> RecordedOutside::user(const std::string& name) {
  return known(users_, name, [&] { return of_process().user(name); });
}

std::optional<gid_t> RecordedOutside::group(const std::string& name) {
  return known(groups_, name, [&] { return of_process().group(name); });
}

Address RecordedOutside::host(const std::string& name, int family) {
  return known(hosts_, std::pair(name, family), [&] { return of_process().host(name, family); });
}

bool RecordedOutside::network_namespace(const std::string& name) {
  return known(network_namespaces_, name, [&] { return of_process().network_namespace(name); });
}

void RecordedOutside::write(WireText& text) const {
  text.number(files_.size());
  for (const auto& [path, file] : files_) {
    text.string(path);
    text.number(static_cast<uint64_t>(file.error));
    text.number(static_cast<uint64_t>(file.kind));
    text.string(file.text);
  }
  write_ids(text, users_);
  write_ids(text, groups_);
  text.number(hosts_.size());
  for (const auto& [asked, address] : hosts_) {
    text.string(asked.first);
    text.number(static_cast<uint64_t>(asked.second));
    text.string({reinterpret_cast<const char*>(address.data()), address.size()});
  }
  text.number(network_namespaces_.size());
  for (const auto& [name, exists] : network_namespaces_) {
    text.string(name);
    text.number(exists);
  }
}

void RecordedOutside::read(WireReader& text) {
  for (uint64_t left = text.number(); left && text.whole(); --left) {
    File& file = files_[std::string(text.string())];
    file.error = static_cast<int>(text.number());
    file.kind = static_cast<File::Kind>(text.number());
    file.text = text.string();
  }
  read_ids(text, users_);
  read_ids(text, groups_);
  for (uint64_t left = text.number(); left && text.whole(); --left) {
    std::string name(text.string());
    const int family = static_cast<int>(text.number());
    const std::string_view address = text.string();
    sockaddr_storage storage{};
    std::memcpy(&storage, address.data(), std::min(address.size(), sizeof storage));
    hosts_[{std::move(name), family}] = address.empty()
                                            ? Address()
                                            : Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&storage),
                                                                     static_cast<socklen_t>(address.size()));
  }
  for (uint64_t left = text.number(); left && text.whole(); --left) {
    std::string name(text.string());
    network_namespaces_[std::move(name)] = text.number();
  }
}

}  // namespace ddbproxy::app
