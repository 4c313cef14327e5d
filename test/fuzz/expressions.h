// Expressions that fuzzers evaluate on what they are given.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sample/expression.h"
#include "sample/library.h"

namespace ddbproxy::fuzz {

/// Those of these texts that can be read where there are no variables and no files.
inline std::vector<std::shared_ptr<sample::Expression>> read_expressions(const std::vector<std::string>& texts) {
  struct NoNames : sample::Library {
    std::shared_ptr<const sample::Variable> variable(std::string_view, std::string&) override { return nullptr; }
    std::shared_ptr<sample::PatternList> map_file(std::string_view, std::string&) override { return nullptr; }
  };
  std::vector<std::shared_ptr<sample::Expression>> all;
  for (const std::string& text : texts) {
    NoNames names;
    sample::ExpressionReader reader(names);
    if (reader.begin(text)) all.push_back(reader.take());
  }
  return all;
}

}  // namespace ddbproxy::fuzz
