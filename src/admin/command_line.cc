#include "admin/command_line.h"

namespace ddbproxy::admin {

size_t end_of_command(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '\n' || text[i] == ';')
      return i;
  }
  return std::string_view::npos;
}

bool take_payload_mark(std::string_view& command) {
  if (!command.ends_with("<<")) return false;
  command.remove_suffix(2);
  return true;
}

Words split_command(std::string_view command) {
  command = command.substr(0, command.find('\0'));
  Words words;
  std::string word;
  bool in_word = false;
  const auto end_word = [&] {
    if (in_word && words.size() < most_words) words.push_back(std::move(word));
    word.clear();
    in_word = false;
  };
  for (size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (c == ' ' || c == '\t') {
      end_word();
      continue;
    }
    in_word = true;
    if (c != '\\')
      word += c;
    else if (i + 1 < command.size())
      word += command[++i];
  }
  end_word();
  return words;
}

}  // namespace ddbproxy::admin
