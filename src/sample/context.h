// What an expression is evaluated on.
#pragma once

#include "sample/argument.h"
#include "sample/scratch.h"
#include "sample/value.h"

namespace ddbproxy::sample {

struct Converter;
struct FetchCall;

/// not_yet: more bytes, or a later moment, may give it.
enum class Answer : uint8_t { found, absent, not_yet };

/// A stream, a check or the process at one moment, on one thread. The rooms that know the facts derive from it.
class Context {
 public:
  explicit Context(Scratch& scratch_of_thread) : scratch(scratch_of_thread) {}
  virtual ~Context() = default;

  /// What a fetch answers; `value` comes empty, or as it was left when it said `more`.
  virtual Answer fetch(const FetchCall& call, Value& value) = 0;
  /// Carries out a converter whose row has no function of its own, since it needs more than its input.
  virtual bool convert(const Converter& converter, Arguments arguments, Value& value) = 0;
  virtual Answer variable(const Variable& variable, Value& value) = 0;

  Scratch& scratch;
  bool final = false;  ///< No more will come: not_yet is absent then.
};

}  // namespace ddbproxy::sample
