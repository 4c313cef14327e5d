#include "config/error_file.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"

namespace ddbproxy::config {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// Walks through the head of a response; a place where it cannot go on is `at`.
class HeadReader {
 public:
  explicit HeadReader(std::string_view text) : text_(text) {}

  bool read(model::ErrorFile& file) {
    if (!status_line(file)) return false;
    std::string_view line;
    while (next_line(line)) {
      if (line.empty()) return true;
      if (!header(line, file)) return false;
    }
    return false;
  }
  size_t at() const { return at_; }
  bool cut_short() const { return cut_short_; }
  bool has_length() const { return has_length_; }
  size_t length() const { return length_; }

 private:
  /// The line's end is left out and passed over; a line without one is not there.
  bool next_line(std::string_view& line) {
    start_ = at_;
    const size_t end = text_.find('\n', at_);
    cut_short_ = end == text_.npos;
    if (cut_short_) return false;
    line = text_.substr(at_, end - at_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at_ = end + 1;
    return true;
  }
  bool wrong_at(size_t offset) {
    at_ = start_ + offset;
    return false;
  }

  bool status_line(model::ErrorFile& file) {
    constexpr std::string_view shape = "HTTP/0.0 000";  // 0: any digit
    for (size_t i = 0; i < shape.size() && i < text_.size(); ++i)
      if (shape[i] == '0' ? !is_digit(text_[i]) : text_[i] != shape[i]) return wrong_at(i);
    std::string_view line;
    if (!next_line(line)) return false;
    if (line.size() < shape.size()) return wrong_at(line.size());
    file.http_1_0 = line.substr(5, 3) == "1.0";
    file.status = static_cast<int>(*base::parse_integer(line.substr(9, 3)));
    if (line.size() > shape.size() && !is_blank(line[shape.size()])) return wrong_at(shape.size());
    file.reason = line.substr(std::min(line.size(), shape.size() + 1));
    return true;
  }

  bool header(std::string_view line, model::ErrorFile& file) {
    const size_t colon = static_cast<size_t>(std::find_if_not(line.begin(), line.end(), base::is_token) - line.begin());
    if (colon == line.size() || line[colon] != ':' || colon == 0) return wrong_at(colon);
    size_t from = colon + 1, to = line.size();
    while (from < to && is_blank(line[from])) ++from;
    while (to > from && is_blank(line[to - 1])) --to;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), to_lower);
    if (name == "connection") return true;  // ours to say
    const std::string_view value = line.substr(from, to - from);
    if (name == "content-length") {
      const auto length = base::parse_integer(value);
      if (!length || *length < 0) return wrong_at(from);
      has_length_ = true;
      length_ = static_cast<size_t>(*length);
    }
    file.headers.emplace_back(std::move(name), value);
    return true;
  }

  std::string_view text_;
  size_t at_ = 0, start_ = 0, length_ = 0;
  bool cut_short_ = false, has_length_ = false;
};

bool is_chunked(const model::ErrorFile& file) {
  return std::any_of(file.headers.begin(), file.headers.end(),
                     [](const auto& header) { return header.first == "transfer-encoding"; });
}

}  // namespace

std::string parse_error_file(std::string_view text, model::ErrorFile& file) {
  if (text.empty()) return {};
  HeadReader head(text);
  if (!head.read(file))
    return fmt::format("unable to parse headers (error offset: {})",
                       head.cut_short() ? -2 : static_cast<long long>(head.at()));
  if (file.status < 200) return fmt::format("invalid http status code for an error message ({})", file.status);
  if (is_chunked(file)) return "chunk-encoded payload not supported";
  file.body = text.substr(head.at());
  if (head.has_length() && head.length() != file.body.size())
    return fmt::format("payload size does not match the announced content-length ({} != {})", file.body.size(),
                       head.length());
  if ((file.status == 204 || file.status == 304) && !file.body.empty()) return "message payload not expected";
  return {};
}

bool is_error_code(int code) {
  constexpr std::array<int, 19> codes{200, 400, 401, 403, 404, 405, 407, 408, 410, 413,
                                      421, 422, 425, 429, 500, 501, 502, 503, 504};
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

std::string load_error_file(const std::string& name, const Outside::File& file, uint32_t most, model::ErrorFile& page,
                            bool& too_long) {
  using Kind = Outside::File::Kind;
  if (file.error) return fmt::format("error opening file '{}'.", name);
  if (file.kind == Kind::folder) return fmt::format("error reading file '{}'.", name);
  // What has no size, as /dev/null, is an empty file.
  const std::string_view text = file.kind == Kind::regular ? file.text : std::string_view();
  too_long = text.size() > most;
  if (too_long) return fmt::format("'{}': unable to add payload into the HTX message", name);
  const std::string error = parse_error_file(text, page);
  return error.empty() ? error : fmt::format("'{}': {}", name, error);
}

}  // namespace ddbproxy::config
