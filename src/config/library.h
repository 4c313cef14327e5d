// What the expressions of a configuration refer to: variables now, proxies, servers and tables once all is read.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

#include "config/pattern_lists.h"
#include "sample/expression.h"

namespace ddbproxy::config {

class Context;

/// Lives as long as one call of parse(), on its thread; or for one expression of a process that runs.
class Library final : public sample::Library {
 public:
  enum class For : uint8_t { reading, running };

  explicit Library(For what = For::reading) : reading_(what == For::reading) {}

  PatternLists lists;

  std::shared_ptr<const sample::Variable> variable(std::string_view name, std::string& error) override;
  std::shared_ptr<sample::PatternList> map_file(std::string_view name, std::string& error) override;

  /// Keeps an expression whose arguments name what may stand further down. `use` says whose it is in messages: "ACL",
  /// or "tcp-request content expression".
  void refer(std::shared_ptr<sample::Expression> expression, const Location& where, const model::Proxy* proxy,
             std::string_view use);
  /// Looks up what the arguments name; reports what is not there.
  void resolve(Context& context);

 private:
  struct Reference {
    std::shared_ptr<sample::Expression> expression;
    Location where;
    const model::Proxy* proxy;
    std::string use;
  };
  void resolve(Context& context, const Reference& reference, sample::Argument& argument, size_t number,
               const sample::Converter* converter);

  const bool reading_;
  bool tells_last_rule_ = false;
  std::vector<Reference> references_;
};

}  // namespace ddbproxy::config
