#include "http/fetches/message.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"
#include "sample/method.h"

namespace ddbproxy::http {
namespace {

/// One for each thread, since streams are looked at one after the other.
struct LastHead {
  Head head;
  const Evaluation* of = nullptr;
  bool fits = false;
};
thread_local LastHead last_head;

/// haproxy makes its own representation of a head, with the target in it twice, and what does not fit into a buffer is
/// no head.
bool fits(const Head& head, const model::Global& global) {
  constexpr size_t around = 113, around_field = 8, longest_name = 255, version = std::string_view("HTTP/1.0").size();
  size_t size = around + 2 * (head.method.size + head.target.size) + (head.version.size ? head.version.size : version);
  for (const Field& field : head.fields()) {
    if (field.name.size > longest_name) return false;
    size += around_field + field.name.size + field.value.size;
  }
  return size <= global.bufsize;
}

/// What a log line may say of it when its bytes are gone.
void remember_method(Evaluation& e) {
  if (e.its_extras) e.extras().method = sample::usual_method(e.head->method.of(e.request));
}

}  // namespace

std::string_view Message::name(size_t field) const {
  if (field < made()) return field == 0 ? ":method" : ":path";
  return head.fields()[field - made()].name.of(bytes);
}

std::string_view Message::value(size_t field) const {
  if (field < made()) return field == 0 ? method() : target();
  return head.fields()[field - made()].value.of(bytes);
}

std::string_view Message::unfold(std::string_view value) const {
  const auto is_line_end = [](char c) { return c == '\r' || c == '\n'; };
  if (std::none_of(value.begin(), value.end(), is_line_end)) return value;
  char* copy = scratch.take(value.size());
  std::replace_copy_if(value.begin(), value.end(), copy, is_line_end, ' ');
  return {copy, value.size()};
}

Answer read_head(Evaluation& e) {
  if (!e.has_request) return Answer::absent;
  if (!e.head && e.its_extras) e.extras().http_read = true;
  if (!e.head || (e.head == &last_head.head && last_head.of != &e)) {
    const model::Global& global = e.generation.global();
    const size_t most = global.bufsize > global.maxrewrite ? global.bufsize - global.maxrewrite : 0;
    last_head.of = &e;
    last_head.head.clear();
    e.head = &last_head.head;
    last_head.fits = last_head.head.read(e.request.substr(0, most)) == Head::State::complete && fits(*e.head, global);
    if (last_head.fits) remember_method(e);
  }
  if (e.head->state() == Head::State::incomplete) return Answer::not_yet;
  return e.head->use() == Head::Use::answer || last_head.fits ? Answer::found : Answer::absent;
}

bool Values::next(std::string_view& value) {
  for (; place.field < message_.fields(); ++place.field, place.at = 0) {
    if (!name_.empty() && !base::equals_ignoring_case(message_.name(place.field), name_)) continue;
    const std::string_view whole = message_.value(place.field);
    const size_t end = whole_ ? whole.size() : find_unquoted(whole, place.at, ",");
    value = trim_lines(whole.substr(place.at, end - place.at));
    place.at = end + 1;
    if (end == whole.size()) ++place.field, place.at = 0;
    return true;
  }
  return false;
}

bool Values::find(int64_t occurrence, std::string_view& value) {
  if (occurrence < 0) {
    Values all = *this;
    for (std::string_view each; all.next(each);) ++occurrence;
    if (++occurrence <= 0) return false;
  }
  bool found = false;
  for (std::string_view each; next(each);) {
    value = each;
    if (occurrence == 1) return true;
    found = occurrence == 0;
    if (occurrence > 0) --occurrence;
  }
  return found;
}

size_t find_unquoted(std::string_view text, size_t at, std::string_view characters) {
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"')
      quoted = !quoted;
    else if (quoted && c == '\\')
      ++at;
    else if (!quoted && characters.find(c) != characters.npos)
      return at;
  }
  return text.size();
}

int64_t loose_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  uint32_t number = 0;
  for (const char c : text) {
    const int digit = static_cast<signed char>(c) - '0';
    if (digit > 9) break;
    number = number * 10 + static_cast<uint32_t>(digit);
  }
  return static_cast<int32_t>(negative ? 0 - number : number);
}

}  // namespace ddbproxy::http
