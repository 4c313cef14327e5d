#include "sample/request_fetches.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ddbproxy::sample {
namespace {

using F = RequestFetch;
constexpr std::pair<std::string_view, RequestFetch> rows[] = {{"always_false", F::always_false},
                                                              {"always_true", F::always_true},
                                                              {"bool", F::boolean},
                                                              {"hdr", F::header},
                                                              {"hdr_cnt", F::header_count},
                                                              {"int", F::integer},
                                                              {"method", F::method},
                                                              {"path", F::path},
                                                              {"pathq", F::path_and_query},
                                                              {"query", F::query},
                                                              {"req.hdr", F::header},
                                                              {"req.hdr_cnt", F::header_count},
                                                              {"req.hdr_val", F::header},
                                                              {"req.proto_http", F::is_http},
                                                              {"req.ver", F::version},
                                                              {"req_proto_http", F::is_http},
                                                              {"req_ver", F::version},
                                                              {"src", F::source},
                                                              {"str", F::string},
                                                              {"url", F::url}};

}  // namespace

std::optional<RequestFetch> request_fetch(std::string_view name) {
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const auto& each) { return each.first == name; });
  if (row == std::end(rows)) return {};
  return row->second;
}

}  // namespace ddbproxy::sample
