// Ready-made readers for rows: `time<&Proxy::timeouts, &Timeouts::client>` reads one word by its kind and sets one
// member. The wording of each error stands here (readers.cc), once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <ddbproxy/model.h>

#include "config/line.h"

namespace ddbproxy::config {

/// What each kind of value looks like in words[position]; each reports and returns nothing when it is wrong or missing.
std::optional<model::Milliseconds> read_time(Line& line);
std::optional<std::chrono::seconds> read_seconds(Line& line);
std::optional<long long> read_integer(Line& line, long long least, long long most);
/// As haproxy's older keywords read numbers: leading digits count, what follows them does not, nothing is 0.
std::optional<long long> read_loose_integer(Line& line);
std::optional<std::string> read_string(Line& line);

namespace detail {

template <class T>
T& inside(T& value) {
  return value;
}
template <class T>
T& inside(std::optional<T>& value) {
  return *value;
}

/// target.*first.*second..., through optional halves (a row is only read where its half exists).
template <class Target, class Member>
auto& reach(Target& target, Member member) {
  return target.*member;
}
template <class Target, class Member, class... Rest>
auto& reach(Target& target, Member member, Rest... rest) {
  return reach(inside(target.*member), rest...);
}

template <auto first, auto...>
struct OwnerOf;
template <class Owner, class T, T Owner::*first, auto... rest>
struct OwnerOf<first, rest...> {
  using Type = Owner;
};
template <auto... members>
using Owner = typename OwnerOf<members...>::Type;

}  // namespace detail

template <auto... members>
void time(Line& line, detail::Owner<members...>& target) {
  if (const auto value = read_time(line)) detail::reach(target, members...) = *value;
}

template <auto... members>
void string(Line& line, detail::Owner<members...>& target) {
  if (auto value = read_string(line)) detail::reach(target, members...) = std::move(*value);
}

template <auto... members>
void integer(Line& line, detail::Owner<members...>& target) {
  auto& member = detail::reach(target, members...);
  if (const auto value = read_loose_integer(line))
    member = static_cast<std::remove_reference_t<decltype(member)>>(*value);
}

/// Sets a bool; `no` clears it.
template <auto... members>
void flag(Line& line, detail::Owner<members...>& target) {
  detail::reach(target, members...) = !line.negated();
}

}  // namespace ddbproxy::config
