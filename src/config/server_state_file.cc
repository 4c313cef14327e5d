#include "config/server_state_file.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace ddbproxy::config {
namespace {

constexpr size_t longest_line = 1999;  // with its newline
constexpr size_t fewest_fields = use_ssl;
constexpr std::string_view blanks = " \t";

/// The number of a line that holds nothing else, or -1.
long version_of(std::string_view line) {
  const std::string text(line);
  char* end = nullptr;
  const long version = std::strtol(text.c_str(), &end, 10);
  return end == text.c_str() || *end ? -1 : version;
}

/// Without its newline; empty when there is none.
std::string_view first_line(std::string_view text) {
  const size_t end = text.find('\n');
  return end < longest_line ? text.substr(0, end) : std::string_view();
}

/// How many fields the line has.
size_t split(std::string_view line, StateLine& fields) {
  size_t count = 0;
  for (size_t at = line.find_first_not_of(blanks); at != line.npos; at = line.find_first_not_of(blanks, at)) {
    const size_t end = std::min(line.find_first_of(blanks, at), line.size());
    if (count < fields.size()) fields[count] = line.substr(at, end - at);
    ++count;
    at = end;
  }
  return count;
}

}  // namespace

ServerStateFile::ServerStateFile(Outside::File file) : text_(std::move(file.text)), error_(file.error) {
  if (error_)
    fault_ = Fault::not_opened;
  else
    read_text();
}

void ServerStateFile::read_text() {
  const std::string_view version = first_line(text_);
  if (version_of(version) != 1) {
    fault_ = Fault::no_version;
    return;
  }
  std::string_view rest = text_;
  rest.remove_prefix(version.size() + 1);
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    const bool whole = end < longest_line && line.find('\0') == line.npos;
    ++line_;
    StateLine fields;
    const size_t count = whole ? split(line, fields) : 0;
    const bool idle = whole && (count == 0 || fields[0].starts_with('#'));
    if (!idle && count < fewest_fields) {
      fault_ = Fault::corrupted;
      lines_.clear();
      return;
    }
    if (!idle) lines_.push_back(fields);
    rest.remove_prefix(end + 1);
  }
}

}  // namespace ddbproxy::config
