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
  bool supported = true;  ///< False: nothing answers it yet. Of HTTP messages only ddbproxy's own pages ask.
};

/// Whether rules, log formats and the runtime API may ask for it: what is true of it can be told, and be it that there
/// is none.
inline bool is_answered(const Fetch& fetch) { return fetch.supported && !fetch.source.http; }

std::span<const Fetch* const> fetches();
/// Null: there is none of this name.
const Fetch* find_fetch(std::string_view name);
/// Its place in fetches(), for tables of what they answer.
size_t number_of(const Fetch& fetch);

}  // namespace ddbproxy::sample
