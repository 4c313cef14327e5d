// A keyword is one row of one table: its name, where it may stand, how many arguments it takes, how it is read, and what it is for.
#pragma once

#include <span>
#include <string_view>

#include <ddbproxy/keywords.h>

#include "config/line.h"

namespace ddbproxy::config {

/// Where a keyword may stand (a set of bits).
enum Sections : uint8_t {
  in_global = 1,
  in_defaults = 2,
  in_frontend = 4,
  in_listen = 8,
  in_backend = 16,
  client_side = in_defaults | in_frontend | in_listen,
  server_side = in_defaults | in_listen | in_backend,
  everywhere = client_side | server_side,
};

enum class Needs : uint8_t { any, tcp, http };

/// One row. Target is what the row's parse writes: model::Global, model::Proxy, model::Bind, model::Server, ...
/// `args` counts the words after the keyword: at least `min_args`, at most `max_args` (-1: any number).
template <class Target>
struct Keyword {
  std::string_view name;    ///< One word or several: "stats uri".
  std::string_view syntax;
  uint8_t sections = everywhere;
  Needs mode = Needs::any;
  int min_args = 0, max_args = 0;
  Support support = Support::yes;
  /// Reads the words of the line into the target; reports through the line. Null exactly when support is planned.
  void (*parse)(Line& line, Target& target) = nullptr;
  std::string_view doc;  ///< One sentence of our own.
};

}  // namespace ddbproxy::config
