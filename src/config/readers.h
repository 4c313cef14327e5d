// Ready-made readers for rows: `time<&Proxy::timeouts, &Timeouts::client>` reads one word by its kind and sets one
// member. The wording of each error stands here (readers.cc), once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <ddbproxy/model.h>

#include "base/duration.h"
#include "config/line.h"

namespace ddbproxy::config {

/// How a family of keywords words its complaints about a time: {k} stands for the keyword, {c} for the character, {w}
/// for the word.
struct TimeWording {
  const char* missing;
  const char* unexpected;
  const char* overflow;
};
extern const TimeWording timeout_wording, argument_wording, keepalive_wording;
/// "timer overflow in argument 'W' to 'K'", as most of them word it; the other one ends with a full stop.
extern const char *const timer_overflow, *const timer_overflow_in_server;

/// A word that names a duration, as all of haproxy's keywords read it: what stands behind the unit is but worth a
/// warning, and less than one `unit` is one.
base::DurationReading read_duration(Line& line, std::string_view word, std::chrono::microseconds unit);
/// The next word is one in milliseconds. Complains in the words of haproxy's sections that are no proxies, which call
/// the argument `named` and the keyword `keyword`; nothing then.
std::optional<std::chrono::milliseconds> read_argument_time(Line& line, std::string_view named,
                                                            std::string_view keyword);

/// What each kind of value looks like; each reports and returns nothing when it is wrong or missing.
std::optional<std::chrono::microseconds> read_time(Line& line, std::chrono::microseconds unit,
                                                   const TimeWording& wording);
/// As most of haproxy's keywords read numbers: leading digits count, what follows them does not, and no digits are 0
/// (with a notice of ours).
std::optional<long long> read_integer(Line& line, std::string_view expects = "an integer argument.");
/// A whole number, in base 0.
std::optional<long long> read_strict_integer(Line& line, std::string_view expects);
std::optional<std::string> read_string(Line& line, std::string_view expects);
/// The word as atol() takes it, and a notice when it is no number.
long long loose_number(Line& line, std::string_view word);
/// The same in the 32 bits that haproxy keeps of most numbers, without a word: what a keyword's limits are held
/// against.
int wrapped_number(std::string_view word);
/// A word that is a number from its first blank or sign to its end; one that is too large is taken as the largest. Base
/// 0 also reads "0x1f" and "017".
std::optional<long long> whole_number(std::string_view word, int base = 10);

/// A number of 32 bits with k, m or g behind it. Gives back where it stopped: the size of the word when that is right.
size_t parse_size(std::string_view word, uint32_t& size);

/// A user's or a group's number; one that no user can have is refused, where haproxy takes another instead.
std::optional<uint32_t> read_id_number(Line& line, std::string_view word, long long value);
/// A set of processes or threads, up to `most` of them and 64: "all", "odd", "even", a number or a range; adds them to
/// `numbers`, the first in the lowest bit. What is wrong with it; empty when nothing is.
std::string read_numbers(std::string_view text, unsigned most, uint64_t& numbers);
/// Digits, letters, '.', '-' and '_'.
bool is_node_name(std::string_view text);
/// The first character of a name that no proxy and no server may have, or 0.
char bad_character(std::string_view name);

/// "already specified. Continuing.": haproxy keeps the first value of some keywords and goes on.
void say_already_specified(Line& line);

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
  const auto value = read_time(line, std::chrono::milliseconds(1), argument_wording);
  if (value) detail::reach(target, members...) = std::chrono::duration_cast<model::Milliseconds>(*value);
}

template <auto... members>
void string(Line& line, detail::Owner<members...>& target) {
  if (auto value = read_string(line, "an argument.")) detail::reach(target, members...) = std::move(*value);
}

template <auto... members>
void integer(Line& line, detail::Owner<members...>& target) {
  auto& member = detail::reach(target, members...);
  if (const auto value = read_integer(line)) member = static_cast<std::remove_reference_t<decltype(member)>>(*value);
}

/// The same of a keyword that may stand once; the first value counts.
template <auto... members>
void integer_once(Line& line, detail::Owner<members...>& target) {
  auto& member = detail::reach(target, members...);
  if (member != 0) return say_already_specified(line);
  integer<members...>(line, target);
}

/// Sets a bool; `no` and `default` clear it.
template <auto... members>
void flag(Line& line, detail::Owner<members...>& target) {
  detail::reach(target, members...) = line.prefix() == Prefix::none;
}

}  // namespace ddbproxy::config
