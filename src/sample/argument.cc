// Reads the arguments of fetches and converters by their kinds.
#include "sample/argument.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "sample/expression.h"
#include "sample/number.h"

namespace ddbproxy::sample {
namespace {

/// A sign and digits, of which either may be missing.
bool read_integer(const std::string& text, int64_t& number) {
  std::string_view rest = text;
  number = take_integer(rest);
  return !text.empty() && rest.empty();
}

/// 0..most leading one bits.
bool read_mask(const std::string& text, unsigned most, unsigned char* bytes) {
  char* end = nullptr;
  const int64_t length = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || length < 0 || length > most) return false;
  for (unsigned i = 0; i < most / 8; ++i) {
    const int64_t bits = std::clamp<int64_t>(length - 8 * int64_t{i}, 0, 8);
    bytes[i] = static_cast<unsigned char>(0xff << (8 - bits));
  }
  return true;
}

bool is_field_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == text.npos && text.find("..") == text.npos &&
         text.front() != '.' && text.back() != '.';
}

}  // namespace

std::string_view name_of(ArgumentKind kind) {
  for (const auto& each : detail::kind_names)
    if (each.kind == kind) return each.name;
  return {};
}

bool ExpressionReader::convert(std::string_view text, size_t at, ArgumentKind kind, Argument& into) {
  into = {};
  into.kind = kind;
  into.text = text;
  into.at = at;
  bool good = true;
  switch (kind) {
    case ArgumentKind::integer: good = read_integer(into.text, into.number); break;
    case ArgumentKind::ipv4: good = inet_pton(AF_INET, into.text.c_str(), into.ip.data()) == 1; break;
    case ArgumentKind::ipv6: good = inet_pton(AF_INET6, into.text.c_str(), into.ip.data()) == 1; break;
    case ArgumentKind::mask4:
      good = read_mask(into.text, 32, into.ip.data()) || inet_pton(AF_INET, into.text.c_str(), into.ip.data()) == 1;
      break;
    case ArgumentKind::mask6:
      good = read_mask(into.text, 128, into.ip.data()) || inet_pton(AF_INET6, into.text.c_str(), into.ip.data()) == 1;
      break;
    case ArgumentKind::protobuf_field: good = is_field_number(into.text); break;
    default: return true;  // Names are looked up when all sections have been read.
  }
  // The expression stays: an argument that may be left out and is empty is none.
  if (!good)
    wrong_ = {fmt::format("failed to parse '{}' as type '{}' at position {}", text, name_of(kind), argument_), at};
  return good;
}

