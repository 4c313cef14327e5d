// A `resolvers` section that runs: its name servers, their sockets and counters, and the names that are asked for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/fd.h"
#include "live/names/resolution.h"
#include "net/loop.h"

namespace ddbproxy::live {

/// As `show resolvers` counts them.
struct NameServerCounters {
  uint64_t sent = 0, send_errors = 0, valid = 0, update = 0, cname = 0, broken_aliases = 0, empty = 0, nonexistent = 0,
           timeout = 0, refused = 0, other = 0, invalid = 0, too_big = 0, truncated = 0, outdated = 0;
};

/// Who wants to know what a name stands for.
class NameClient {
 public:
  /// A round has ended well. `source` is who said so, for the log; `by` may be null: counts an update of an address.
  virtual void name_resolved(const Resolution& resolution, const std::string& source, NameServerCounters* by) = 0;
  /// A round has failed; Resolution::status() says how, holds() whether what was known before still counts.
  virtual void name_failed(const Resolution& resolution) = 0;

 protected:
  ~NameClient() = default;
};

/// Lives on the control loop.
class Resolver {
 public:
  Resolver(const model::Resolvers& config, net::Loop& loop);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  const model::Resolvers& config() const { return config_; }
  /// Has the name asked for, at once if it is new, until leave(). Names that only differ in case are one.
  void join(const std::string& name, RecordType preferred, NameClient& client);
  /// What is known of a name that somebody has asked for; null: nobody has.
  const Resolution* known(const std::string& name, RecordType preferred) const;
  /// The client may leave, and join for another name, while it is being told something.
  void leave(NameClient& client);
  /// Asks nobody any more, nor hears an answer.
  void stop();

  struct NameServer {
    const model::NameServer& config;
    NameServerCounters counters;
  };
  size_t name_servers() const { return servers_.size(); }
  const NameServer& name_server(size_t index) const;

 private:
  struct Peer;
  struct Entry;

  void ask(Entry& entry);
  void take(Peer& peer, Entry& entry, std::span<const unsigned char> message);
  void follow(Entry& entry, NextStep step);
  void end_round(Entry& entry);
  void tell_failed(Entry& entry);
  void tell_resolved(Entry& entry, Peer& peer);
  Entry* find(const std::string& name, RecordType preferred) const;
  Entry* running_entry(uint16_t id);
  uint16_t new_id();
  void bury();

  const model::Resolvers config_;
  net::Loop& loop_;
  bool stopped_ = false;
  std::vector<std::unique_ptr<Peer>> servers_;
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace ddbproxy::live
