// The cookies of a request (manual 7.3.6, RFC 6265).
#include "base/text.h"
#include "http/fetches/message.h"
#include "http/fetches/tables.h"

namespace ddbproxy::http {
namespace {

/// Goes over the values of the cookies of a name (of all, when it is empty). What begins with '$' is of RFC 2965, and
/// none.
class Cookies {
 public:
  Cookies(const Message& message, std::string_view name) : message_(message), name_(name) {}

  bool next(std::string_view& value) {
    for (; place.field < message_.fields(); ++place.field, place.at = 0) {
      const std::string_view all = message_.value(place.field);
      // As haproxy's: a header that has no room for the name and a value is passed over.
      if (!base::equals_ignoring_case(message_.name(place.field), "cookie") || all.size() < name_.size() + 2) continue;
      while (place.at < all.size())
        if (take(all, value)) return true;
    }
    return false;
  }

  Place place;  ///< Where it goes on.

 private:
  /// Reads past one; false: it is not wanted.
  bool take(std::string_view all, std::string_view& value) {
    const size_t middle = std::min(all.find_first_of("=;,", place.at), all.size());
    const std::string_view name = trim_lines(all.substr(place.at, middle - place.at));
    if (middle == all.size() || all[middle] != '=') {
      place.at = middle + 1;
      return false;
    }
    const size_t end = find_unquoted(all, middle + 1, ";,");
    place.at = end + 1;
    if (name.starts_with('$') || (!name_.empty() && name != name_)) return false;
    value = trim_lines(all.substr(middle + 1, end - middle - 1));
    return true;
  }

  const Message& message_;
  std::string_view name_;
};

/// Every value for an ACL. For a sample the last of that name, or the first of all.
bool find(const Message& message, Arguments arguments, Value& value, std::string_view& text) {
  Cookies cookies(message, arguments[0].text);
  if (value.each) return next_of(cookies, value, text);
  if (!cookies.next(text)) return false;
  while (!arguments[0].text.empty() && cookies.next(text)) continue;
  return true;
}

Answer cookie(const Message& message, Arguments arguments, Value& value) {
  std::string_view text;
  if (!find(message, arguments, value, text)) return Answer::absent;
  return stream::give_text(value, message.unfold(text));
}

Answer cookie_count(const Message& message, Arguments arguments, Value& value) {
  Cookies cookies(message, arguments[0].text);
  int64_t count = 0;
  for (std::string_view each; cookies.next(each);) ++count;
  return stream::give_integer(value, count);
}

Answer cookie_number(const Message& message, Arguments arguments, Value& value) {
  std::string_view text;
  if (!find(message, arguments, value, text)) return Answer::absent;
  return stream::give_integer(value, loose_integer(text));
}

constexpr stream::FetchFunction cookie_rows[] = {{"cook", of_head<cookie>},
                                                 {"cook_cnt", of_head<cookie_count>},
                                                 {"cook_val", of_head<cookie_number>},
                                                 {"cookie", of_head<cookie>},
                                                 {"req.cook", of_head<cookie>},
                                                 {"req.cook_cnt", of_head<cookie_count>},
                                                 {"req.cook_val", of_head<cookie_number>}};

}  // namespace

constinit const std::span<const stream::FetchFunction> cookie_answers = cookie_rows;

}  // namespace ddbproxy::http
