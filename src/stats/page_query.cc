#include "stats/page_query.h"

#include <algorithm>

namespace ddbproxy::stats {
namespace {

constexpr size_t longest_scope = 20;

constexpr std::string_view in_proxy_names = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:";

}  // namespace

PageQuery read_query(std::string_view path, std::string_view uri) {
  const std::string_view words = path.substr(uri.size());
  const auto has = [&](std::string_view word) { return words.find(word) != std::string_view::npos; };
  PageQuery query;
  query.only_up = has(";up");
  query.no_maintenance = has(";no-maint");
  query.no_refresh = has(";norefresh");
  query.all_columns = has(";all");
  if (has(";json-schema")) {
    query.view = View::json_schema;
  } else if (has(";json")) {
    query.view = View::json;
  } else if (has(";typed")) {
    query.view = View::typed;
  } else if (has(";csv")) {
    query.view = View::csv;
  }
  // A single letter at the very end is none, as in haproxy.
  if (const size_t at = words.find("scope="); at != std::string_view::npos && at + 8 <= words.size()) {
    std::string_view value = words.substr(at + 6);
    value = value.substr(0, std::min(value.find_first_of("&;"), longest_scope));
    // What cannot be in a name is no scope at all.
    if (value.find_first_not_of(in_proxy_names) == std::string_view::npos) query.scope = value;
  }
  if (const size_t at = words.find(";st="); at != std::string_view::npos) query.outcome = words.substr(at + 4, 4);
  return query;
}

std::string location(const model::Stats& settings, const PageQuery& query, std::string_view outcome) {
  std::string text = settings.uri;
  text.append(";st=").append(outcome);
  if (query.only_up) text += ";up";
  if (query.no_refresh && settings.refresh) text += ";norefresh";
  if (query.all_columns) text += ";all";
  if (!query.scope.empty()) text += "?scope=" + query.scope;
  return text;
}

std::string link(std::string_view uri, const PageQuery& query) {
  std::string text(uri);
  switch (query.view) {
    case View::html: break;
    case View::csv: text += ";csv"; break;
    case View::typed: text += ";typed"; break;
    case View::json: text += ";json"; break;
    case View::json_schema: text += ";json-schema"; break;
  }
  if (query.only_up) text += ";up";
  if (query.no_maintenance) text += ";no-maint";
  if (query.no_refresh) text += ";norefresh";
  if (query.all_columns) text += ";all";
  if (!query.scope.empty()) text += "?scope=" + query.scope;
  // See read_query(): a single letter is not to be the very last.
  if (query.scope.size() == 1) text += '&';
  return text;
}

}  // namespace ddbproxy::stats
