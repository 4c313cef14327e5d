// What a request for the stats page asks for: the words behind its uri, such as ";csv" or ";up".
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/model.h>

namespace ddbproxy::stats {

enum class View : uint8_t { html, csv, typed, json, json_schema };

struct PageQuery {
  View view = View::html;
  bool only_up = false;         ///< ;up
  bool no_maintenance = false;  ///< ;no-maint
  bool no_refresh = false;      ///< ;norefresh
  bool all_columns = false;     ///< ;all, which haproxy does not know
  std::string scope;            ///< scope=: shows proxies with this in their name
  std::string outcome;          ///< ;st=: what the last action came to, e.g. "DONE",
  std::string action;           ///< and what it was, where that is known
};

/// Reads what follows `uri` in `path`, wherever in it the words stand; unknown ones mean nothing.
PageQuery read_query(std::string_view path, std::string_view uri);
/// Where an action's answer leads to: back to the page, with the options that haproxy keeps.
std::string location(const model::Stats& settings, const PageQuery& query, std::string_view outcome);
/// The link to the same page with these options.
std::string link(std::string_view uri, const PageQuery& query);

}  // namespace ddbproxy::stats
