// Names that rules ask for, each once (manual 4.2 "tcp-request content do-resolve").
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "live/names/resolver.h"

namespace ddbproxy::live {

/// Who asks for what. `done` is called once, on the control thread; nothing: the name has no address, or nobody said so
/// in time.
struct NameQuery {
  std::string section;  ///< Of the name servers.
  std::string name;
  RecordType preferred = RecordType::aaaa;
  std::function<void(const std::optional<Address>& address)> done;
  const void* asker = nullptr;  ///< For forget(): something that `done` keeps alive.
};

/// Lives on the control loop.
class NameLookups {
 public:
  explicit NameLookups(const std::vector<std::unique_ptr<Resolver>>& sections);
  ~NameLookups();
  NameLookups(const NameLookups&) = delete;
  NameLookups& operator=(const NameLookups&) = delete;

  void begin(NameQuery query);
  /// Who asked wants to know no more.
  void forget(const void* asker);
  /// Ends all of them without an answer: the sections are about to change, or ask no more.
  void give_up();

 private:
  class Lookup;
  void bury();

  const std::vector<std::unique_ptr<Resolver>>& sections_;
  std::vector<std::unique_ptr<Lookup>> lookups_;
};

}  // namespace ddbproxy::live
