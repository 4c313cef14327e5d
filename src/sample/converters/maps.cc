// Converters by maps. What looks in a map is the map that the argument holds, which the expression asks for.
#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using enum Type;

constexpr auto text_default = ArgumentKinds::of("string[,string]");
constexpr auto number_default = ArgumentKinds::of("string[,integer]");

constexpr Converter rows[] = {
    {"map", text_default, string, string, nullptr, nullptr, true,
     "The value of the key that it equals; else a default."},
    {"map_beg", text_default, string, string, nullptr, nullptr, true,
     "The value of the key that it begins with; else a default."},
    {"map_beg_int", number_default, string, integer, nullptr, nullptr, true,
     "The value of the key that it begins with, as a number; else a default."},
    {"map_beg_ip", text_default, string, address, nullptr, nullptr, true,
     "The value of the key that it begins with, as an address; else a default."},
    {"map_dir", text_default, string, string, nullptr, nullptr, true,
     "The value of the key that is one of its directories; else a default."},
    {"map_dir_int", number_default, string, integer, nullptr, nullptr, true,
     "The value of the key that is one of its directories, as a number; else a default."},
    {"map_dir_ip", text_default, string, address, nullptr, nullptr, true,
     "The value of the key that is one of its directories, as an address; else a default."},
    {"map_dom", text_default, string, string, nullptr, nullptr, true,
     "The value of the key that is one of its domains; else a default."},
    {"map_dom_int", number_default, string, integer, nullptr, nullptr, true,
     "The value of the key that is one of its domains, as a number; else a default."},
    {"map_dom_ip", text_default, string, address, nullptr, nullptr, true,
     "The value of the key that is one of its domains, as an address; else a default."},
    {"map_end", text_default, string, string, nullptr, nullptr, true,
     "The value of the key that it ends with; else a default."},
    {"map_end_int", number_default, string, integer, nullptr, nullptr, true,
     "The value of the key that it ends with, as a number; else a default."},
    {"map_end_ip", text_default, string, address, nullptr, nullptr, true,
     "The value of the key that it ends with, as an address; else a default."},
    {"map_int", text_default, integer, string, nullptr, nullptr, true,
     "The value of the key that it equals, as a number; else a default."},
    {"map_int_int", number_default, integer, integer, nullptr, nullptr, true,
     "The value of the key that it equals, as a number, as a number; else a default."},
    {"map_int_ip", text_default, integer, address, nullptr, nullptr, true,
     "The value of the key that it equals, as a number, as an address; else a default."},
    {"map_ip", text_default, address, string, nullptr, nullptr, true,
     "The value of the key of the network that it is in; else a default."},
    {"map_ip_int", number_default, address, integer, nullptr, nullptr, true,
     "The value of the key of the network that it is in, as a number; else a default."},
    {"map_ip_ip", text_default, address, address, nullptr, nullptr, true,
     "The value of the key of the network that it is in, as an address; else a default."},
    {"map_reg", text_default, string, string, nullptr, nullptr, true,
     "The value of the key of the regular expression that it matches; else a default."},
    {"map_reg_int", number_default, string, integer, nullptr, nullptr, true,
     "The value of the key of the regular expression that it matches, as a number; else a default."},
    {"map_reg_ip", text_default, string, address, nullptr, nullptr, true,
     "The value of the key of the regular expression that it matches, as an address; else a default."},
    {"map_regm", text_default, string, string, nullptr, nullptr, true,
     "The value of the key of the regular expression that it matches, with its groups put in for \\1 to \\9; else a "
     "default."},
    {"map_str", text_default, string, string, nullptr, nullptr, true,
     "The value of the key that it equals; else a default."},
    {"map_str_int", number_default, string, integer, nullptr, nullptr, true,
     "The value of the key that it equals, as a number; else a default."},
    {"map_str_ip", text_default, string, address, nullptr, nullptr, true,
     "The value of the key that it equals, as an address; else a default."},
    {"map_sub", text_default, string, string, nullptr, nullptr, true,
     "The value of the key that it contains; else a default."},
    {"map_sub_int", number_default, string, integer, nullptr, nullptr, true,
     "The value of the key that it contains, as a number; else a default."},
    {"map_sub_ip", text_default, string, address, nullptr, nullptr, true,
     "The value of the key that it contains, as an address; else a default."},
};

}  // namespace

constinit const Rows map_rows = rows;

}  // namespace ddbproxy::sample
