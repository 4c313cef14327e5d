#include "app/file_changes.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <unordered_map>

#include "config/sections.h"

namespace ddbproxy::app {
namespace {

/// Words that say nothing without the next one.
constexpr std::array<std::string_view, 10> prefixes{"timeout", "option", "no",   "stats",          "server",
                                                    "log",     "bind",   "hold", "default-server", "email-alert"};

/// Words of a line as they are written, up to a comment; config::lex() would put values in place of variables.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  char quoted = 0;
  size_t begin = line.npos;
  for (size_t i = 0; i <= line.size(); ++i) {
    const char c = i < line.size() ? line[i] : '\n';
    const bool ends = !quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '#');
    if (ends && begin != line.npos) {
      words.push_back(line.substr(begin, i - begin));
      begin = line.npos;
    }
    if (!quoted && c == '#') break;
    if (c == '\\' && quoted != '\'')
      ++i;
    else if (quoted ? c == quoted : c == '"' || c == '\'')
      quoted = quoted ? 0 : c;
    if (!ends && begin == line.npos) begin = std::min(i, line.size());
  }
  return words;
}

struct Line {
  std::string key, rest;  // "timeout client", "1m"
  bool secret = false;    // nobody is to read what it says
  std::string text() const { return rest.empty() || secret ? key : key + ' ' + rest; }
};

using Lines = std::vector<Line>;
/// Pieces of text: a section may go on in another place.
using Text = std::vector<std::string_view>;
using File = std::vector<std::pair<std::string, Text>>;

Line line_of(const std::vector<std::string_view>& words, bool secret) {
  const size_t length = words.size() > 1 && std::ranges::find(prefixes, words[0]) != prefixes.end() ? 2 : 1;
  const auto middle = words.begin() + static_cast<ptrdiff_t>(length);
  Line line{fmt::format("{}", fmt::join(words.begin(), middle, " ")),
            fmt::format("{}", fmt::join(middle, words.end(), " "))};
  line.secret = secret || line.key == "stats auth" || line.key.ends_with("setenv");
  return line;
}

/// The first line, which is taken off.
std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

bool begins_section(std::string_view line) {
  const size_t begin = line.find_first_not_of(" \t");
  if (begin == line.npos) return false;
  line.remove_prefix(begin);
  return config::SectionReader::opens(line.substr(0, line.find_first_of(" \t\r#")));
}

/// Only lines that begin a section are looked into: most sections of a long file are as they were.
File file_of(const Sources& sources) {
  std::unordered_map<std::string, size_t> places;
  File file;
  int unnamed = 0;
  for (const auto& source : sources) {
    Text* section = nullptr;
    for (std::string_view rest = source->text; !rest.empty();) {
      const std::string_view line = take_line(rest);
      if (begins_section(line)) {
        const auto words = words_of(line);
        std::string name(words[0]);
        if (words.size() > 1) name += fmt::format(" {}", words[1]);
        // Nameless sections of defaults follow one another.
        if (name == "defaults" && unnamed++) name += fmt::format(" ({})", unnamed);
        const auto [place, added] = places.emplace(name, file.size());
        if (added) file.emplace_back(name, Text{});
        section = &file[place->second].second;
        section->push_back(line);  // which may say more than the name
      } else if (section) {
        std::string_view& piece = section->back();
        piece = {piece.data(), static_cast<size_t>(line.data() + line.size() - piece.data())};
      }
    }
  }
  return file;
}

Lines lines_of(const std::string& name, const Text& text) {
  Lines lines;
  for (std::string_view piece : text)
    for (bool first = true; !piece.empty(); first = false) {
      const auto words = words_of(take_line(piece));
      const bool only_name = first && words.size() < 3;
      if (!words.empty() && !only_name) lines.push_back(line_of(words, name.starts_with("userlist")));
    }
  return lines;
}

/// Takes out of both what they share.
void drop_common(Lines& a, Lines& b) {
  std::map<std::string, int> common;
  for (const Line& line : a) ++common[line.key + ' ' + line.rest];
  const auto seen = [&](const Line& line) { return common[line.key + ' ' + line.rest]-- > 0; };
  Lines only_b;
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
  const File old = file_of(before), now = file_of(after);
  std::vector<std::string> texts;
  std::unordered_map<std::string_view, const Text*> known;
  for (const auto& [name, text] : old) known.emplace(name, &text);
  for (const auto& [name, text] : now) {
    const auto found = known.find(name);
    if (found == known.end()) {
      texts.push_back(name + " added");
      continue;
    }
    const Text& text_before = *found->second;
    known.erase(found);
    if (text == text_before) continue;
    Lines gone = lines_of(name, text_before), lines = lines_of(name, text);
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
  for (const auto& [name, text] : old)
    if (known.contains(name)) texts.push_back(name + " removed");
  return texts;
}

}  // namespace ddbproxy::app
