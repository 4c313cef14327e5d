// Converters of integers and booleans: arithmetic that stops at the largest number, bits, truth.
#include <limits>

#include "sample/converters/rows.h"
#include "sample/number.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

constexpr int64_t largest = std::numeric_limits<int64_t>::max(), smallest = std::numeric_limits<int64_t>::min();

std::string check_operand(std::span<Argument> arguments, Library& library) {
  Argument& argument = arguments[0];
  std::string_view rest = argument.text;
  argument.number = take_integer(rest);
  if (rest.empty()) return {};
  std::string why;
  argument.variable = library.variable(argument.text, why);
  return argument.variable ? "" : "expects an integer or a variable name";
}

/// A converter of two numbers. The value keeps its type: with a boolean it counts on as one.
template <int64_t (*combine)(int64_t, int64_t)>
bool binary_operation(Arguments arguments, Value& value, Context& context) {
  const Argument& argument = arguments[0];
  int64_t other = argument.number;
  if (argument.variable) {
    Value of_variable;
    if (!read_variable(*argument.variable, integer, of_variable, context)) return false;
    other = of_variable.number;
  }
  value.number = combine(value.number, other);
  return true;
}

/// As 2.6: of two negative numbers it makes the largest one, unless their sum is smaller than the smallest.
int64_t add(int64_t a, int64_t b) {
  int64_t sum = 0;
  const bool fits = !__builtin_add_overflow(a, b, &sum);
  if (a < 0 && b < 0) return fits ? largest : smallest;
  return fits ? sum : largest;
}
int64_t subtract(int64_t a, int64_t b) {
  if (b != smallest) return add(a, -b);
  return a < 0 ? a - b : largest;
}
int64_t multiply(int64_t a, int64_t b) {
  int64_t product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return product;
  return (a < 0) == (b < 0) ? largest : smallest;
}
int64_t divide(int64_t a, int64_t b) {
  if (b == 0 || (a == smallest && b == -1)) return largest;
  return a / b;
}
int64_t remainder(int64_t a, int64_t b) { return b == 0 || b == -1 ? 0 : a % b; }
int64_t bits_and(int64_t a, int64_t b) { return a & b; }
int64_t bits_or(int64_t a, int64_t b) { return a | b; }
int64_t bits_xor(int64_t a, int64_t b) { return a ^ b; }

bool complement(Arguments, Value& value, Context&) {
  value.number = ~value.number;
  return true;
}
bool negate(Arguments, Value& value, Context&) {
  value.number = value.number == smallest ? largest : -value.number;
  return true;
}
bool truth(Arguments, Value& value, Context&) {
  value.set_boolean(value.number != 0);
  return true;
}
bool no(Arguments, Value& value, Context&) {
  value.set_boolean(value.number == 0);
  return true;
}
bool odd(Arguments, Value& value, Context&) {
  value.set_boolean(value.number & 1);
  return true;
}
bool even(Arguments, Value& value, Context&) {
  value.set_boolean((value.number & 1) == 0);
  return true;
}

bool iif(Arguments arguments, Value& value, Context&) {
  value.set_string(arguments[value.number != 0 ? 0 : 1].text);
  return true;
}

bool htonl(Arguments, Value& value, Context& context) {
  char* bytes = context.scratch.take(4);
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<char>(value.number >> (24 - 8 * i));
  value.set_binary({bytes, 4});
  return true;
}

constexpr auto none = ArgumentKinds::of("");
constexpr auto operand = ArgumentKinds::of("string");

constexpr Converter rows[] = {
    {"add", operand, integer, integer, binary_operation<add>, check_operand, true,
     "Adds a number or a variable; what would overflow becomes the largest number of its sign."},
    {"and", operand, integer, integer, binary_operation<bits_and>, check_operand, true,
     "The bits that a number or a variable has, too."},
    {"bool", none, integer, boolean, truth, nullptr, true, "True unless the number is zero."},
    {"cpl", none, integer, integer, complement, nullptr, true, "The number with every bit turned over."},
    {"div", operand, integer, integer, binary_operation<divide>, check_operand, true,
     "Divides by a number or a variable; by zero it is the largest number."},
    {"even", none, integer, boolean, even, nullptr, true, "True when the number is even."},
    {"htonl", none, integer, binary, htonl, nullptr, true,
     "The low 32 bits of the number as four bytes, highest first."},
    {"iif", ArgumentKinds::of("string,string"), boolean, string, iif, nullptr, true,
     "The first text when the value is true, else the second."},
    {"mod", operand, integer, integer, binary_operation<remainder>, check_operand, true,
     "What a division by a number or a variable leaves; by zero it is zero."},
    {"mul", operand, integer, integer, binary_operation<multiply>, check_operand, true,
     "Multiplies by a number or a variable; what would overflow becomes the largest number of its sign."},
    {"neg", none, integer, integer, negate, nullptr, true, "The number with its sign turned over."},
    {"not", none, integer, boolean, no, nullptr, true, "True when the number is zero."},
    {"odd", none, integer, boolean, odd, nullptr, true, "True when the number is odd."},
    {"or", operand, integer, integer, binary_operation<bits_or>, check_operand, true,
     "The bits that the number has, or a number or a variable."},
    {"sub", operand, integer, integer, binary_operation<subtract>, check_operand, true,
     "Takes away a number or a variable; what would overflow becomes the largest number of its sign."},
    {"xor", operand, integer, integer, binary_operation<bits_xor>, check_operand, true,
     "The bits that only one has: the number, or a number or a variable."},
};

}  // namespace

constinit const Rows arithmetic_rows = rows;

}  // namespace ddbproxy::sample
