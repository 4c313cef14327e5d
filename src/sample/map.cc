#include "sample/map.h"

#include <charconv>

#include "base/text.h"
#include "sample/cast.h"
#include "sample/patterns/reading.h"

namespace ddbproxy::sample {
namespace {

/// Calls put(piece) for each piece of the value with its references replaced; false: a backslash ends it, or
/// hexadecimal digits are missing.
template <class F>
bool expand(std::string_view value, std::string_view text, base::Regex::Groups groups, F&& put) {
  while (!value.empty()) {
    const size_t plain = std::min(value.find('\\'), value.size());
    put(value.substr(0, plain));
    value.remove_prefix(plain);
    if (value.empty()) break;
    if (value.size() < 2) return false;
    const char letter = value[1];
    if (letter >= '0' && letter <= '9') {
      const base::Regex::Group& group = groups[static_cast<size_t>(letter - '0')];
      if (group.begin != base::Regex::Group::none) put(text.substr(group.begin, group.end - group.begin));
      value.remove_prefix(2);
    } else if (letter == 'x') {
      const auto byte = value.size() < 4 ? base::Error{} : base::read_hex(value.substr(2, 2));
      if (!byte) return false;
      put(std::string_view(*byte));
      value.remove_prefix(4);
    } else {
      put(value.substr(1, 1));
      value.remove_prefix(2);
    }
  }
  return true;
}

}  // namespace

base::Result<std::shared_ptr<const Map>> Map::compile(std::shared_ptr<PatternList> list, Match match, Type values,
                                                      bool references) {
  auto set =
      list->compile({.match = match, .ignore_case = false, .resolve = {}, .values = values, .references = references});
  if (!set) return set.error();
  return std::shared_ptr<const Map>(new Map(std::move(list), std::move(*set), references));
}

bool Map::find(Value& value, Scratch& scratch) const {
  if (!references_) {
    const PatternEntry* entry = set_->find(value, scratch);
    return entry && read_map_value(entry->value(), set_->options().values, value);
  }
  if (!cast(value, Type::string, scratch)) return false;
  base::Regex::Group groups[base::Regex::most_groups];
  const PatternEntry* entry = set_->find(value, scratch, groups);
  if (!entry) return false;
  size_t size = 0;
  if (!expand(entry->value(), value.text, groups, [&](std::string_view piece) { size += piece.size(); })) return false;
  if (size > scratch.longest()) return false;
  char* const room = scratch.take(size);
  char* end = room;
  expand(entry->value(), value.text, groups,
         [&](std::string_view piece) { end = std::copy(piece.begin(), piece.end(), end); });
  value.set_string({room, size});
  return true;
}

}  // namespace ddbproxy::sample
