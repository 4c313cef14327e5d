// What the expressions of a configuration refer to: variables now, proxies, servers and tables once all is read.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <ddbproxy/model.h>

#include "sample/expression.h"
#include "sample/pattern.h"

namespace ddbproxy::config {

class Context;

/// Lives as long as one call of parse(), on its thread.
class Library final : public sample::Library {
 public:
  explicit Library(model::Model& model) : model_(model) {}

  std::shared_ptr<const sample::Variable> variable(std::string_view name, std::string& error) override;
  std::shared_ptr<sample::PatternList> map_file(std::string_view name, std::string& error) override {
    return pattern_file(name, true, error);
  }
  /// The patterns of a file, or its keys and values; all that name it have one list.
  std::shared_ptr<sample::PatternList> pattern_file(std::string_view name, bool is_map, std::string& error);
  /// Keeps the list with the model, whose expressions look into it; a unique id of 0 is none.
  void keep(const std::shared_ptr<sample::PatternList>& list, uint32_t unique_id);

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

  model::Model& model_;
  std::map<std::string, std::shared_ptr<sample::PatternList>, std::less<>> files_;
  std::vector<Reference> references_;
};

}  // namespace ddbproxy::config
