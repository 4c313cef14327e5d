#include "app/file_changes.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

#include "base/text.h"

namespace ddbproxy::app {
namespace {

constexpr std::array sections{"global", "defaults",    "frontend", "backend",     "listen",     "resolvers",
                              "peers",  "mailers",     "userlist", "http-errors", "fcgi-app",   "cache",
                              "ring",   "log-forward", "program",  "crt-store",   "log-profile"};

/// Words that say nothing without the next one.
constexpr std::array prefixes{"timeout", "option", "no", "stats", "server", "log", "bind", "default-server", "hold"};

template <size_t n>
bool is_one_of(const std::array<const char*, n>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Words of a line up to a comment, however many blanks stand between them.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  bool quoted = false;
  size_t begin = line.npos;
  for (size_t i = 0; i <= line.size(); ++i) {
    const char c = i < line.size() ? line[i] : '\n';
    const bool ends = !quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '#');
    if (ends && begin != line.npos) {
      words.push_back(line.substr(begin, i - begin));
      begin = line.npos;
    }
    if (!quoted && c == '#') break;
    if (c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    if (!ends && begin == line.npos) begin = std::min(i, line.size());
  }
  return words;
}

struct Line {
  std::string key, rest;  // "timeout client", "1m"
  bool secret = false;    // nobody is to read what it says
  std::string text() const { return rest.empty() || secret ? key : key + ' ' + rest; }
};

using Section = std::vector<Line>;
using File = std::vector<std::pair<std::string, Section>>;

Line line_of(const std::vector<std::string_view>& words, bool secret) {
  const size_t length = is_one_of(prefixes, words[0]) && words.size() > 1 ? 2 : 1;
  const auto middle = words.begin() + static_cast<ptrdiff_t>(length);
  Line line{fmt::format("{}", fmt::join(words.begin(), middle, " ")),
            fmt::format("{}", fmt::join(middle, words.end(), " "))};
  line.secret = secret || line.key == "stats auth" || line.key.ends_with("setenv");
  return line;
}

File read(const Sources& sources) {
  std::map<std::string, size_t, std::less<>> places;
  File file;
  Section* section = nullptr;
  int unnamed = 0;
  for (const auto& source : sources)
    for (std::string_view rest = source->text; !rest.empty();) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      const auto words = words_of(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (words.empty()) continue;
      if (is_one_of(sections, words[0])) {
        std::string name(words[0]);
        if (words.size() > 1) name += fmt::format(" {}", words[1]);
        // Nameless sections of defaults follow one another.
        if (name == "defaults" && unnamed++) name += fmt::format(" ({})", unnamed);
        const auto [place, added] = places.emplace(name, file.size());
        if (added) file.emplace_back(name, Section{});
        section = &file[place->second].second;
      } else if (section) {
        section->push_back(line_of(words, file.back().first.starts_with("userlist")));
      }
    }
  return file;
}

/// Takes out of both what they share.
void drop_common(Section& a, Section& b) {
  std::map<std::string, int> common;
  for (const Line& line : a) ++common[line.key + ' ' + line.rest];
  const auto seen = [&](const Line& line) { return common[line.key + ' ' + line.rest]-- > 0; };
  Section only_b;
  for (const Line& line : b)
    if (!seen(line)) only_b.push_back(line);
  b.swap(only_b);
  // What is left of the counts stands in the first one only.
  std::erase_if(a, [&](const Line& line) { return common[line.key + ' ' + line.rest]-- <= 0; });
}

uint32_t sessions_of(const std::vector<live::ServerChanges>& servers, std::string_view section,
                     const std::string& key) {
  const std::string_view proxy = section.substr(std::min(section.find(' '), section.size() - 1) + 1);
  for (const auto& backend : servers)
    if (backend.backend == proxy)
      for (const auto& removed : backend.removed)
        if (key == "server " + removed.name) return removed.sessions;
  return 0;
}

}  // namespace

std::vector<std::string> file_changes(const Sources& before, const Sources& after,
                                      const std::vector<live::ServerChanges>& servers) {
  File old = read(before), now = read(after);
  std::vector<std::string> texts;
  std::map<std::string, Section*> known;
  for (auto& [name, lines] : old) known.emplace(name, &lines);
  for (auto& [name, lines] : now) {
    const auto found = known.find(name);
    if (found == known.end()) {
      texts.push_back(name + " added");
      continue;
    }
    Section gone = std::move(*found->second);
    known.erase(found);
    drop_common(gone, lines);
    std::vector<std::string> changes;
    for (const Line& line : lines) {
      const auto same_key = [&](const Line& other) { return other.key == line.key; };
      const auto replaced = std::find_if(gone.begin(), gone.end(), same_key);
      if (replaced == gone.end()) {
        changes.push_back((line.key.starts_with("server ") ? line.key : line.text()) + " added");
        continue;
      }
      changes.push_back(line.secret ? line.key + " changed"
                                    : fmt::format("{} {} -> {}", line.key, replaced->rest, line.rest));
      gone.erase(replaced);
    }
    for (const Line& line : gone) {
      const uint32_t sessions = sessions_of(servers, name, line.key);
      changes.push_back(
          (line.key.starts_with("server ") ? line.key : line.text()) + " removed" +
          (sessions ? fmt::format(" ({} session{} on)", sessions, sessions == 1 ? " goes" : "s go") : ""));
    }
    if (!changes.empty()) texts.push_back(fmt::format("{}: {}", name, fmt::join(changes, ", ")));
  }
  for (const auto& [name, lines] : old)
    if (known.contains(name)) texts.push_back(name + " removed");
  return texts;
}

}  // namespace ddbproxy::app
