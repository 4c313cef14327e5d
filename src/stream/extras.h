// What only some streams have: variables, captures, what rules have set.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "live/priority.h"
#include "live/variables.h"
#include "log/header.h"
#include "net/compact_address.h"
#include "sticky/table.h"

namespace ddbproxy::stream {

struct NameWait;

/// Made when a rule needs it, so that a stream without rules carries a pointer and nothing else.
struct Extras {
  live::Variables variables;                            ///< Of session, transaction, request and response.
  std::vector<std::string> captures;                    ///< By slot of the frontend's; cut to its length.
  std::optional<log::Level> log_level;                  ///< set-log-level
  bool silent = false;                                  ///< set-log-level silent
  live::Priority priority;                              ///< In queues.
  net::CompactAddress first_client, first_destination;  ///< What set-src and set-dst have replaced; empty: nothing.
  const model::Rule* last_rule = nullptr;               ///< That ended a ruleset on contents; when it is asked for.
  std::string unique_id;                                ///< unique-id-format; empty: it has not been asked for.
  bool http_read = false;                               ///< Something has asked for a part of its HTTP request.
  std::string_view method;  ///< Of the HTTP request that was looked at, if it is a usual one.
  /// Fields of the PROXY header that the client sent.
  std::string proxy_authority, proxy_unique_id, proxy_namespace;
  std::array<sticky::Tracked, 3> tracked;    ///< By slot: what the connection is counted for.
  uint64_t counted_in = 0, counted_out = 0;  ///< Bytes that these know of.
  /// A key that is to lead to the server that will have answered.
  struct Learning {
    sticky::Table* table;
    std::string key;
  };
  std::vector<Learning> learning;
  std::vector<std::shared_ptr<NameWait>> names;  ///< That rules have asked for.

  Extras() = default;
  Extras(const Extras&) = delete;
  Extras& operator=(const Extras&) = delete;
  ~Extras();

  /// The session that they belong to begins.
  void count_session(base::Instant now);
  /// `in`, `out`: all bytes so far.
  void count_bytes(uint64_t in, uint64_t out, base::Instant now);
};

}  // namespace ddbproxy::stream
