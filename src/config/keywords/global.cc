// Rows of the section "global" (manual 3).
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Global;

constexpr Keyword<Global> rows[] = {
    {.name = "chroot",
     .syntax = "<directory>",
     .sections = in_global,
     .max_args = 1,
     .parse = string<&Global::chroot>,
     .doc = "Changes the root directory of the process once it is started."},
    {.name = "daemon",
     .syntax = "",
     .sections = in_global,
     .max_args = 0,
     .parse = flag<&Global::daemon>,
     .doc = "Runs in the background."},
    {.name = "maxconn",
     .syntax = "<number>",
     .sections = in_global,
     .max_args = 1,
     .parse = integer<&Global::maxconn>,
     .doc = "Limits the connections of the whole process."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Global> global_table{"global", rows};

}  // namespace ddbproxy::config
