#include "config/line.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/context.h"

namespace ddbproxy::config {

void Line::take_prefix(Prefix prefix) {
  prefix_ = prefix;
  if (prefix == Prefix::no) {
    words_ = words_.subspan(1);
    return;
  }
  // 2.6 moves the words behind `default` down, up to the first empty one, but keeps their number, so that the last of
  // them stands there twice; most options then refuse it as one argument too many.
  for (size_t i = 1; i < words_.size() && !words_[i].text.empty(); ++i) words_[i - 1] = words_[i];
}

Location Line::where(size_t index) const {
  Location place = where_;
  if (words_.empty()) return place;
  const Word& word = words_[std::min(index, words_.size() - 1)];
  place.column = index < words_.size() ? word.column : word.column + word.length;
  place.length = index < words_.size() ? word.length : 1;
  return place;
}

std::string Line::place() const { return fmt::format("{}:{}", where_.file ? where_.file->name : "", where_.line); }

Diagnostic& Line::say(Severity severity, std::string_view text, size_t index) {
  if (introduction_.empty()) return report(severity, fmt::format("parsing [{}] : {}", place(), text), index);
  // haproxy puts quotes around the errors of stats sockets, and none around their warnings.
  if (severity == Severity::warning && !conclusion_.empty())
    return report(severity, introduction_.substr(0, introduction_.size() - conclusion_.size()) + std::string(text),
                  index);
  return report(severity, introduction_ + std::string(text) + conclusion_, index);
}

Diagnostic& Line::remark(std::string_view text) {
  return introduces_remarks_ ? warning(text) : report(Severity::warning, std::string(text));
}

Diagnostic& Line::report(Severity severity, std::string text, size_t index) {
  if (index == last_taken) index = next_ ? next_ - 1 : 0;
  return context_.diagnostics.add(severity, where(index), std::move(text));
}

}  // namespace ddbproxy::config
