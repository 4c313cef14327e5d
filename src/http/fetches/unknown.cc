// What nobody knows in mode tcp, where a response is not read as one of HTTP and no request is kept (manual 7.3.6).
#include "http/fetches/message.h"
#include "http/fetches/tables.h"

namespace ddbproxy::http {
namespace {

Answer nothing(Evaluation&, Arguments, Value&) { return Answer::absent; }
Answer nothing_of_head(const Message&, Arguments, Value&) { return Answer::absent; }
Answer no(Evaluation&, Arguments, Value& value) { return stream::give_boolean(value, false); }

constexpr stream::FetchFunction unknown_rows[] = {{"capture.req.method", nothing},
                                                  {"capture.req.uri", nothing},
                                                  {"capture.req.ver", nothing},
                                                  {"capture.res.hdr", nothing},
                                                  {"capture.res.ver", nothing},
                                                  {"req.body_param", of_head<nothing_of_head>},
                                                  {"res.body", nothing},
                                                  {"res.body_len", nothing},
                                                  {"res.body_size", nothing},
                                                  {"res.cache_hit", no},
                                                  {"res.cache_name", nothing},
                                                  {"res.comp", no},
                                                  {"res.comp_algo", nothing},
                                                  {"res.cook", nothing},
                                                  {"res.cook_cnt", nothing},
                                                  {"res.cook_val", nothing},
                                                  {"res.fhdr", nothing},
                                                  {"res.fhdr_cnt", nothing},
                                                  {"res.hdr", nothing},
                                                  {"res.hdr_cnt", nothing},
                                                  {"res.hdr_ip", nothing},
                                                  {"res.hdr_names", nothing},
                                                  {"res.hdr_val", nothing},
                                                  {"res.hdrs", nothing},
                                                  {"res.hdrs_bin", nothing},
                                                  {"res.ver", nothing},
                                                  {"resp_ver", nothing},
                                                  {"scook", nothing},
                                                  {"scook_cnt", nothing},
                                                  {"scook_val", nothing},
                                                  {"shdr", nothing},
                                                  {"shdr_cnt", nothing},
                                                  {"shdr_ip", nothing},
                                                  {"shdr_val", nothing},
                                                  {"status", nothing}};

}  // namespace

constinit const std::span<const stream::FetchFunction> unknown_answers = unknown_rows;

}  // namespace ddbproxy::http
