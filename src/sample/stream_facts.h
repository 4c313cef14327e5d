// What expressions and log formats may ask of a stream, as plain values: filled by a stream when it is asked.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <ddbproxy/address.h>

#include "base/clock.h"

namespace ddbproxy::sample {

/// The HTTP half; a TCP stream has none.
struct HttpFacts {
  std::string_view method, uri, version;  ///< Of the request line; method "<BADREQ>" when it could not be read.
  int status = -1;
  int64_t t_request = -1;   ///< %TR, ms; -1 not reached
  int64_t t_response = -1;  ///< %Tr, ms
};

/// One stream at one moment. Durations are whole milliseconds, -1 for a stage never reached.
struct StreamFacts {
  Address client;                              ///< %ci %cp
  Address frontend_address;                    ///< %fi %fp: what the client connected to
  Address backend_source;                      ///< %bi %bp: our side of the server connection
  Address server_address;                      ///< %si %sp
  base::WallTime accepted;                     ///< %t
  std::string_view frontend, backend, server;  ///< Names; server "<NOSRV>", "<STATS>".
  std::string_view bind_name;                  ///< As written, or the number of the listener.
  uint32_t bind_id = 0;                        ///< Number of the listener: the "port" of a UNIX socket.
  int64_t t_handshake = 0;                     ///< %Th
  int64_t t_idle = 0;                          ///< %Ti
  int64_t t_queue = -1;                        ///< %Tw
  int64_t t_connect = -1;                      ///< %Tc
  int64_t t_total = -1;                        ///< %Tt
  uint64_t bytes_in = 0;                       ///< %U: from the client
  uint64_t bytes_out = 0;                      ///< %B: to the client
  char termination[4] = {'-', '-', '-', '-'};  ///< %ts: the first two in TCP mode
  uint32_t actconn = 0, feconn = 0, beconn = 0, srvconn = 0;
  uint32_t retries = 0;
  bool redispatched = false;  ///< %rc then begins with '+'
  uint32_t server_queue = 0, backend_queue = 0;
  uint64_t request_counter = 0;  ///< %rt
  std::string_view unique_id;    ///< %ID
  bool received = false;         ///< The client sent something, even if %U does not count it (an unreadable request).
  bool partial = false;          ///< The stream has not ended yet.
  const HttpFacts* http = nullptr;
  std::span<const std::string> request_captures;  ///< %hr, by slot; empty: the frontend captures nothing.
};

}  // namespace ddbproxy::sample
