// What the reading of a configuration asks the machine for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

#include <ddbproxy/address.h>

namespace ddbproxy {

/// Everything that a configuration takes from the machine beside its own text and the environment. Another than the
/// process's own may answer from memory, or say what somebody with other rights has seen.
class Outside {
 public:
  struct File {
    enum class Kind : uint8_t { regular, folder, other };

    int error = 0;  ///< Why it cannot be read (errno); 0: it can.
    Kind kind = Kind::regular;
    std::string text;  ///< Empty for a folder. Of what is no regular file no more than 16 MB, since it may not end.

    bool operator==(const File&) const = default;
  };

  virtual ~Outside() = default;
  virtual File file(const std::string& path) = 0;
  /// The numbers of a user and of a group.
  virtual std::optional<uid_t> user(const std::string& name) = 0;
  virtual std::optional<gid_t> group(const std::string& name) = 0;
  /// The first address that the system knows for a host, its port 0; empty when there is none. `family` is AF_INET,
  /// AF_INET6 or AF_UNSPEC. May take as long as name servers take.
  virtual Address host(const std::string& name, int family) = 0;
  /// Whether there is a network namespace of this name, as ip(8) makes them.
  virtual bool network_namespace(const std::string& name) = 0;

  /// The machine as this process sees it. Any thread, but of `user` and `group`: one at a time.
  static Outside& of_process();
};

}  // namespace ddbproxy
