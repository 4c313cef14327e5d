#include "config/lexer.h"

#include <cctype>
#include <fmt/format.h>
#include <optional>

#include "config/excerpt.h"

namespace ddbproxy::config {
namespace {

using Kind = LexError::Kind;

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

std::optional<int> hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return {};
}

/// One pass over one line.
class Lexer {
 public:
  Lexer(std::string_view text, std::vector<Word>& words, const Environment& environment, Comments comments)
      : text_(text), words_(words), environment_(environment), comments_(comments) {}

  LexError run() {
    for (;;) {
      while (more() && is_blank(text_[at_])) ++at_;
      if (!more() || at_comment()) break;
      if (!word()) return error_;
    }
    words_.resize(count_);
    const bool blank_behind = count_ && is_blank(text_[at_ - 1]);
    return count_ + blank_behind > max_words ? too_many() : LexError{};
  }

 private:
  bool more() const { return at_ < text_.size(); }
  bool at_comment() const { return comments_ == Comments::yes && next() == '#'; }
  char next(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool fail(Kind kind, size_t at) {
    error_ = {kind, at};
    return false;
  }
  LexError too_many() const {
    size_t packed = 1;
    const Word& last = words_[max_words - 1];
    for (size_t i = 0; i + 1 < max_words; ++i) packed += words_[i].text.size() + 1;
    return {Kind::too_many, last.column - 1, last.text, packed};
  }

  void begin_word() {
    if (count_ == words_.size()) words_.emplace_back();
    words_[count_].text.clear();
    words_[count_].column = static_cast<uint32_t>(begin_ + 1);
    ++count_;
  }
  std::string& out() { return words_[count_ - 1].text; }

  /// From here to the next blank outside quotes. A list of a variable's words makes several words of it.
  bool word() {
    begin_ = at_;
    const size_t first = count_;
    begin_word();
    while (more() && !is_blank(next()) && !at_comment()) {
      bool good = true;
      if (next() == '\'')
        good = strong_quotes();
      else if (next() == '"')
        good = weak_quotes();
      else if (next() == '\\')
        good = escape();
      else
        out() += text_[at_++];
      if (!good) return false;
    }
    for (size_t i = first; i < count_; ++i) {
      words_[i].length = static_cast<uint32_t>(at_ - begin_);
      // haproxy's words are C strings: an escaped zero byte ends one.
      if (const size_t end = words_[i].text.find('\0'); end != std::string::npos) words_[i].text.resize(end);
    }
    return true;
  }

  bool strong_quotes() {
    const size_t end = text_.find('\'', at_ + 1);
    if (end == text_.npos) return fail(Kind::quote, at_);
    out() += text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return true;
  }

  bool weak_quotes() {
    const size_t begin = at_++;
    quoted_ = true;
    while (more() && next() != '"') {
      bool good = true;
      if (next() == '\\')
        good = escape();
      else if (next() == '$')
        good = variable();
      else
        out() += text_[at_++];
      if (!good) return false;
    }
    quoted_ = false;
    if (!more()) return fail(Kind::quote, begin);
    ++at_;
    return true;
  }

  /// A backslash that begins no escape stands for itself.
  bool escape() {
    switch (const char c = next(1)) {
      case 'n': return escaped('\n');
      case 'r': return escaped('\r');
      case 't': return escaped('\t');
      case ' ':
      case '#':
      case '\\':
      case '\'':
      case '"': return escaped(c);
      case '$':
        if (quoted_) return escaped(c);
        break;
      case 'x': {
        const auto high = hexadecimal(next(2)), low = hexadecimal(next(3));
        if (!high || !low) return fail(Kind::hexadecimal, at_);
        at_ += 2;
        return escaped(static_cast<char>(*high << 4 | *low));
      }
      default: break;
    }
    out() += '\\';
    ++at_;
    return true;
  }

  bool escaped(char c) {
    out() += c;
    at_ += 2;
    return true;
  }

  /// $NAME, ${NAME}, ${NAME-default}, ${NAME[*]}, ${NAME[*]-default}
  bool variable() {
    ++at_;
    const bool braces = next() == '{';
    const size_t brace = at_;
    if (braces) ++at_;
    if (!is_letter(next())) return fail(Kind::first_char, at_);
    const size_t begin = at_;
    while (is_name(next())) ++at_;
    const auto value = environment_.get(text_.substr(begin, at_ - begin));
    if (!braces) {
      if (value) out() += *value;
      return true;
    }
    bool list = false;
    if (next() == '[') {
      if (!text_.substr(at_).starts_with("[*]")) return fail(Kind::expansion, at_);
      list = true;
      at_ += 3;
    }
    std::string_view text = value.value_or(std::string_view{});
    if (next() == '-') {
      const size_t end = text_.find('}', ++at_);
      if (end == text_.npos) return fail(Kind::brace, brace);
      if (!value) text = text_.substr(at_, end - at_);
      at_ = end;
    }
    if (next() != '}') return fail(Kind::brace, brace);
    ++at_;
    if (list)
      append_list(text);
    else
      out() += text;
    return true;
  }

  /// Each run of blanks in the value begins a new word.
  void append_list(std::string_view value) {
    for (size_t i = 0; i < value.size();) {
      if (!is_blank(value[i])) {
        out() += value[i++];
        continue;
      }
      while (i < value.size() && is_blank(value[i])) ++i;
      begin_word();
    }
  }

  std::string_view text_;
  std::vector<Word>& words_;
  const Environment& environment_;
  Comments comments_;
  size_t at_ = 0, begin_ = 0, count_ = 0;
  bool quoted_ = false;
  LexError error_;
};

const char* reason(Kind kind) {
  switch (kind) {
    case Kind::quote: return "unmatched quote";
    case Kind::brace: return "unmatched brace in environment variable name";
    case Kind::first_char: return "forbidden first char in environment variable name";
    case Kind::hexadecimal: return "truncated or invalid hexadecimal sequence";
    case Kind::expansion: return "truncated or invalid word expansion sequence";
    case Kind::too_many:
    case Kind::none: break;
  }
  return "";
}

}  // namespace

LexError lex(std::string_view text, std::vector<Word>& words, const Environment& environment, Comments comments) {
  return Lexer(text, words, environment, comments).run();
}

std::string describe(const LexError& error, std::string_view text, std::string_view place) {
  if (error.kind == Kind::too_many)
    return fmt::format("parsing [{}]: too many words, truncating after word {}, position {}: <{}>.", place, max_words,
                       error.packed_at, error.word);
  return fmt::format("parsing [{}]: {} at position {}:\n{}", place, reason(error.kind), error.at + 1,
                     excerpt(text, error.at));
}

std::string describe_in_condition(const LexError& error) {
  if (error.kind == Kind::too_many) return "Error in condition: Too many words.";
  std::string text = reason(error.kind);
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return fmt::format("Syntax Error in condition: {}.", text);
}

}  // namespace ddbproxy::config
