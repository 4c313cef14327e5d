#include "config/pattern_lists.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unordered_map>

#include "sample/pattern_list.h"

namespace ddbproxy::config {
namespace {

/// haproxy's HTTP client has so many ACLs of its own, behind those of the lines; maps that it looks for later come
/// behind them.
constexpr int own_lists = 2;

/// The text of a file; nothing, and why in haproxy's words.
std::optional<std::string> read_file(std::string_view name, const std::string& path, std::string& error) {
  struct stat about {};
  if (path.empty() || stat(path.c_str(), &about)) {
    error = fmt::format("failed to open pattern file <{}>", name);
    return {};
  }
  if (S_ISDIR(about.st_mode)) {
    error = fmt::format("error encountered while reading  <{}> : {}", name, std::strerror(EISDIR));
    return {};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file || !(S_ISREG(about.st_mode) || S_ISCHR(about.st_mode))) {
    error = fmt::format("failed to open pattern file <{}>", name);
    return {};
  }
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::string in_words(const Location& where) {
  return fmt::format("file '{}' line {}", where.file ? where.file->name : "", where.line);
}

}  // namespace

std::shared_ptr<sample::PatternList> PatternLists::file(std::string_view name, PatternUse use, std::string& error) {
  const bool of_maps = use != PatternUse::acl, of_acls = use != PatternUse::map;
  const auto known = files_.find(name);
  if (known == files_.end()) {
    auto text = read_file(name, folder_ ? folder_->path(name, place_.where) : std::string(name), error);
    if (!text) return nullptr;
    using Lines = sample::PatternList::Lines;
    auto list = std::make_shared<sample::PatternList>(std::string(name));
    list->load(std::move(*text), of_maps ? Lines::keys_and_values : Lines::patterns);
    files_.emplace(name, all_.size());
    all_.push_back({.list = std::move(list), .of_maps = of_maps});
  }
  Named& named = known == files_.end() ? all_.back() : all_[known->second];
  if (named.of_maps != of_maps) {
    error = fmt::format("The file \"{}\" is already used as {} column file and cannot be used by as {} column file.",
                        name, named.of_maps ? "two" : "one", of_maps ? "two" : "one");
    return nullptr;
  }
  named.uses.push_back({use, place_});
  named.of_acls |= of_acls;
  return named.list;
}

std::shared_ptr<sample::PatternList> PatternLists::words(std::string_view keyword, std::optional<uint32_t> id) {
  auto list = std::make_shared<sample::PatternList>();
  all_.push_back({list, std::string(keyword), id, {{PatternUse::acl, place_}}, true});
  if (id) ids_.insert(*id);
  return list;
}

std::vector<model::Patterns> PatternLists::take(const model::Model& model) {
  std::unordered_map<const model::Proxy*, size_t> turns;
  for (const auto& proxy : model.proxies) turns.emplace(proxy.get(), turns.size() + 1);
  const auto turn = [&](const Use& use) { return use.place.later_for ? turns[use.place.later_for] : 0; };
  const auto earlier = [&](const Use& a, const Use& b) { return turn(a) < turn(b); };
  for (Named& each : all_) std::stable_sort(each.uses.begin(), each.uses.end(), earlier);
  std::stable_sort(all_.begin(), all_.end(),
                   [&](const Named& a, const Named& b) { return earlier(a.uses[0], b.uses[0]); });

  uint32_t next = 0;
  const auto next_id = [&] {
    while (ids_.contains(next)) ++next;
    return next++;
  };
  bool later = false;
  std::vector<model::Patterns> lists;
  for (Named& each : all_) {
    if (turn(each.uses[0]) && !std::exchange(later, true))
      for (int i = 0; i < own_lists; ++i) next_id();
    std::string description;
    if (each.keyword.empty()) {
      description = fmt::format("pattern loaded from file '{}' used", each.list->file());
      std::string_view before = " by";
      for (const Use& use : each.uses)
        description += fmt::format("{} {} at {}", std::exchange(before, ", by"),
                                   use.use == PatternUse::acl ? "acl" : "map", in_words(use.place.where));
    } else {
      description = fmt::format("acl '{}' {}", each.keyword, in_words(each.uses[0].place.where));
    }
    const uint32_t id = each.id ? *each.id : next_id();
    lists.push_back({id, std::move(each.list), std::move(description), each.of_acls, each.of_maps});
  }
  std::sort(lists.begin(), lists.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  *may_ask_ = false;
  all_.clear();
  files_.clear();
  return lists;
}

}  // namespace ddbproxy::config
