// Converters by maps: what a value stands for in a file of keys and values.
#include <arpa/inet.h>
#include <fmt/format.h>

#include "sample/converters/rows.h"
#include "sample/library.h"
#include "sample/map.h"
#include "sample/pattern_list.h"

namespace ddbproxy::sample {
namespace {

using enum Type;

constexpr auto text_default = ArgumentKinds::of("string[,string]");
constexpr auto number_default = ArgumentKinds::of("string[,integer]");

/// What the value stands for, or the default that the second argument says.
bool convert_by_map(Arguments arguments, Value& value, Context& context) {
  if (arguments[0].map->find(value, context.scratch)) return true;
  const Argument& other = arguments[1];
  switch (other.kind) {
    case ArgumentKind::string: value.set_string(other.text); return true;
    case ArgumentKind::integer: value.set_integer(other.number); return true;
    case ArgumentKind::ipv4:
    case ArgumentKind::ipv6:
      value.type = other.kind == ArgumentKind::ipv4 ? ipv4 : ipv6;
      value.ip = other.ip;
      return true;
    default: return false;
  }
}

template <Match match, Type type, bool references = false>
std::string check_map(std::span<Argument> arguments, Library& library) {
  std::string error;
  auto list = library.map_file(arguments[0].text, error);
  if (!list) return error;
  auto map = Map::compile(std::move(list), match, type, references);
  if (!map) return map.error().text;
  arguments[0].map = *map;
  Argument& other = arguments[1];
  if (type == address && other.kind == ArgumentKind::string) {
    if (inet_pton(AF_INET, other.text.c_str(), other.ip.data()) == 1)
      other.kind = ArgumentKind::ipv4;
    else if (inet_pton(AF_INET6, other.text.c_str(), other.ip.data()) == 1)
      other.kind = ArgumentKind::ipv6;
    else
      return fmt::format("map: cannot parse default ip <{}>", other.text);
  }
  return {};
}

constexpr Converter rows[] = {
    {"map", text_default, string, string, convert_by_map, check_map<Match::string, string>, true,
     "The value of the key that it equals; else a default."},
    {"map_beg", text_default, string, string, convert_by_map, check_map<Match::begin, string>, true,
     "The value of the key that it begins with; else a default."},
    {"map_beg_int", number_default, string, integer, convert_by_map, check_map<Match::begin, integer>, true,
     "The value of the key that it begins with, as a number; else a default."},
    {"map_beg_ip", text_default, string, address, convert_by_map, check_map<Match::begin, address>, true,
     "The value of the key that it begins with, as an address; else a default."},
    {"map_dir", text_default, string, string, convert_by_map, check_map<Match::directory, string>, true,
     "The value of the key that is one of its directories; else a default."},
    {"map_dir_int", number_default, string, integer, convert_by_map, check_map<Match::directory, integer>, true,
     "The value of the key that is one of its directories, as a number; else a default."},
    {"map_dir_ip", text_default, string, address, convert_by_map, check_map<Match::directory, address>, true,
     "The value of the key that is one of its directories, as an address; else a default."},
    {"map_dom", text_default, string, string, convert_by_map, check_map<Match::domain, string>, true,
     "The value of the key that is one of its domains; else a default."},
    {"map_dom_int", number_default, string, integer, convert_by_map, check_map<Match::domain, integer>, true,
     "The value of the key that is one of its domains, as a number; else a default."},
    {"map_dom_ip", text_default, string, address, convert_by_map, check_map<Match::domain, address>, true,
     "The value of the key that is one of its domains, as an address; else a default."},
    {"map_end", text_default, string, string, convert_by_map, check_map<Match::end, string>, true,
     "The value of the key that it ends with; else a default."},
    {"map_end_int", number_default, string, integer, convert_by_map, check_map<Match::end, integer>, true,
     "The value of the key that it ends with, as a number; else a default."},
    {"map_end_ip", text_default, string, address, convert_by_map, check_map<Match::end, address>, true,
     "The value of the key that it ends with, as an address; else a default."},
    {"map_int", text_default, integer, string, convert_by_map, check_map<Match::integer, string>, true,
     "The value of the key that it equals, as a number; else a default."},
    {"map_int_int", number_default, integer, integer, convert_by_map, check_map<Match::integer, integer>, true,
     "The value of the key that it equals, as a number, as a number; else a default."},
    {"map_int_ip", text_default, integer, address, convert_by_map, check_map<Match::integer, address>, true,
     "The value of the key that it equals, as a number, as an address; else a default."},
    {"map_ip", text_default, address, string, convert_by_map, check_map<Match::ip, string>, true,
     "The value of the key of the network that it is in; else a default."},
    {"map_ip_int", number_default, address, integer, convert_by_map, check_map<Match::ip, integer>, true,
     "The value of the key of the network that it is in, as a number; else a default."},
    {"map_ip_ip", text_default, address, address, convert_by_map, check_map<Match::ip, address>, true,
     "The value of the key of the network that it is in, as an address; else a default."},
    {"map_reg", text_default, string, string, convert_by_map, check_map<Match::regex, string>, true,
     "The value of the key of the regular expression that it matches; else a default."},
    {"map_reg_int", number_default, string, integer, convert_by_map, check_map<Match::regex, integer>, true,
     "The value of the key of the regular expression that it matches, as a number; else a default."},
    {"map_reg_ip", text_default, string, address, convert_by_map, check_map<Match::regex, address>, true,
     "The value of the key of the regular expression that it matches, as an address; else a default."},
    {"map_regm", text_default, string, string, convert_by_map, check_map<Match::regex, string, true>, true,
     "The value of the key of the regular expression that it matches, with its groups put in for \\1 to \\9; else a "
     "default."},
    {"map_str", text_default, string, string, convert_by_map, check_map<Match::string, string>, true,
     "The value of the key that it equals; else a default."},
    {"map_str_int", number_default, string, integer, convert_by_map, check_map<Match::string, integer>, true,
     "The value of the key that it equals, as a number; else a default."},
    {"map_str_ip", text_default, string, address, convert_by_map, check_map<Match::string, address>, true,
     "The value of the key that it equals, as an address; else a default."},
    {"map_sub", text_default, string, string, convert_by_map, check_map<Match::substring, string>, true,
     "The value of the key that it contains; else a default."},
    {"map_sub_int", number_default, string, integer, convert_by_map, check_map<Match::substring, integer>, true,
     "The value of the key that it contains, as a number; else a default."},
    {"map_sub_ip", text_default, string, address, convert_by_map, check_map<Match::substring, address>, true,
     "The value of the key that it contains, as an address; else a default."},
};

}  // namespace

constinit const Rows map_rows = rows;

}  // namespace ddbproxy::sample
