#include "config/help.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/display.h"
#include "config/suggest.h"

namespace ddbproxy::config {
namespace {

struct Look {
  char32_t character;
  const char* name;
  bool blank = false;  // looks like a blank, or like nothing
};
constexpr std::array looks{
    Look{0xa0, "a no-break space", true},
    Look{0xab, "a typographic quote"},
    Look{0xbb, "a typographic quote"},
    Look{0x2007, "a figure space", true},
    Look{0x200b, "a zero-width space", true},
    Look{0x2013, "a dash that is no '-'"},
    Look{0x2014, "a dash that is no '-'"},
    Look{0x2018, "a typographic quote"},
    Look{0x2019, "a typographic quote"},
    Look{0x201c, "a typographic quote"},
    Look{0x201d, "a typographic quote"},
    Look{0x201e, "a typographic quote"},
    Look{0x202f, "a narrow no-break space", true},
    Look{0x3000, "an ideographic space", true},
    Look{0xfeff, "a byte order mark", true},
    Look{0xff1a, "a full-width colon"},
};

struct Found {
  const Look* look = nullptr;
  uint32_t column = 0, length = 0;  // in bytes, from 1
};

/// The first such character outside comments; with `bare`, outside quotes as well, and only one that looks like a
/// blank.
Found find_look(std::string_view text, bool bare) {
  char quote = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t at = text.size() - rest.size();
    const char32_t character = base::take_character(rest);
    if (character == '\\' && quote != '\'' && !rest.empty()) {
      rest.remove_prefix(1);
    } else if (character == '"' || character == '\'') {
      const char c = static_cast<char>(character);
      quote = quote == 0 ? c : quote == c ? 0 : quote;
    } else if (character == '#' && !quote) {
      break;
    } else {
      const auto look = std::find_if(looks.begin(), looks.end(), [&](auto& row) { return row.character == character; });
      if (look != looks.end() && (!bare || (look->blank && !quote)))
        return {&*look, static_cast<uint32_t>(at + 1), static_cast<uint32_t>(text.size() - rest.size() - at)};
    }
  }
  return {};
}

std::string describe(const Found& found) {
  return fmt::format("column {} is {}, U+{:04X}", found.column, found.look->name,
                     static_cast<unsigned>(found.look->character));
}

/// The words in quotes of a message that lists what may stand there; haproxy's lists all read so.
std::string_view nearest_listed(std::string_view message, std::string_view word) {
  if (word.empty()) return {};
  const size_t list = std::min({message.find("supports"), message.find("supported"), message.find("expects")});
  if (list == message.npos) return {};
  Suggestion suggestion(word);
  for (size_t at = list; (at = message.find('\'', at)) != message.npos;) {
    const size_t end = message.find('\'', at + 1);
    if (end == message.npos) break;
    const std::string_view listed = message.substr(at + 1, end - at - 1);
    if (listed != word) suggestion.consider(listed.substr(0, listed.find('(')));
    at = end + 1;
  }
  return suggestion.best();
}

/// Where the comment of a line begins; npos without one.
size_t comment_in(std::string_view text) {
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'')
      ++i;
    else if (c == '"' || c == '\'')
      quote = quote == 0 ? c : quote == c ? 0 : quote;
    else if (c == '#' && !quote)
      return i;
  }
  return text.npos;
}

/// Keywords whose words are data, in which a '#' may well be meant.
constexpr std::array<std::string_view, 8> data_keywords{"error-log-format", "http-check", "log-format", "log-format-sd",
                                                        "presetenv",        "setenv",     "stats",      "tcp-check"};

bool holds_data(const Line& line) {
  const std::string_view before = line.size() > 1 ? line.word(line.size() - 2) : std::string_view{};
  return before == "agent-send" ||
         std::find(data_keywords.begin(), data_keywords.end(), line.word(0)) != data_keywords.end();
}

}  // namespace

void warn_of_lost_words(const Line& line, std::string_view text) {
  Diagnostics& diagnostics = line.context().diagnostics;
  const auto remark = [&](Location where, std::string_view what) {
    diagnostics.add(Severity::notice, where, fmt::format("parsing [{}] : {}", where.file_and_line(), what));
  };
  for (size_t i = line.position(); i + 1 < line.size(); ++i) {
    if (!line.word(i).empty()) continue;
    if (!line.word(i + 1).empty())
      remark(line.where(i),
             fmt::format("the line ends at an empty word: '{}' behind it has no effect.", line.word(i + 1)));
    break;
  }
  const size_t comment = comment_in(text);
  // Behind a quote that closes, the word has ended for its writer, too.
  if (comment == text.npos || comment == 0 || std::string_view(" \t\"'").find(text[comment - 1]) != text.npos) return;
  if (!holds_data(line)) return;
  Location where = line.where();
  where.column = static_cast<uint32_t>(comment + 1);
  where.length = 1;
  remark(where, "'#' begins a comment even within a word: write '\\#', or put the word in quotes.");
}

void add_help(Context& context, size_t before, std::string_view text, Location line) {
  const bool said = context.diagnostics.all().size() > before;
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!said && ascii) return;
  const Found found = ascii ? Found{} : find_look(text, !said);
  if (!said && found.look) {
    line.column = found.column;
    line.length = found.length;
    context.diagnostics.add(
        Severity::notice, line,
        fmt::format("parsing [{}] : {} ({}) is part of a word and does not end it.", line.file_and_line(),
                    found.look->name, fmt::format("U+{:04X}", static_cast<unsigned>(found.look->character))));
    return;
  }
  for (Diagnostic& diagnostic : context.diagnostics.since(before)) {
    if (diagnostic.where.line != line.line || diagnostic.where.file != line.file) continue;
    if (found.look && diagnostic.hint.empty()) diagnostic.hint = describe(found);
    if (!diagnostic.suggestion.empty() || !diagnostic.where.column) continue;
    const size_t column = std::min<size_t>(diagnostic.where.column - 1, text.size());
    diagnostic.suggestion = nearest_listed(diagnostic.text, text.substr(column, diagnostic.where.length));
  }
}

}  // namespace ddbproxy::config