namespace {

std::string check_hex(std::string_view text) {
  const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  if (text.size() % 2) return "an even number of hex digit is expected";
  const auto wrong = std::find_if_not(text.begin(), text.end(), is_hex);
  return wrong == text.end() ? "" : fmt::format("an hex digit is expected (found '{}')", *wrong);
}

std::string check_unit(const Argument& unit, bool seconds) {
  if (unit.kind == ArgumentKind::none || unit.text == "ms" || unit.text == "us" || (seconds && unit.text == "s"))
    return {};
  if (seconds) return fmt::format("expects 's', 'ms' or 'us', got '{}'", unit.text);
  return fmt::format("expects 'us' or 'ms', got '{}'", unit.text);
}

std::string check_payload_lv(std::span<Argument> arguments) {
  if (arguments[0].number < 0) return "payload offset1 must be positive";
  if (arguments[1].number <= 0) return "payload length must be > 0";
  Argument& offset = arguments[2];
  if (offset.kind == ArgumentKind::none) return {};
  if (offset.text.empty()) return offset.kind = ArgumentKind::none, std::string();
  if (!read_integer(offset.text, offset.number)) return "payload offset2 is not a number";
  if (offset.number + arguments[0].number + arguments[1].number < 0) return "payload offset2 too negative";
  return {};
}

std::string check_token(std::span<Argument> arguments) {
  return arguments[0].text.size() == 4 ? "" : "token name must be exactly 4 characters";
}

std::string check_bool(std::span<Argument> arguments) {
  Argument& value = arguments[0];
  if (base::equals_ignoring_case(value.text, "true") || value.text == "1")
    value.number = 1;
  else if (!base::equals_ignoring_case(value.text, "false") && value.text != "0")
    return "Expects 'true', 'false', '0' or '1'";
  return {};
}

std::string check_binary(std::span<Argument> arguments) {
  Argument& value = arguments[0];
  if (value.text.empty()) return "(null)";
  if (std::string error = check_hex(value.text); !error.empty()) return error;
  std::string bytes;
  for (size_t i = 0; i < value.text.size(); i += 2)
    bytes += static_cast<char>(std::stoi(value.text.substr(i, 2), nullptr, 16));
  value.text = std::move(bytes);
  return {};
}

std::string check_method(std::span<Argument> arguments) {
  const std::string& name = arguments[0].text;
  return std::all_of(name.begin(), name.end(), base::is_token) ? "" : "expects valid method";
}

std::string check_uuid(std::span<Argument> arguments) {
  Argument& version = arguments[0];
  if (version.kind == ArgumentKind::none) version.number = 4;
  return version.number == 4 ? "" : fmt::format("Unsupported UUID version: '{}'", version.text);
}

std::string check_distinguished_name(std::span<Argument> arguments) {
  if (arguments[2].text.empty() || arguments[2].text == "rfc2253") return {};
  return "only rfc2253 or a blank value are currently supported as the format argument.";
}

/// Occurrences count from the end when they are negative, ten at most.
std::string check_header(std::span<Argument> arguments) {
  constexpr int64_t most = 10;
  return arguments[1].number < -most ? "header occurrence must be >= -10" : "";
}

std::string check_date(std::span<Argument> arguments) { return check_unit(arguments[1], true); }
std::string check_rtt(std::span<Argument> arguments) { return check_unit(arguments[0], false); }

struct Check {
  std::string_view fetch;
  std::string (*check)(std::span<Argument> arguments);
};
constexpr Check checks[] = {{"bin", check_binary},
                            {"bool", check_bool},
                            {"date", check_date},
                            {"distcc_body", check_token},
                            {"distcc_param", check_token},
                            {"fc_rtt", check_rtt},
                            {"fc_rttvar", check_rtt},
                            {"hdr", check_header},
                            {"hdr_ip", check_header},
                            {"hdr_val", check_header},
                            {"meth", check_method},
                            {"payload_lv", check_payload_lv},
                            {"req.fhdr", check_header},
                            {"req.hdr", check_header},
                            {"req.hdr_ip", check_header},
                            {"req.hdr_val", check_header},
                            {"req.payload_lv", check_payload_lv},
                            {"res.fhdr", check_header},
                            {"res.hdr", check_header},
                            {"res.hdr_ip", check_header},
                            {"res.hdr_val", check_header},
                            {"res.payload_lv", check_payload_lv},
                            {"shdr", check_header},
                            {"shdr_ip", check_header},
                            {"shdr_val", check_header},
                            {"ssl_c_i_dn", check_distinguished_name},
                            {"ssl_c_s_dn", check_distinguished_name},
                            {"ssl_f_i_dn", check_distinguished_name},
                            {"ssl_f_s_dn", check_distinguished_name},
                            {"ssl_s_i_dn", check_distinguished_name},
                            {"ssl_s_s_dn", check_distinguished_name},
                            {"uuid", check_uuid}};

}  // namespace

std::string check_arguments(const Fetch& fetch, std::vector<Argument>& arguments, Library& library) {
  if (fetch.name == "var") {
    std::string error;
    arguments[0].variable = library.variable(arguments[0].text, error);
    return error;
  }
  const auto row = std::find_if(std::begin(checks), std::end(checks), [&](auto& c) { return c.fetch == fetch.name; });
  return row == std::end(checks) ? std::string() : row->check(arguments);
}

}  // namespace ddbproxy::sample
