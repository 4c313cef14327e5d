// Constants, and what the process knows without any stream (manual 7.3.2).
#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <random>

#include "base/host_name.h"
#include "base/thread_slot.h"
#include "stream/fetches/answers.h"
#include "stream/fetches/tables.h"

namespace ddbproxy::stream {
namespace {

using sample::Answer;
using sample::Argument;
using sample::Arguments;
using sample::Value;

Answer always_false(Evaluation&, Arguments, Value& value) { return give_boolean(value, false); }
Answer always_true(Evaluation&, Arguments, Value& value) { return give_boolean(value, true); }
Answer constant_boolean(Evaluation&, Arguments arguments, Value& value) {
  return give_boolean(value, arguments[0].number);
}
Answer constant_integer(Evaluation&, Arguments arguments, Value& value) {
  return give_integer(value, arguments[0].number);
}
Answer constant_string(Evaluation&, Arguments arguments, Value& value) {
  value.set_string(arguments[0].text);
  return Answer::found;
}
Answer constant_binary(Evaluation&, Arguments arguments, Value& value) {
  value.set_binary(arguments[0].text);
  return Answer::found;
}
Answer constant_ipv4(Evaluation&, Arguments arguments, Value& value) {
  value.type = sample::Type::ipv4;
  value.ip = arguments[0].ip;
  return Answer::found;
}
Answer constant_ipv6(Evaluation&, Arguments arguments, Value& value) {
  value.type = sample::Type::ipv6;
  value.ip = arguments[0].ip;
  return Answer::found;
}
Answer constant_method(Evaluation&, Arguments arguments, Value& value) {
  value.set_method(arguments[0].text);
  return Answer::found;
}

int64_t microseconds_since_epoch() {
  return std::chrono::duration_cast<std::chrono::microseconds>(base::wall_now().time_since_epoch()).count();
}

/// date([<offset>[,<unit>]])
Answer date(Evaluation&, Arguments arguments, Value& value) {
  const int64_t now = microseconds_since_epoch();
  const std::string_view given = arguments[1].text;
  const std::string_view unit = arguments[1].kind == sample::ArgumentKind::none ? "s" : given;
  const int64_t divisor = unit == "s" ? 1000000 : unit == "ms" ? 1000 : 1;
  return give_integer(value, now / divisor + arguments[0].number);
}

/// The fraction of the second, as haproxy's date_us.
Answer date_us(Evaluation&, Arguments, Value& value) {
  return give_integer(value, microseconds_since_epoch() % 1000000);
}

Answer environment(Evaluation& evaluation, Arguments arguments, Value& value) {
  const auto found = evaluation.generation.model().environment.get(arguments[0].text);
  if (!found) return Answer::absent;
  value.set_string(evaluation.scratch.copy(*found));
  return Answer::found;
}

Answer hostname(Evaluation&, Arguments, Value& value) {
  static const std::string own = base::host_name();
  value.set_string(own);
  return Answer::found;
}

std::mt19937_64& generator() {
  thread_local std::mt19937_64 own{std::random_device{}()};
  return own;
}

/// rand([<range>]): 32 bits, or 0 to range - 1.
Answer random_number(Evaluation&, Arguments arguments, Value& value) {
  const auto number = static_cast<uint32_t>(generator()());
  if (arguments[0].kind == sample::ArgumentKind::none) return give_integer(value, number);
  const auto range = static_cast<uint64_t>(static_cast<uint32_t>(arguments[0].number));
  return give_integer(value, static_cast<int64_t>(number * range >> 32));
}

Answer uuid(Evaluation& evaluation, Arguments, Value& value) {
  const uint64_t high = generator()(), low = generator()();
  constexpr size_t length = 36;
  char* text = evaluation.scratch.take(length);
  fmt::format_to(text, "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", static_cast<uint32_t>(high >> 32),
                 static_cast<uint16_t>(high >> 16), static_cast<uint16_t>(high & 0xfff),
                 static_cast<uint16_t>((low >> 48 & 0x3fff) | 0x8000), low & 0xffffffffffffULL);
  value.set_string({text, length});
  return Answer::found;
}

Answer one(Evaluation&, Arguments, Value& value) { return give_integer(value, 1); }
Answer thread(Evaluation&, Arguments, Value& value) {
  return give_integer(value, std::max(0, base::thread_slot() - 1));
}

/// var(<name>[,<default>])
Answer variable(Evaluation& evaluation, Arguments arguments, Value& value) {
  if (evaluation.variable(*arguments[0].variable, value) == Answer::found) return Answer::found;
  if (arguments[1].kind == sample::ArgumentKind::none) return Answer::absent;
  value.set_string(arguments[1].text);
  return Answer::found;
}

constexpr FetchFunction constant_rows[] = {{"always_false", always_false},
                                           {"always_true", always_true},
                                           {"bin", constant_binary},
                                           {"bool", constant_boolean},
                                           {"date", date},
                                           {"date_us", date_us},
                                           {"env", environment},
                                           {"hostname", hostname},
                                           {"int", constant_integer},
                                           {"ipv4", constant_ipv4},
                                           {"ipv6", constant_ipv6},
                                           {"meth", constant_method},
                                           {"nbproc", one},
                                           {"proc", one},
                                           {"rand", random_number},
                                           {"str", constant_string},
                                           {"thread", thread},
                                           {"uuid", uuid},
                                           {"var", variable}};

}  // namespace

constinit const std::span<const FetchFunction> constant_answers = constant_rows;

}  // namespace ddbproxy::stream
