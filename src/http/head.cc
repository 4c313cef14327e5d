#include "http/head.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "http/characters.h"
#include "http/target.h"

namespace ddbproxy::http {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_of_version(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '/'; }

/// "HTTP/1.1" and the like.
bool is_version(std::string_view text) {
  return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' && is_digit(text[7]);
}

std::optional<uint64_t> read_length(std::string_view text) {
  constexpr uint64_t most = std::numeric_limits<int64_t>::max();
  if (text.empty()) return {};
  uint64_t number = 0;
  for (const char c : text) {
    const auto digit = static_cast<uint64_t>(c - '0');
    if (!is_digit(c) || number > (most - digit) / 10) return {};
    number = number * 10 + digit;
  }
  return number;
}

Span span_of(std::string_view part, std::string_view bytes) {
  return {static_cast<uint32_t>(part.data() - bytes.data()), static_cast<uint32_t>(part.size())};
}

}  // namespace

void Head::clear() {
  std::vector<Field> kept = std::move(fields_);
  kept.clear();
  *this = Head(use_, most_fields_);
  fields_ = std::move(kept);
}

Head::State Head::read(std::string_view bytes) {
  while (state_ == State::incomplete && at_ < bytes.size()) {
    const bool good = take(bytes, bytes[at_]);
    ++at_;
    if (!good)
      state_ = State::wrong;
    else if (step_ == Step::done)
      state_ = State::complete;
  }
  return state_;
}

bool Head::take(std::string_view bytes, char c) {
  switch (step_) {
    case Step::start:
      if (c == '\r') {
        step_ = Step::start_lf;
      } else if (c != '\n') {
        step_ = Step::method;
        method.at = static_cast<uint32_t>(at_);
        return take_request_line(bytes, c);
      }
      return true;
    case Step::start_lf: step_ = c == '\n' ? Step::start : Step::method; return c == '\n';
    case Step::method:
    case Step::before_target:
    case Step::target:
    case Step::before_version:
    case Step::version:
    case Step::request_lf: return take_request_line(bytes, c);
    default: return take_field(bytes, c);
  }
}

bool Head::take_request_line(std::string_view bytes, char c) {
  switch (step_) {
    case Step::method:
      if (c != ' ') return ++method.size, is_token(c);
      step_ = Step::before_target;
      return method.size > 0;
    case Step::before_target:
      if (c == ' ') return true;
      step_ = Step::target;
      target.at = static_cast<uint32_t>(at_);
      return ++target.size, is_target(c);
    case Step::target:
      if (is_target(c)) return ++target.size, true;
      step_ = Step::before_version;
      if (c == ' ') return true;
      [[fallthrough]];
    case Step::before_version:
      if (c == ' ') return true;
      step_ = Step::version;
      version.at = static_cast<uint32_t>(at_);
      [[fallthrough]];
    case Step::version:
      if (c == '\n') return end_request_line(bytes);
      if (c != '\r') return ++version.size, is_of_version(c);
      step_ = Step::request_lf;
      return true;
    default: return c == '\n' && end_request_line(bytes);
  }
}

/// A line without a version is a whole request of HTTP/0.9.
bool Head::end_request_line(std::string_view bytes) {
  step_ = version.size ? Step::line_start : Step::done;
  return use_ == Use::inspect || is_version(version.of(bytes));
}

bool Head::take_field(std::string_view bytes, char c) {
  switch (step_) {
    case Step::line_start:
      if (is_blank(c) && field_open_) {
        fields_.back().folded = true;
        step_ = Step::before_value;
        return true;
      }
      if (!end_field(bytes)) return false;
      step_ = Step::head_lf;
      if (c == '\r') return true;
      if (c == '\n') return end_head(bytes);
      step_ = Step::name;
      if (fields_.size() > most_fields_ + 1) return false;
      fields_.push_back({.name = {static_cast<uint32_t>(at_), 1}});
      field_open_ = true;
      return is_token(c);
    case Step::name:
      if (c != ':') return ++fields_.back().name.size, is_token(c);
      fields_.back().value.at = static_cast<uint32_t>(at_ + 1);
      step_ = Step::before_value;
      return true;
    case Step::before_value:
    case Step::value: {
      Span& value = fields_.back().value;
      if (c == '\r' || c == '\n') {
        step_ = c == '\r' ? Step::value_lf : Step::line_start;
      } else if (!is_blank(c)) {
        if (value.size == 0) value.at = static_cast<uint32_t>(at_);
        value.size = static_cast<uint32_t>(at_ + 1 - value.at);
        step_ = Step::value;
        return c != '\0' || use_ == Use::inspect;
      }
      return true;
    }
    case Step::value_lf: step_ = Step::line_start; return c == '\n';
    default: return c == '\n' && end_head(bytes);
  }
}

/// The line that follows is another header, or the end.
bool Head::end_field(std::string_view bytes) {
  if (!field_open_) return true;
  field_open_ = false;
  const std::string_view name = fields_.back().name.of(bytes);
  if (base::equals_ignoring_case(name, "host")) return heed_host(bytes);
  if (base::equals_ignoring_case(name, "content-length")) return heed_length(bytes);
  return !base::equals_ignoring_case(name, "transfer-encoding") || heed_codings(fields_.back().value.of(bytes));
}

bool Head::heed_host(std::string_view bytes) {
  const std::string_view value = fields_.back().value.of(bytes);
  if (host_ < 0) {
    host_ = static_cast<int>(fields_.size()) - 1;
    return true;
  }
  const std::string_view before = fields_[static_cast<size_t>(host_)].value.of(bytes);
  fields_.pop_back();
  return base::equals_ignoring_case(before, value);
}

/// Of a list the last one stays.
bool Head::heed_length(std::string_view bytes) {
  const bool again = length_.has_value();
  Span& value = fields_.back().value;
  std::string_view rest = value.of(bytes), word;
  const bool list = rest.find(',') != rest.npos;
  while (true) {
    const size_t comma = rest.find(',');
    word = trim_lines(rest.substr(0, comma));
    const std::optional<uint64_t> length = read_length(word);
    if (!length || (length_ && length_ != length)) return false;
    length_ = length;
    if (comma == rest.npos) break;
    rest.remove_prefix(comma + 1);
  }
  if (list) value = span_of(word, bytes);
  if (again) fields_.pop_back();
  return true;
}

/// Nothing may follow on "chunked".
bool Head::heed_codings(std::string_view value) {
  has_codings_ = true;
  while (!value.empty()) {
    const size_t end = std::min(value.find(','), value.size());
    const std::string_view word = trim_lines(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
    if (word.empty()) continue;
    if (chunked_) return false;
    chunked_ = base::equals_ignoring_case(word, "chunked");
    ++codings_;
  }
  return true;
}

bool Head::end_head(std::string_view bytes) {
  step_ = Step::done;
  if (fields_.size() > most_fields_ || (has_codings_ && !chunked_)) return false;
  if (host_ >= 0 && !fits_host(method.of(bytes), target.of(bytes), fields_[static_cast<size_t>(host_)].value.of(bytes)))
    return false;
  if (chunked_)
    std::erase_if(fields_, [&](const Field& field) {
      return base::equals_ignoring_case(field.name.of(bytes), "content-length");
    });
  return true;
}

}  // namespace ddbproxy::http
