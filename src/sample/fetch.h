// The vocabulary of fetches: one row each (manual 7.3). What they answer is told by the rooms that know the facts.
#pragma once

#include <span>
#include <string_view>

#include "sample/argument.h"
#include "sample/places.h"
#include "sample/type.h"

namespace ddbproxy::sample {

struct Fetch {
  std::string_view name;
  ArgumentKinds arguments;
  Type type;
  const Source& source;
  std::string_view doc;   ///< A few words of our own.
  bool supported = true;  ///< False: nothing answers it yet.
};

/// Whether rules, log formats and the runtime API may ask for it: what is true of it can be told, and be it that there
/// is none.
inline bool is_answered(const Fetch& fetch) { return fetch.supported; }
/// The same for conditions on requests for ddbproxy's own pages: what can be told of a request and nothing else.
bool is_answered_of_request(const Fetch& fetch);

std::span<const Fetch* const> fetches();
/// Null: there is none of this name.
const Fetch* find_fetch(std::string_view name);
/// Its place in fetches(), for tables of what they answer.
size_t number_of(const Fetch& fetch);

}  // namespace ddbproxy::sample
