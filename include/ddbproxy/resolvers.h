// What a `resolvers` section says (manual 5.3.2), and how a server uses one.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <ddbproxy/address.h>
#include <ddbproxy/diagnostics.h>

namespace ddbproxy::model {

/// A server to ask, over UDP.
struct NameServer {
  Location where;
  std::string name;
  Address address;

  /// Wherever they stand.
  bool operator==(const NameServer& other) const { return name == other.name && address == other.address; }
};

struct Resolvers {
  /// For how long an old answer outlives one of its kind; `obsolete` an address that new answers lack.
  struct Hold {
    std::chrono::milliseconds nx{30'000}, refused{30'000}, timeout{30'000}, other{30'000}, valid{10'000}, obsolete{0};

    bool operator==(const Hold&) const = default;
  };

  Location where;
  std::string name;
  std::vector<NameServer> name_servers;
  uint16_t accepted_payload_size = 512;  ///< bytes
  int resolve_retries = 3;
  std::chrono::milliseconds resolve{1000}, retry{1000};
  Hold hold;

  /// Wherever they stand.
  bool operator==(const Resolvers& other) const {
    return name == other.name && name_servers == other.name_servers &&
           accepted_payload_size == other.accepted_payload_size && resolve_retries == other.resolve_retries &&
           resolve == other.resolve && retry == other.retry && hold == other.hold;
  }
};

/// A range of addresses as `resolve-net` has them.
struct Network {
  Address address;
  int prefix_length = 0;

  bool contains(const Address& candidate) const;
  bool operator==(const Network&) const = default;
};

/// How a server's name is resolved while running; without `resolvers` it is not.
struct NameResolution {
  std::string resolvers;      ///< As written: the name of a section.
  int section = -1;           ///< Its place in Model::resolvers.
  std::string service;        ///< The name, when it begins with '_': SRV records then say which host and port.
  int prefer = AF_INET6;      ///< The family that is asked for first.
  std::vector<Network> nets;  ///< Addresses in these are taken before others.
  bool allow_duplicates = false, ignore_weight = false;

  bool operator==(const NameResolution&) const = default;
};

}  // namespace ddbproxy::model
