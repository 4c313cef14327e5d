// Options of `bind` and `stats socket` (manual 5.1).
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Bind;

constexpr Keyword<Bind> rows[] = {
    {.name = "accept-proxy",
     .syntax = "",
     .parse = flag<&Bind::accept_proxy>,
     .doc = "Expects a PROXY protocol header before the data of each connection."},
    {.name = "name",
     .syntax = "<name>",
     .parse = string<&Bind::name>,
     .doc = "The name of the listener in statistics."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Bind> bind_table{"bind option", rows};

}  // namespace ddbproxy::config
