#include "sample/pattern.h"

#include <algorithm>
#include <iterator>

namespace ddbproxy::sample {
namespace {

struct MatchName {
  std::string_view name;
  Match match;
};

constexpr MatchName names[] = {{"found", Match::found}, {"bool", Match::boolean},  {"int", Match::integer},
                               {"ip", Match::ip},       {"bin", Match::binary},    {"len", Match::length},
                               {"str", Match::string},  {"sub", Match::substring}, {"reg", Match::regex},
                               {"beg", Match::begin},   {"end", Match::end},       {"dir", Match::directory},
                               {"dom", Match::domain}};

}  // namespace

std::optional<Match> match_named(std::string_view name) {
  const auto found = std::find_if(std::begin(names), std::end(names), [&](auto& each) { return each.name == name; });
  return found == std::end(names) ? std::nullopt : std::optional(found->match);
}

std::string_view name_of(Match match) {
  if (match == Match::method) return "method";
  if (match == Match::dotted) return "int";
  return names[static_cast<size_t>(match)].name;
}

std::optional<Match> default_match(Type type) {
  switch (type) {
    case Type::boolean: return Match::boolean;
    case Type::integer: return Match::integer;
    case Type::address:
    case Type::ipv4:
    case Type::ipv6: return Match::ip;
    case Type::string: return Match::string;
    case Type::any:
    case Type::binary:
    case Type::method: return {};
  }
  return {};
}

bool can_match(Type type, Match match) {
  const bool number = match == Match::boolean || match == Match::integer || match == Match::dotted;
  switch (type) {
    case Type::boolean: return match != Match::ip;
    case Type::address: return match == Match::found || match == Match::ip;
    case Type::ipv6: return !number;
    case Type::binary:
    case Type::method: return !number && match != Match::ip;
    case Type::any:
    case Type::integer:
    case Type::ipv4:
    case Type::string: return true;
  }
  return true;
}

}  // namespace ddbproxy::sample
