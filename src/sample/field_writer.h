// Writes one value of a log line the way the variable's flags want it: quoted, hexadecimal, escaped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <ddbproxy/address.h>

namespace ddbproxy::sample {

/// The flags of "%{+Q,+X,+E}".
enum FieldFlag : uint8_t { quoted = 1, hexadecimal = 2, escaped = 4 };

class Context;

/// What a line tells besides the stream.
struct LineContext {
  uint64_t log_counter = 0;    ///< %lc: how many lines the frontend has logged before
  bool logasap = false;        ///< sizes and times begin with '+', for they may still grow
  Context* samples = nullptr;  ///< What %[expressions] are evaluated on; null: all of them are absent.
  bool dashes = true;          ///< Nothing at all is written as "-", as in log lines; otherwise it is nothing.
};

/// Appends to a line. A value lives as long as one variable is written.
class FieldWriter {
 public:
  FieldWriter(std::string& out, uint8_t flags, const LineContext& context)
      : context(context), out_(out), flags_(flags) {}

  /// Nothing at all becomes "-", or "" in quotes.
  void text(std::string_view value);
  /// As text(), with control characters, double quotes and non-ASCII bytes as #XX: for what a client sent.
  void foreign_text(std::string_view value);
  /// The same with nothing but control characters encoded, which would break a line in two. haproxy 2.6 writes even
  /// those as they are.
  void sample_text(std::string_view value);
  /// In decimal even with +X, as haproxy writes most numbers.
  void number(int64_t value);
  /// In hexadecimal with +X, at least `digits` wide.
  void hex_number(uint64_t value, int digits = 4);
  void ip(const Address& address);
  /// A UNIX socket has no port: haproxy shows the number of the listener.
  void port(const Address& address, uint32_t listener);
  void raw(std::string_view value) { out_ += value; }
  void raw(char value) { out_ += value; }
  bool has(FieldFlag flag) const { return flags_ & flag; }

  const LineContext& context;

 private:
  void escaped_text(std::string_view value);
  void encoded_text(std::string_view value, bool (*encodes)(char));

  std::string& out_;
  const uint8_t flags_;
};

}  // namespace ddbproxy::sample
