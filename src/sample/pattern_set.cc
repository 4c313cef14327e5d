#include "sample/pattern_set.h"

#include <fmt/format.h>

#include "sample/cast.h"
#include "sample/patterns/reading.h"

namespace ddbproxy::sample {
namespace {

constexpr PatternEntry any_pattern{.text = ""};

/// The type that values are compared as. Bytes are texts already: haproxy does not write them in hexadecimal here.
Type compared_type(Match match, Type type) {
  switch (match) {
    case Match::found: return type;
    case Match::boolean: return Type::boolean;
    case Match::integer:
    case Match::dotted: return Type::integer;
    case Match::ip: return Type::address;
    case Match::binary: return type == Type::string || type == Type::method ? type : Type::binary;
    case Match::length:
    case Match::string:
    case Match::substring:
    case Match::regex:
    case Match::begin:
    case Match::end:
    case Match::directory:
    case Match::domain:
    case Match::method: return type == Type::binary || type == Type::method ? type : Type::string;
  }
  return type;
}

}  // namespace

PatternSet::PatternSet(MatchOptions options) : options_(std::move(options)), shown_(&of(0)) {}

const PatternEntry* PatternSet::find(const Value& value, Scratch& scratch, base::Regex::Group* groups) const {
  if (options_.match == Match::found) return &any_pattern;
  const Index& index = *shown_.load(std::memory_order_acquire);
  const Type type = compared_type(options_.match, value.type);
  const bool is_ip = value.type == Type::ipv4 || value.type == Type::ipv6;
  if (type == value.type || (type == Type::address && is_ip)) {
    if (options_.match == Match::boolean) return value.number != 0 ? &any_pattern : nullptr;
    return index.find(value, scratch, groups);
  }
  // No groups are wanted of a number's digits: what was made in the scratch may go.
  const Scratch::Mark mark = scratch.mark();
  Value other = value;
  const PatternEntry* found = nullptr;
  if (cast(other, type, scratch)) {
    if (options_.match != Match::boolean)
      found = index.find(other, scratch, groups);
    else if (other.number != 0)
      found = &any_pattern;
  }
  if (!groups) scratch.clear(mark);
  return found;
}

Index& PatternSet::of(uint32_t version) {
  auto& index = indexes_[version];
  if (!index) index = make_index(options_);
  return *index;
}

void PatternSet::show(uint32_t version, Leftovers& leftovers) {
  shown_.store(&of(version), std::memory_order_release);
  version_ = version;
  for (auto each = indexes_.begin(); each != indexes_.end();) {
    const bool is_older = static_cast<int32_t>(each->first - version) < 0;
    if (is_older) leftovers.keep(std::move(each->second));
    each = is_older ? indexes_.erase(each) : std::next(each);
  }
}

void PatternSet::clear(uint32_t version, Leftovers& leftovers) {
  const auto found = indexes_.find(version);
  if (found == indexes_.end()) return;
  std::unique_ptr<Index> old = std::move(found->second);
  found->second = make_index(options_);
  if (version == version_) shown_.store(found->second.get(), std::memory_order_release);
  leftovers.keep(std::move(old));
}

base::Status PatternSet::judge_value(std::string_view value) const {
  Value ignored;
  if (options_.values == Type::any || read_map_value(value, options_.values, ignored)) return base::ok();
  return base::Error{0, fmt::format("unable to parse '{}'", value)};
}

}  // namespace ddbproxy::sample
