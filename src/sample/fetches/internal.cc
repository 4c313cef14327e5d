// Rows of the fetches of the process (manual 7.3.2).
#include "sample/fetches/rows.h"

namespace ddbproxy::sample {
namespace {

constexpr Fetch rows[] = {
    {"always_false", ArgumentKinds::of(""), Type::boolean, sources::everywhere, "constant false"},
    {"always_true", ArgumentKinds::of(""), Type::boolean, sources::everywhere, "constant true"},
    {"avg_queue", ArgumentKinds::of("backend"), Type::integer, sources::process,
     "queue length divided by usable servers of a backend"},
    {"be_conn", ArgumentKinds::of("backend"), Type::integer, sources::process, "current connections of a backend"},
    {"be_conn_free", ArgumentKinds::of("backend"), Type::integer, sources::process,
     "free connection slots over a backend's servers"},
    {"be_sess_rate", ArgumentKinds::of("backend"), Type::integer, sources::process, "session rate of a backend"},
    {"bin", ArgumentKinds::of("string"), Type::binary, sources::everywhere, "constant binary"},
    {"bool", ArgumentKinds::of("string"), Type::boolean, sources::everywhere, "constant boolean"},
    {"connslots", ArgumentKinds::of("backend"), Type::integer, sources::process,
     "free connection plus queue slots of a backend"},
    {"cpu_calls", ArgumentKinds::of(""), Type::integer, sources::process, "calls of the stream's task", false},
    {"cpu_ns_avg", ArgumentKinds::of(""), Type::integer, sources::process, "average CPU ns per call", false},
    {"cpu_ns_tot", ArgumentKinds::of(""), Type::integer, sources::process, "total CPU ns", false},
    {"date", ArgumentKinds::of("[integer,string]"), Type::integer, sources::everywhere,
     "current epoch with optional offset/unit"},
    {"date_us", ArgumentKinds::of(""), Type::integer, sources::everywhere, "microseconds of the current date"},
    {"env", ArgumentKinds::of("string"), Type::string, sources::everywhere, "environment variable"},
    {"fe_conn", ArgumentKinds::of("frontend"), Type::integer, sources::process, "current connections of a frontend"},
    {"fe_req_rate", ArgumentKinds::of("frontend"), Type::integer, sources::process, "request rate of a frontend"},
    {"fe_sess_rate", ArgumentKinds::of("frontend"), Type::integer, sources::process, "session rate of a frontend"},
    {"hostname", ArgumentKinds::of(""), Type::string, sources::everywhere, "system host name"},
    {"int", ArgumentKinds::of("integer"), Type::integer, sources::everywhere, "constant integer"},
    {"ipv4", ArgumentKinds::of("IPv4 address"), Type::ipv4, sources::everywhere, "constant IPv4"},
    {"ipv6", ArgumentKinds::of("IPv6 address"), Type::ipv6, sources::everywhere, "constant IPv6"},
    {"last_rule_file", ArgumentKinds::of(""), Type::string, sources::process,
     "file of the rule that ended the last ruleset on contents of a request"},
    {"last_rule_line", ArgumentKinds::of(""), Type::integer, sources::process,
     "line of the rule that ended the last ruleset on contents of a request"},
    {"lat_ns_avg", ArgumentKinds::of(""), Type::integer, sources::process, "average scheduling latency ns", false},
    {"lat_ns_tot", ArgumentKinds::of(""), Type::integer, sources::process, "total scheduling latency ns", false},
    {"nbproc", ArgumentKinds::of(""), Type::integer, sources::everywhere, "number of processes (always 1)"},
    {"nbsrv", ArgumentKinds::of("backend"), Type::integer, sources::process, "usable servers of a backend"},
    {"prio_class", ArgumentKinds::of(""), Type::integer, sources::process, "queue priority class"},
    {"prio_offset", ArgumentKinds::of(""), Type::integer, sources::process, "queue priority offset"},
    {"proc", ArgumentKinds::of(""), Type::integer, sources::everywhere, "process number (always 1)"},
    {"queue", ArgumentKinds::of("backend"), Type::integer, sources::process, "queued connections of a backend"},
    {"rand", ArgumentKinds::of("[integer]"), Type::integer, sources::everywhere, "random integer"},
    {"srv_conn", ArgumentKinds::of("server"), Type::integer, sources::process, "current connections of a server"},
    {"srv_conn_free", ArgumentKinds::of("server"), Type::integer, sources::process, "free slots of a server"},
    {"srv_is_up", ArgumentKinds::of("server"), Type::boolean, sources::process, "server is up"},
    {"srv_iweight", ArgumentKinds::of("server"), Type::integer, sources::process, "initial weight of a server"},
    {"srv_queue", ArgumentKinds::of("server"), Type::integer, sources::process, "queued connections of a server"},
    {"srv_sess_rate", ArgumentKinds::of("server"), Type::integer, sources::process, "session rate of a server"},
    {"srv_uweight", ArgumentKinds::of("server"), Type::integer, sources::process, "user weight of a server"},
    {"srv_weight", ArgumentKinds::of("server"), Type::integer, sources::process, "effective weight of a server"},
    {"stopping", ArgumentKinds::of(""), Type::boolean, sources::process, "the process is stopping"},
    {"str", ArgumentKinds::of("string"), Type::string, sources::everywhere, "constant string"},
    {"thread", ArgumentKinds::of(""), Type::integer, sources::everywhere, "thread number"},
    {"unique-id", ArgumentKinds::of(""), Type::string, sources::everywhere, "unique id of the stream"},
    {"uuid", ArgumentKinds::of("[integer]"), Type::string, sources::everywhere, "random UUID"},
    {"var", ArgumentKinds::of("string[,string]"), Type::any, sources::everywhere, "variable value"},
    {"wait_end", ArgumentKinds::of(""), Type::boolean, sources::process, "true only when the inspection is over"},
};
static_assert(in_order(rows));

}  // namespace

const std::span<const Fetch> internal_fetches = rows;

}  // namespace ddbproxy::sample
