// Arguments of fetches and converters: what a row asks for, and what an expression gives.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/regex.h"

namespace ddbproxy::sample {

class Map;
struct Variable;

/// What an argument may be; the words are those of a row's `arguments`: "string", "integer", "IPv4 address", "IPv6
/// address", "IPv4 mask", "IPv6 mask", "time", "size", "frontend", "backend", "server", "table", "user list", "regex",
/// "Protocol buffers field number".
enum class ArgumentKind : uint8_t {
  none,
  string,
  integer,
  ipv4,
  ipv6,
  mask4,
  mask6,
  frontend,
  backend,
  server,
  table,
  userlist,
  regex,
  protobuf_field
};

/// As messages name it.
std::string_view name_of(ArgumentKind kind);

inline constexpr size_t most_arguments = 7;

/// What a row asks for: so many kinds, of which the first `required` must be there.
struct ArgumentKinds {
  std::array<ArgumentKind, most_arguments> kinds{};
  uint8_t count = 0, required = 0;

  /// Of "integer,string[,integer]", as rows write it. At compile time a word that is none is an error.
  static constexpr ArgumentKinds of(std::string_view syntax);
};

/// One argument as given. Immutable once the configuration has been read.
struct Argument {
  ArgumentKind kind = ArgumentKind::none;  ///< none: left out
  std::string text;                        ///< As written, without quotes.
  int64_t number = 0;                      ///< integer
  std::array<unsigned char, 16> ip{};      ///< addresses and masks, in network order
  size_t at = 0;                           ///< Where it stands in the expression.
  int index = -1;   ///< frontend, backend, server's backend, table, userlist: its place in the model, set by resolve()
  int server = -1;  ///< server: its place in the backend
  std::shared_ptr<const base::Regex> regex;
  std::shared_ptr<const Map> map;            ///< of map converters
  std::shared_ptr<const Variable> variable;  ///< Where a text names one.
};

using Arguments = std::span<const Argument>;

// ---

namespace detail {
struct KindName {
  std::string_view name;
  ArgumentKind kind;
};
inline constexpr KindName kind_names[] = {{"string", ArgumentKind::string},
                                          {"integer", ArgumentKind::integer},
                                          {"IPv4 address", ArgumentKind::ipv4},
                                          {"IPv6 address", ArgumentKind::ipv6},
                                          {"IPv4 mask", ArgumentKind::mask4},
                                          {"IPv6 mask", ArgumentKind::mask6},
                                          {"frontend", ArgumentKind::frontend},
                                          {"backend", ArgumentKind::backend},
                                          {"server", ArgumentKind::server},
                                          {"table", ArgumentKind::table},
                                          {"user list", ArgumentKind::userlist},
                                          {"regex", ArgumentKind::regex},
                                          {"Protocol buffers field number", ArgumentKind::protobuf_field}};
}  // namespace detail

constexpr ArgumentKinds ArgumentKinds::of(std::string_view syntax) {
  ArgumentKinds result;
  bool optional = false;
  while (!syntax.empty()) {
    if (syntax[0] == '[') optional = true;
    while (!syntax.empty() && (syntax[0] == '[' || syntax[0] == ',')) syntax.remove_prefix(1);
    const size_t end = std::min(syntax.find_first_of(",[]"), syntax.size());
    ArgumentKind kind = ArgumentKind::none;
    for (const auto& each : detail::kind_names)
      if (each.name == syntax.substr(0, end)) kind = each.kind;
    if (kind == ArgumentKind::none) throw "no such kind of argument";
    result.kinds[result.count++] = kind;
    if (!optional) result.required = result.count;
    syntax.remove_prefix(end);
    while (!syntax.empty() && syntax[0] == ']') syntax.remove_prefix(1);
  }
  return result;
}

}  // namespace ddbproxy::sample
