#include "admin/command_line.h"

namespace ddbproxy::admin {

size_t end_of_line(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '\n')
      return i;
  }
  return std::string_view::npos;
}

bool take_payload_mark(std::string_view& line) {
  if (!line.ends_with("<<")) return false;
  line.remove_suffix(2);
  return true;
}

std::vector<Words> split_line(std::string_view line) {
  line = line.substr(0, line.find('\0'));
  std::vector<Words> commands(1);
  std::string word;
  bool in_word = false;
  const auto end_word = [&] {
    if (in_word && commands.back().size() < most_words) commands.back().push_back(std::move(word));
    word.clear();
    in_word = false;
  };
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ' ' || c == '\t') {
      end_word();
    } else if (c == ';') {
      end_word();
      commands.emplace_back();
    } else {
      in_word = true;
      if (c != '\\')
        word += c;
      else if (i + 1 < line.size())
        word += line[++i];
    }
  }
  end_word();
  return commands;
}

}  // namespace ddbproxy::admin
