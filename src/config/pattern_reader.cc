#include "config/pattern_reader.h"

#include <netinet/in.h>

#include "config/library.h"
#include "sample/pattern_list.h"
#include "sample/patterns/reading.h"

namespace ddbproxy::config {
namespace {

std::optional<uint32_t> ipv4_of(const Address& address) {
  if (address.empty()) return {};
  return ntohl(reinterpret_cast<const sockaddr_in*>(address.data())->sin_addr.s_addr);
}

}  // namespace

std::shared_ptr<const sample::PatternSet> PatternReader::compile(sample::PatternList& list, std::string& error) {
  sample::ResolveHost resolve;
  if (!options_.no_names)
    resolve = [asks = context_.library().lists.asks_names(), &outside = context_.outside](std::string_view name) {
      return *asks ? ipv4_of(outside.host(std::string(name), AF_INET)) : std::nullopt;
    };
  auto set = list.compile({.match = match_, .ignore_case = options_.ignore_case, .resolve = std::move(resolve)});
  if (set) return *set;
  error = set.error().text;
  return nullptr;
}

std::shared_ptr<const sample::PatternSet> PatternReader::file(std::string_view name, std::string& error) {
  const PatternUse use = options_.map ? PatternUse::acl_of_map : PatternUse::acl;
  file_ = context_.library().lists.file(name, use, error);
  return file_ ? compile(*file_, error) : nullptr;
}

std::vector<std::string> PatternReader::patterns() const {
  std::vector<std::string> all;
  uint64_t behind = 0;
  while (const auto* entry = file_->next(file_->current_version(), behind)) {
    all.emplace_back(entry->pattern());
    behind = file_->id_of(*entry);
  }
  return all;
}

std::shared_ptr<const sample::PatternSet> PatternReader::words(std::span<const std::string_view> words,
                                                               std::string_view keyword, std::optional<uint32_t> id,
                                                               std::string& error, size_t& wrong) {
  const auto list = context_.library().lists.words(keyword, id);
  auto set = compile(*list, error);
  if (!set) return nullptr;
  sample::PatternWords reader(match_);
  for (wrong = 0; wrong < words.size(); ++wrong) {
    const auto pattern = reader.read(words[wrong]);
    if (!pattern) {
      error = pattern.error().text;
      return nullptr;
    }
    if (!*pattern) continue;
    if (const auto added = list->add(**pattern); !added) {
      error = added.error().text;
      return nullptr;
    }
  }
  return set;
}

}  // namespace ddbproxy::config
