// What the arguments of an expression may name.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sample/variable.h"

namespace ddbproxy::sample {

class PatternList;

/// Knows names and files while a configuration is read. The config room derives from it.
class Library {
 public:
  virtual ~Library() = default;
  /// The variable of this name, as "txn.x". Null: it is none, and `error` says why in haproxy's words.
  virtual std::shared_ptr<const Variable> variable(std::string_view name, std::string& error) = 0;
  /// The keys and values of a file, which all have in common that name it. Null, and why in haproxy's words.
  virtual std::shared_ptr<PatternList> map_file(std::string_view name, std::string& error) = 0;
};

}  // namespace ddbproxy::sample
