// Where an expression may stand, and so what can be known there (manual 7.3).
#pragma once

#include <cstdint>
#include <string_view>

namespace ddbproxy::sample {

/// One kind of rule or line. Each side has its own, since a backend's rules run later than a frontend's.
enum class Place : uint8_t {
  connection,
  session,
  frontend_request,
  frontend_request_head,
  frontend_request_body,
  use_backend,
  backend_request,
  backend_request_head,
  backend_request_body,
  use_server,
  source,
  backend_response,
  backend_response_head,
  backend_response_body,
  stick_store,
  frontend_response,
  frontend_response_head,
  frontend_response_body,
  log,
  check,
  configuration,
  runtime_api
};

/// As messages name it: "frontend tcp-request content rule".
std::string_view name_of(Place place);

/// A set of places.
using Places = uint32_t;
constexpr Places at(Place place) { return Places{1} << static_cast<int>(place); }
constexpr Places between(Place first, Place last) { return (at(last) << 1) - at(first); }

/// What a fetch reads its answer from, and so where it can be known.
struct Source {
  std::string_view name;  ///< As messages name it.
  Places places;
  bool http = false;  ///< Of messages of HTTP: absent in mode tcp.
};

namespace sources {
inline constexpr Places client_side = between(Place::connection, Place::log),
                        server_side = between(Place::backend_response, Place::check),
                        request = between(Place::frontend_request, Place::source),
                        response = between(Place::backend_response, Place::frontend_response_body) | at(Place::check),
                        all = between(Place::connection, Place::runtime_api);
inline constexpr Source everywhere{"", all};
inline constexpr Source process{"internal state", all & ~at(Place::configuration)};
inline constexpr Source client_address{"client address", between(Place::connection, Place::check)};
inline constexpr Source frontend{"frontend", client_side};
inline constexpr Source client_connection{"client-side connection", client_side & ~at(Place::connection)};
inline constexpr Source request_bytes{"request buffer", request};
inline constexpr Source request_head{"HTTP request headers", request, true};
/// Contents of mode tcp are captured, too.
inline constexpr Source request_capture{"HTTP request", between(Place::frontend_request, Place::log)};
inline constexpr Source http_request{"HTTP request", between(Place::frontend_request, Place::log), true};
inline constexpr Source any_bytes{"request buffer,response buffer", request | response};
inline constexpr Source any_head{"HTTP request headers,HTTP response headers", request | response, true};
inline constexpr Source backend{"backend", between(Place::backend_request, Place::check)};
inline constexpr Source server{"server", between(Place::source, Place::check)};
inline constexpr Source server_address{"server address", server_side};
inline constexpr Source server_connection{"server-side connection", server_side};
inline constexpr Source response_bytes{"response buffer", response};
inline constexpr Source response_head{"HTTP response headers", response, true};
inline constexpr Source http_response{"HTTP response", server_side, true};
inline constexpr Source cache_answer{"HTTP response", between(Place::source, Place::check), true};
}  // namespace sources

}  // namespace ddbproxy::sample
