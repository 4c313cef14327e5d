// The lists of patterns that a configuration names: who uses which, and the ids by which the runtime API knows them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ddbproxy/model.h>
#include <ddbproxy/outside.h>

#include "config/base_folder.h"

namespace ddbproxy::config {

/// Who names a file.
enum class PatternUse : uint8_t {
  acl,         ///< -f
  acl_of_map,  ///< -M -f: its keys
  map
};

/// Lives as long as one call of parse(), on its thread.
class PatternLists {
 public:
  /// A place in the configuration.
  struct Place {
    Location where;
    const model::Proxy* later_for = nullptr;  ///< haproxy reads it when all lines are known, proxy by proxy.
  };
  /// What is named from now on stands there; gives the place of before.
  Place stand_at(const Place& place) { return std::exchange(place_, place); }

  /// Who reads files, and where they are looked for; both last longer than this. Else this process, where it runs.
  void read_from(Outside& outside, const BaseFolder& folder) {
    outside_ = &outside;
    folder_ = &folder;
  }

  /// The patterns of a file, or its keys and values; all that name it have one list. Null, and why in haproxy's words.
  std::shared_ptr<sample::PatternList> file(std::string_view name, PatternUse use, std::string& error);
  /// The words of a condition that compares by this keyword.
  std::shared_ptr<sample::PatternList> words(std::string_view keyword, std::optional<uint32_t> id);
  /// A line's words have this id (-u).
  bool knows_id(uint32_t id) const { return ids_.contains(id); }

  /// Whether names of hosts may be asked for: false as soon as all is read, since the runtime API waits for nobody.
  const std::shared_ptr<const bool>& asks_names() const { return asks_names_; }

  /// All of them, numbered as haproxy does; nothing is named any more.
  std::vector<model::Patterns> take(const model::Model& model);

 private:
  struct Use {
    PatternUse use;
    Place place;
  };
  struct Named {
    std::shared_ptr<sample::PatternList> list;
    std::string keyword;  ///< Of words.
    std::optional<uint32_t> id;
    std::vector<Use> uses;  ///< One, for words.
    bool of_acls = false, of_maps = false;
  };

  Place place_;
  Outside* outside_ = &Outside::of_process();
  const BaseFolder* folder_ = nullptr;
  std::shared_ptr<bool> may_ask_ = std::make_shared<bool>(true);
  std::shared_ptr<const bool> asks_names_ = may_ask_;
  std::vector<Named> all_;
  std::map<std::string, size_t, std::less<>> files_;  ///< Their places in all_.
  std::set<uint32_t> ids_;                            ///< -u
};

}  // namespace ddbproxy::config
