// Converters of texts in URLs.
#include <algorithm>

#include "sample/converters/rows.h"
#include "sample/number.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string check_url_enc(std::span<Argument> arguments, Library&) {
  const std::string& type = arguments[0].text;
  return type.empty() || type == "query" ? "" : "Unexpected encode type. Allowed value is 'query'";
}

bool url_enc(Arguments, Value& value, Context& context) {
  const auto* const found = std::find_if_not(value.text.begin(), value.text.end(), is_unreserved);
  if (found == value.text.end()) return true;
  Output out(context.scratch, std::min(3 * value.text.size() + 2, context.scratch.longest() - 1));
  for (const char c : value.text) {
    constexpr char digits[] = "0123456789ABCDEF";
    const bool plain = is_unreserved(c);
    // haproxy leaves off where there might be no room for three.
    if (out.room() < (plain ? 1 : 4)) break;
    if (!plain) {
      out.add('%');
      out.add(digits[static_cast<unsigned char>(c) >> 4]);
    }
    out.add(plain ? c : digits[c & 15]);
  }
  value.text = out.finish();
  return true;
}

bool url_dec(Arguments arguments, Value& value, Context& context) {
  bool in_form = arguments[0].number != 0;
  const std::string_view text = value.text;
  if (text.find_first_of("%+") == text.npos) return true;
  Output out(context.scratch, text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      const int high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
      const int low = high < 0 ? -1 : hex_digit(text[at + 2]);
      if (low < 0) return false;
      c = static_cast<char>(high << 4 | low);
      at += 2;
    } else if (c == '?') {
      in_form = true;
    } else if (c == '+' && in_form) {
      c = ' ';
    }
    out.add(c);
  }
  value.text = out.finish();
  return true;
}

constexpr Converter rows[] = {
    {"url_dec", ArgumentKinds::of("[integer]"), string, string, url_dec, nullptr, true,
     "Decodes %XX, and + as a blank behind a question mark or when told that it is a form."},
    {"url_enc", ArgumentKinds::of("string"), string, string, url_enc, check_url_enc, true,
     "Encodes as %XX what may not stand in a query."},
};

}  // namespace

constinit const Rows url_rows = rows;

}  // namespace ddbproxy::sample
