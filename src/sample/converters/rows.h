// The tables that sample::converters() is made of, one file a topic, and what their functions share.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sample/cast.h"
#include "sample/converter.h"
#include "sample/library.h"

namespace ddbproxy::sample {

using Rows = std::span<const Converter>;
extern const Rows arithmetic_rows, text_rows, word_rows, byte_rows, codec_rows, url_rows, hash_rows, digest_rows,
    time_rows, address_rows, json_rows, regex_rows, host_rows, mqtt_rows, fix_rows, protobuf_rows, map_rows, table_rows,
    variable_rows, stream_rows;

namespace conversion {

/// Whether the argument stands there; one that is left out has no kind.
inline bool given(const Argument& argument) { return argument.kind != ArgumentKind::none; }

/// Puts the value of a variable, as one of `type`, into `value`. False: there is none.
inline bool read_variable(const Variable& variable, Type type, Value& value, Context& context) {
  return context.variable(variable, value) == Answer::found && cast(value, type, context.scratch);
}

/// A text that grows up to a limit, in an evaluation's scratch.
class Output {
 public:
  /// Room for at most `most` bytes.
  Output(Scratch& scratch, size_t most) : scratch_(scratch), begin_(scratch.take(most)), most_(most) {}

  size_t room() const { return most_ - size_; }
  size_t size() const { return size_; }
  /// There must be room.
  void add(char c) { begin_[size_++] = c; }
  /// What finds no room is cut.
  void add_cut(std::string_view text) {
    const size_t length = text.copy(begin_ + size_, room());
    size_ += length;
  }
  char* end() { return begin_ + size_; }
  void grow(size_t by) { size_ += by; }
  /// Gives back what is not used; nothing can be added then.
  std::string_view finish() {
    scratch_.trim(begin_, size_);
    return {begin_, size_};
  }

 private:
  Scratch& scratch_;
  char* begin_;
  size_t most_, size_ = 0;
};

/// An argument that names a variable: concat's, strcmp's.
inline std::string register_variable(Argument& argument, Library& library) {
  std::string why;
  argument.variable = library.variable(argument.text, why);
  return argument.variable ? std::string() : "failed to register variable name '" + argument.text + "'";
}

/// The variable that strcmp and secure_memcmp compare with.
inline std::string check_compared(std::span<Argument> arguments, Library& library) {
  return arguments[0].text.empty() ? "missing variable name" : register_variable(arguments[0], library);
}

}  // namespace conversion
}  // namespace ddbproxy::sample
