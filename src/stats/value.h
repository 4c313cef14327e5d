// One statistic: a typed value with what kind of figure it is, and how it is written in each format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ddbproxy::stats {

/// Where a figure comes from, what it is, and how far it is valid. The letters are those of `show stat typed`.
enum class Origin : char { metric = 'M', status = 'S', key = 'K', config = 'C', product = 'P' };
enum class Nature : char {
  gauge = 'G',
  limit = 'L',
  maximum = 'M',
  rate = 'R',
  counter = 'C',
  duration = 'D',
  age = 'A',
  name = 'N',
  output = 'O',
  average = 'a'
};
enum class Scope : char { cluster = 'C', service = 'S', process = 'P' };

struct Tags {
  Origin origin;
  Nature nature;
  Scope scope = Scope::process;
};

struct Value {
  enum class Type : uint8_t { none, u32, s32, u64, decimal, text };
  Type type = Type::none;
  int64_t number = 0;  ///< decimal: in millionths
  std::string text;

  static Value u32(uint64_t n) { return {Type::u32, static_cast<int64_t>(n & 0xffffffff), {}}; }
  static Value s32(int64_t n) { return {Type::s32, n, {}}; }
  static Value u64(uint64_t n) { return {Type::u64, static_cast<int64_t>(n), {}}; }
  static Value decimal(int64_t millionths) { return {Type::decimal, millionths, {}}; }
  static Value string(std::string_view text) { return {Type::text, 0, std::string(text)}; }
  explicit operator bool() const { return type != Type::none; }
};

/// As a person reads it: 3, -1, 12.5, text. Decimals end with their last digit that counts.
void write_plain(std::string& out, const Value& value);
/// A cell of a CSV line; quoted when it holds a comma, a quote or a line end.
void write_csv(std::string& out, const Value& value);
/// "MCP:u64:3"
void write_typed(std::string& out, const Tags& tags, const Value& value);
/// "tags":{...},"value":{"type":"u64","value":3}
void write_json(std::string& out, const Tags& tags, const Value& value);
/// A JSON string with its quotes.
void write_json_string(std::string& out, std::string_view text);

}  // namespace ddbproxy::stats
