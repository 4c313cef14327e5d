// Converters that look a value up in a stick table. Context::convert() does it, where the tables are.
#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using enum Type;

constexpr auto table = ArgumentKinds::of("table");
constexpr auto index_and_table = ArgumentKinds::of("integer,table");
constexpr auto table_and_default = ArgumentKinds::of("table[,integer]");

constexpr Converter rows[] = {
    {"in_table", table, any, boolean, nullptr, nullptr, true, "Whether the table has an entry of this key."},
    {"table_bytes_in_rate", table, any, integer, nullptr, nullptr, true,
     "How many bytes came from clients in the period, of the table's entry of this key."},
    {"table_bytes_out_rate", table, any, integer, nullptr, nullptr, true,
     "How many bytes went to clients in the period, of the table's entry of this key."},
    {"table_conn_cnt", table, any, integer, nullptr, nullptr, true,
     "How many connections came, of the table's entry of this key."},
    {"table_conn_cur", table, any, integer, nullptr, nullptr, true,
     "How many connections are open, of the table's entry of this key."},
    {"table_conn_rate", table, any, integer, nullptr, nullptr, true,
     "How many connections came in the period, of the table's entry of this key."},
    {"table_expire", table_and_default, any, integer, nullptr, nullptr, true,
     "In how many milliseconds the entry expires, of the table's entry of this key."},
    {"table_gpc", index_and_table, any, integer, nullptr, nullptr, true,
     "A general purpose counter, of the table's entry of this key."},
    {"table_gpc0", table, any, integer, nullptr, nullptr, true,
     "The first general purpose counter, of the table's entry of this key."},
    {"table_gpc0_rate", table, any, integer, nullptr, nullptr, true,
     "How often the first general purpose counter was raised in the period, of the table's entry of this key."},
    {"table_gpc1", table, any, integer, nullptr, nullptr, true,
     "The second general purpose counter, of the table's entry of this key."},
    {"table_gpc1_rate", table, any, integer, nullptr, nullptr, true,
     "How often the second general purpose counter was raised in the period, of the table's entry of this key."},
    {"table_gpc_rate", index_and_table, any, integer, nullptr, nullptr, true,
     "How often a general purpose counter was raised in the period, of the table's entry of this key."},
    {"table_gpt", index_and_table, any, integer, nullptr, nullptr, true,
     "A general purpose tag, of the table's entry of this key."},
    {"table_gpt0", table, any, integer, nullptr, nullptr, true,
     "The first general purpose tag, of the table's entry of this key."},
    {"table_http_err_cnt", table, any, integer, nullptr, nullptr, true,
     "How many HTTP errors clients made, of the table's entry of this key."},
    {"table_http_err_rate", table, any, integer, nullptr, nullptr, true,
     "How many HTTP errors clients made in the period, of the table's entry of this key."},
    {"table_http_fail_cnt", table, any, integer, nullptr, nullptr, true,
     "How many HTTP failures servers made, of the table's entry of this key."},
    {"table_http_fail_rate", table, any, integer, nullptr, nullptr, true,
     "How many HTTP failures servers made in the period, of the table's entry of this key."},
    {"table_http_req_cnt", table, any, integer, nullptr, nullptr, true,
     "How many HTTP requests came, of the table's entry of this key."},
    {"table_http_req_rate", table, any, integer, nullptr, nullptr, true,
     "How many HTTP requests came in the period, of the table's entry of this key."},
    {"table_idle", table_and_default, any, integer, nullptr, nullptr, true,
     "For how many milliseconds the entry has not been touched, of the table's entry of this key."},
    {"table_kbytes_in", table, any, integer, nullptr, nullptr, true,
     "How many kilobytes came from clients, of the table's entry of this key."},
    {"table_kbytes_out", table, any, integer, nullptr, nullptr, true,
     "How many kilobytes went to clients, of the table's entry of this key."},
    {"table_server_id", table, any, integer, nullptr, nullptr, true,
     "Which server the entry sticks to, of the table's entry of this key."},
    {"table_sess_cnt", table, any, integer, nullptr, nullptr, true,
     "How many sessions came, of the table's entry of this key."},
    {"table_sess_rate", table, any, integer, nullptr, nullptr, true,
     "How many sessions came in the period, of the table's entry of this key."},
    {"table_trackers", table, any, integer, nullptr, nullptr, true,
     "How many connections track the entry, of the table's entry of this key."},
};

}  // namespace

constinit const Rows table_rows = rows;

}  // namespace ddbproxy::sample
