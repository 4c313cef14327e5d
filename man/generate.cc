// Writes what the tables know for readers: the manual of the configuration, and the table of what is supported.
#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <ddbproxy/keywords.h>
#include <ddbproxy/version.h>

#include "sample/log_variables.h"

namespace {

using namespace ddbproxy;

/// The rows of one kind, in the order of the alphabet; kinds in the order in which they come first.
struct Kind {
  std::string_view name;
  std::vector<const KeywordInfo*> rows;
};

std::vector<Kind> kinds() {
  std::vector<Kind> all;
  for (const KeywordInfo& row : keywords()) {
    auto kind = std::find_if(all.begin(), all.end(), [&](const Kind& k) { return k.name == row.kind; });
    if (kind == all.end()) kind = all.insert(kind, Kind{row.kind, {}});
    kind->rows.push_back(&row);
  }
  for (Kind& kind : all) {
    std::stable_sort(kind.rows.begin(), kind.rows.end(), [](auto* a, auto* b) { return a->name < b->name; });
  }
  return all;
}

/// Text for roff: backslashes and hyphens as such, and no line that begins like a request.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string sections_in_words(std::string_view letters) {
  constexpr std::pair<char, const char*> words[] = {{'D', "defaults"}, {'F', "frontend"},    {'L', "listen"},
                                                    {'B', "backend"},  {'R', "resolvers"},   {'P', "program"},
                                                    {'U', "userlist"}, {'E', "http-errors"}, {'M', "mailers"},
                                                    {'I', "ring"},     {'W', "log-forward"}, {'S', "peers"}};
  std::string out;
  for (const auto& [letter, word] : words) {
    if (letters.find(letter) != letters.npos) out += (out.empty() ? "" : ", ") + std::string(word);
  }
  return out;
}

std::string sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty()) out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  if (!out.ends_with('.')) out += '.';
  return roff(out);
}

std::string remark(const KeywordInfo& row) {
  std::string out;
  const std::string sections = sections_in_words(row.sections);
  if (!sections.empty()) out += fmt::format(" In {}.", sections);
  if (row.mode != "both") out += row.mode == "tcp" ? " TCP mode." : " HTTP mode.";
  if (row.support == Support::planned) out += " Not supported yet.";
  if (row.support == Support::ignored) out += " Without effect.";
  if (row.own) out += " A word of ddbproxy\\(aqs own; haproxy 2.6 does not know it.";
  return out;
}

void print_keyword(const KeywordInfo& row) {
  fmt::print(".TP\n\\fB{}\\fR", roff(row.name));
  if (!row.syntax.empty()) fmt::print(" {}", roff(row.syntax));
  fmt::print("\n{}{}\n", sentence(row.doc), remark(row));
}

void print_log_variables() {
  for (const sample::LogVariable& variable : sample::log_variables()) {
    fmt::print(".TP\n\\fB%{}\\fR\n{}{}\n", variable.name, sentence(variable.doc),
               variable.http_only ? " HTTP mode." : "");
  }
}

/// The manual: the text around the tables is man/ddbproxy.cfg.5.in, in which a line "@name@" stands for a table.
int print_manual(const char* path) {
  std::ifstream file(path);
  const std::map<std::string, std::function<void()>> parts = {
      {"@title@", [] { fmt::print(".TH DDBPROXY.CFG 5 \"2026-11-23\" \"ddbproxy {}\" \"File Formats\"\n", version); }},
      {"@log variables@", print_log_variables},
      {"@keywords@",
       [] {
         for (const Kind& kind : kinds()) {
           fmt::print(".SS {}\n", roff(kind.name));
           for (const KeywordInfo* row : kind.rows) print_keyword(*row);
         }
       }},
  };
  std::string line;
  while (std::getline(file, line)) {
    const auto part = parts.find(line);
    part == parts.end() ? fmt::print("{}\n", line) : part->second();
  }
  return file.eof() ? 0 : 1;
}

/// One row a kind: what works by name, the rest by number.
std::string support_table() {
  std::string out = "| | carried out | as in 2.6, a warning and no effect | refused for now |\n|---|---|---|---|\n";
  for (const Kind& kind : kinds()) {
    std::string lists[2];
    size_t planned = 0;
    for (const KeywordInfo* row : kind.rows) {
      if (row->support == Support::planned) {
        ++planned;
        continue;
      }
      std::string& list = lists[row->support == Support::ignored];
      list += fmt::format("{}`{}`", list.empty() ? "" : " ", row->name);
    }
    out += fmt::format("| {} | {} | {} | {} |\n", kind.name, lists[0], lists[1], planned);
  }
  return out;
}

/// `readme` with the table between its two marks; empty when it has none.
std::string with_table(const std::string& readme) {
  constexpr std::string_view begin = "<!-- support table: begin -->\n", end = "<!-- support table: end -->";
  const size_t from = readme.find(begin), to = readme.find(end);
  if (from == readme.npos || to == readme.npos) return {};
  return readme.substr(0, from + begin.size()) + support_table() + readme.substr(to);
}

int readme(const char* path, bool write) {
  std::ifstream file(path);
  const std::string now(std::istreambuf_iterator<char>(file), {});
  const std::string wanted = with_table(now);
  if (wanted.empty()) return fmt::print(stderr, "{} has no marks for the support table\n", path), 1;
  if (write) return std::ofstream(path) << wanted ? 0 : 1;
  if (now == wanted) return 0;
  fmt::print(stderr, "{} does not show what the keyword tables say: run `generate --write {}`\n", path, path);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "--table") return fmt::print("{}", support_table()), 0;
  if (argc == 3 && what == "--manual") return print_manual(argv[2]);
  if (argc == 3 && what == "--write") return readme(argv[2], true);
  if (argc == 3 && what == "--check") return readme(argv[2], false);
  fmt::print(stderr, "usage: generate --manual <text> | --table | --write <readme> | --check <readme>\n");
  return 2;
}
