#include "config/pattern_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <netdb.h>
#include <netinet/in.h>
#include <sstream>
#include <sys/stat.h>

#include "config/library.h"
#include "sample/pattern_list.h"
#include "sample/patterns/reading.h"

namespace ddbproxy::config {
namespace {

/// The first IPv4 address of a host.
std::optional<uint32_t> resolve_host(std::string_view name) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(std::string(name).c_str(), nullptr, &hints, &found) || !found) return {};
  const uint32_t address = ntohl(reinterpret_cast<const sockaddr_in*>(found->ai_addr)->sin_addr.s_addr);
  freeaddrinfo(found);
  return address;
}

/// The text of a file; nothing, and why in haproxy's words.
std::optional<std::string> read_file(const std::string& name, std::string& error) {
  struct stat about {};
  if (name.empty() || stat(name.c_str(), &about)) {
    error = fmt::format("failed to open pattern file <{}>", name);
    return {};
  }
  if (S_ISDIR(about.st_mode)) {
    error = fmt::format("error encountered while reading  <{}> : {}", name, std::strerror(EISDIR));
    return {};
  }
  std::ifstream file(name, std::ios::binary);
  if (!file || !S_ISREG(about.st_mode)) {
    error = fmt::format("failed to open pattern file <{}>", name);
    return {};
  }
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

}  // namespace

std::shared_ptr<const sample::PatternSet> PatternReader::compile(sample::PatternList& list, std::string& error) {
  auto set = list.compile({.match = match_,
                           .ignore_case = options_.ignore_case,
                           .resolve = options_.no_names ? sample::ResolveHost() : resolve_host});
  if (set) return *set;
  error = set.error().text;
  return nullptr;
}

std::shared_ptr<const sample::PatternSet> PatternReader::file(std::string_view name, std::string& error) {
  auto& list = context_.library().files[std::string(name)];
  if (!list) {
    auto text = read_file(std::string(name), error);
    if (!text) return nullptr;
    list = std::make_shared<sample::PatternList>(std::string(name));
    using Lines = sample::PatternList::Lines;
    list->load(std::move(*text), options_.map ? Lines::keys_and_values : Lines::patterns);
  }
  keep(list);
  return compile(*list, error);
}

std::shared_ptr<const sample::PatternSet> PatternReader::words(std::span<const std::string_view> words,
                                                               std::string& error, size_t& wrong) {
  const auto list = std::make_shared<sample::PatternList>();
  auto set = compile(*list, error);
  if (!set) return nullptr;
  keep(list);
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

/// Sets look into their list, so it lives as long as the model.
void PatternReader::keep(const std::shared_ptr<sample::PatternList>& list) {
  auto& all = context_.model->pattern_lists;
  if (std::none_of(all.begin(), all.end(), [&](const auto& each) { return each.list == list; }))
    all.push_back({options_.unique_id, list});
}

}  // namespace ddbproxy::config
