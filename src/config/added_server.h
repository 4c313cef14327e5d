// A server that `add server` describes, read by the same tables as the lines of a configuration.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include <ddbproxy/diagnostics.h>
#include <ddbproxy/model.h>

namespace ddbproxy::config {

struct AddedServer {
  std::unique_ptr<model::Server> server;  ///< Null after an error.
  std::string title;                      ///< "'server b/s' : "; empty when it is not yet known which.
  std::string error;                      ///< Without the title, as the client is told.
  Diagnostics diagnostics;                ///< All that there is to say; each text begins with the title.
};

/// Reads a name, an address, whose variables are those of `environment`, and options. `running_server` finds the server
/// of the backend that has an id.
AddedServer read_added_server(const model::Proxy& proxy, std::span<const std::string> words,
                              const Environment& environment,
                              std::function<const model::Server*(uint32_t id)> running_server);

}  // namespace ddbproxy::config
