#include "config/lexer.h"

#include <cstdlib>

namespace ddbproxy::config {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<Word>& words) : text_(text), words_(words) {}

  LexError run() {
    for (;;) {
      while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
      if (at_ == text_.size() || text_[at_] == '#') break;
      if (LexError error = word()) return error;
    }
    words_.resize(count_);
    return {};
  }

 private:
  LexError word() {
    if (count_ == words_.size()) words_.emplace_back();
    Word& word = words_[count_++];
    word.text.clear();
    const size_t begin = at_;
    while (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != '#') {
      const char c = text_[at_];
      if (c == '\'') {
        const size_t end = text_.find('\'', at_ + 1);
        if (end == text_.npos) return {"unmatched quote", at_};
        word.text += text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
      } else if (c == '"') {
        if (LexError error = weak_quotes(word.text)) return error;
      } else if (c == '\\') {
        escape(word.text);
      } else {
        word.text += c;
        ++at_;
      }
    }
    word.column = static_cast<uint32_t>(begin + 1);
    word.length = static_cast<uint32_t>(at_ - begin);
    return {};
  }

  LexError weak_quotes(std::string& out) {
    const size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\')
        escape(out);
      else if (text_[at_] == '$')
        variable(out);
      else
        out += text_[at_++];
    }
    if (at_ == text_.size()) return {"unmatched quote", begin};
    ++at_;
    return {};
  }

  void escape(std::string& out) {
    if (++at_ < text_.size()) out += text_[at_++];
  }

  void variable(std::string& out) {
    ++at_;
    const bool braces = at_ < text_.size() && text_[at_] == '{';
    if (braces) ++at_;
    const size_t begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    if (const char* value = std::getenv(std::string(text_.substr(begin, at_ - begin)).c_str())) out += value;
    if (braces && at_ < text_.size() && text_[at_] == '}') ++at_;
  }

  std::string_view text_;
  std::vector<Word>& words_;
  size_t at_ = 0, count_ = 0;
};

}  // namespace

LexError lex(std::string_view text, std::vector<Word>& words) { return Lexer(text, words).run(); }

}  // namespace ddbproxy::config
