// Names that `acl` takes instead of a fetch, each with the method that it brings (manual 7.3.6, "ACL derivatives").
#include "sample/acl_keyword.h"

#include <algorithm>
#include <iterator>

namespace ddbproxy::sample {
namespace {

constexpr AclKeyword rows[] = {
    {"base", "base", Match::string},
    {"base_beg", "base", Match::begin},
    {"base_dir", "base", Match::directory},
    {"base_dom", "base", Match::domain},
    {"base_end", "base", Match::end},
    {"base_len", "base", Match::length},
    {"base_reg", "base", Match::regex},
    {"base_sub", "base", Match::substring},
    {"cook", "req.cook", Match::string},
    {"cook_beg", "req.cook", Match::begin},
    {"cook_dir", "req.cook", Match::directory},
    {"cook_dom", "req.cook", Match::domain},
    {"cook_end", "req.cook", Match::end},
    {"cook_len", "req.cook", Match::length},
    {"cook_reg", "req.cook", Match::regex},
    {"cook_sub", "req.cook", Match::substring},
    {"hdr", "req.hdr", Match::string},
    {"hdr_beg", "req.hdr", Match::begin},
    {"hdr_dir", "req.hdr", Match::directory},
    {"hdr_dom", "req.hdr", Match::domain},
    {"hdr_end", "req.hdr", Match::end},
    {"hdr_len", "req.hdr", Match::length},
    {"hdr_reg", "req.hdr", Match::regex},
    {"hdr_sub", "req.hdr", Match::substring},
    {"http_auth_group", "http_auth_group", Match::string},
    {"method", "method", Match::method},
    {"path", "path", Match::string},
    {"path_beg", "path", Match::begin},
    {"path_dir", "path", Match::directory},
    {"path_dom", "path", Match::domain},
    {"path_end", "path", Match::end},
    {"path_len", "path", Match::length},
    {"path_reg", "path", Match::regex},
    {"path_sub", "path", Match::substring},
    {"payload", "req.payload", Match::binary},
    {"payload_lv", "req.payload_lv", Match::binary},
    {"req.ssl_ver", "req.ssl_ver", Match::dotted},
    {"req_rdp_cookie", "req.rdp_cookie", Match::string},
    {"req_rdp_cookie_cnt", "req.rdp_cookie_cnt", Match::integer},
    {"req_ssl_sni", "req.ssl_sni", Match::string},
    {"req_ssl_ver", "req.ssl_ver", Match::dotted},
    {"req_ver", "req.ver", Match::string},
    {"resp_ver", "res.ver", Match::string},
    {"scook", "res.cook", Match::string},
    {"scook_beg", "res.cook", Match::begin},
    {"scook_dir", "res.cook", Match::directory},
    {"scook_dom", "res.cook", Match::domain},
    {"scook_end", "res.cook", Match::end},
    {"scook_len", "res.cook", Match::length},
    {"scook_reg", "res.cook", Match::regex},
    {"scook_sub", "res.cook", Match::substring},
    {"shdr", "res.hdr", Match::string},
    {"shdr_beg", "res.hdr", Match::begin},
    {"shdr_dir", "res.hdr", Match::directory},
    {"shdr_dom", "res.hdr", Match::domain},
    {"shdr_end", "res.hdr", Match::end},
    {"shdr_len", "res.hdr", Match::length},
    {"shdr_reg", "res.hdr", Match::regex},
    {"shdr_sub", "res.hdr", Match::substring},
    {"ssl_fc_sni_end", "ssl_fc_sni", Match::end},
    {"ssl_fc_sni_reg", "ssl_fc_sni", Match::regex},
    {"url", "url", Match::string},
    {"url_beg", "url", Match::begin},
    {"url_dir", "url", Match::directory},
    {"url_dom", "url", Match::domain},
    {"url_end", "url", Match::end},
    {"url_len", "url", Match::length},
    {"url_reg", "url", Match::regex},
    {"url_sub", "url", Match::substring},
    {"urlp", "urlp", Match::string},
    {"urlp_beg", "urlp", Match::begin},
    {"urlp_dir", "urlp", Match::directory},
    {"urlp_dom", "urlp", Match::domain},
    {"urlp_end", "urlp", Match::end},
    {"urlp_len", "urlp", Match::length},
    {"urlp_reg", "urlp", Match::regex},
    {"urlp_sub", "urlp", Match::substring},
};

}  // namespace

std::span<const AclKeyword> acl_keywords() { return rows; }

const AclKeyword* find_acl_keyword(std::string_view name) {
  const auto row = std::lower_bound(std::begin(rows), std::end(rows), name, [](auto& r, auto n) { return r.name < n; });
  return row != std::end(rows) && row->name == name ? row : nullptr;
}

}  // namespace ddbproxy::sample
