// Options of `server` and `default-server` (manual 5.2).
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Check;
using model::Server;

constexpr Keyword<Server> rows[] = {
    {.name = "backup",
     .syntax = "",
     .parse = flag<&Server::backup>,
     .doc = "Serves only when all other servers are down."},
    {.name = "check",
     .syntax = "",
     .parse = flag<&Server::check, &Check::enabled>,
     .doc = "Checks the server's health."},
    {.name = "inter",
     .syntax = "<delay>",
     .parse = time<&Server::check, &Check::inter>,
     .doc = "Time between two health checks."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Server> server_table{"server option", rows};

}  // namespace ddbproxy::config
