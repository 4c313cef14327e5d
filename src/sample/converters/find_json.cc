// Walks through JSON once, without a tree, to the place that a path names.
#include <algorithm>
#include <cstdint>
#include <limits>

#include "sample/converters/json.h"

namespace ddbproxy::sample {
namespace {

/// As haproxy's.
constexpr int deepest = 20;

/// One step of a path.
struct Step {
  enum class Kind : uint8_t { end, key, index, each, wrong } kind;
  std::string_view key = {};
  size_t index = 0;
  std::string_view rest = {};
};

Step index_step(std::string_view path) {
  const size_t close = path.find(']');
  if (close == path.npos) return {Step::Kind::wrong};
  const std::string_view inside = path.substr(1, close - 1), rest = path.substr(close + 1);
  if (inside == "*") return {Step::Kind::each, {}, 0, rest};
  size_t index = 0;
  for (const char c : inside) {
    if (c < '0' || c > '9' || index > std::numeric_limits<uint32_t>::max()) return {Step::Kind::wrong};
    index = index * 10 + static_cast<size_t>(c - '0');
  }
  return inside.empty() ? Step{Step::Kind::wrong} : Step{Step::Kind::index, {}, index, rest};
}

Step next_step(std::string_view path) {
  if (path.empty()) return {Step::Kind::end};
  if (path[0] == '[') return index_step(path);
  if (path[0] != '.') return {Step::Kind::wrong};
  path.remove_prefix(1);
  size_t end = 0;
  while (end < path.size() && path[end] != '.' && path[end] != '[')
    end += path[end] == '\\' && end + 1 < path.size() ? 2 : 1;
  return {Step::Kind::key, path.substr(0, end), 0, path.substr(end)};
}

/// Whether a key of the text, as it is written, is that of the path.
bool is_key(std::string_view key, std::string_view of_path) {
  size_t at = 0;
  for (const char c : key) {
    if (at + 1 < of_path.size() && of_path[at] == '\\') ++at;
    if (at == of_path.size() || of_path[at++] != c) return false;
  }
  return at == of_path.size();
}

/// Reads a text from its front to its end, once.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  /// Reads a value. Found what `path` leads to: the rest is not read.
  bool value(std::string_view path, bool wanted, int depth = 0);
  const std::optional<std::string_view>& found() const { return found_; }

 private:
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool string();
  void digits() {
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
  }
  void number();
  bool scalar();
  bool object(const Step& step, bool wanted, int depth);
  bool array(const Step& step, bool wanted, int depth);

  std::string_view text_;
  size_t at_ = 0;
  std::optional<std::string_view> found_;
  bool over_ = false;  // Whether where the path leads has been seen without finding it.
};

bool Reader::string() {
  if (!take('"')) return false;
  for (; at_ < text_.size(); ++at_) {
    if (text_[at_] == '"') {
      ++at_;
      return true;
    }
    if (text_[at_] == '\\') ++at_;
  }
  return false;
}

void Reader::number() {
  if (text_[at_] == '-') ++at_;
  digits();
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    digits();
  }
  if (at_ < text_.size() && (text_[at_] | 0x20) == 'e') {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) ++at_;
    digits();
  }
}

bool Reader::scalar() {
  if (text_[at_] == '"') return string();
  if (text_[at_] == '-' || (text_[at_] >= '0' && text_[at_] <= '9')) {
    number();
    return true;
  }
  for (const std::string_view word : {"true", "false", "null"})
    if (text_.substr(at_).starts_with(word)) {
      at_ += word.size();
      return true;
    }
  return false;
}

bool Reader::object(const Step& step, bool wanted, int depth) {
  if (take('}')) return true;
  do {
    blanks();
    const size_t key = at_;
    if (!string()) return false;
    const bool here =
        wanted && !over_ && step.kind == Step::Kind::key && is_key(text_.substr(key + 1, at_ - key - 2), step.key);
    if (!take(':') || !value(step.rest, here, depth + 1)) return false;
    // The first of its name decides.
    if (here) over_ = true;
  } while (take(','));
  return take('}');
}

bool Reader::array(const Step& step, bool wanted, int depth) {
  if (take(']')) return true;
  size_t index = 0;
  do {
    const bool this_one = step.kind == Step::Kind::index && step.index == index;
    const bool here = wanted && !over_ && (step.kind == Step::Kind::each || this_one);
    if (!value(step.rest, here, depth + 1)) return false;
    if (here) over_ = this_one;
    ++index;
  } while (take(','));
  return take(']');
}

bool Reader::value(std::string_view path, bool wanted, int depth) {
  blanks();
  if (at_ == text_.size()) return false;
  const Step step = wanted ? next_step(path) : Step{Step::Kind::wrong};
  const size_t begin = at_;
  const char first = text_[at_];
  if (first == '{' || first == '[') {
    if (depth >= deepest) return false;
    ++at_;
    // What a path leads to is a scalar: nothing can be made of an object or an array.
    return first == '{' ? object(step, wanted, depth) : array(step, wanted, depth);
  }
  if (!scalar()) return false;
  if (step.kind != Step::Kind::end) return true;
  // To its end, however that is written: 0x1f is a number for those who want an integer.
  found_ = text_.substr(begin, at_ - begin);
  return false;
}

}  // namespace

std::optional<std::string_view> find_json(std::string_view json, std::string_view path) {
  if (!path.starts_with('$')) return {};
  Reader reader(json);
  reader.value(path.substr(1), true);
  return reader.found();
}

}  // namespace ddbproxy::sample
