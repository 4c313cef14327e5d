// Converters of what HTTP headers say: Host and Accept-Language.
#include <algorithm>

#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

/// Where the colon before the port stands; at the end when there is none.
size_t port_colon(std::string_view host) {
  const size_t found = host.find_last_of(":]");
  return found != host.npos && host[found] == ':' ? found : host.size();
}

bool host_only(Arguments, Value& value, Context& context) {
  value.text = value.text.substr(0, port_colon(value.text));
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (std::none_of(value.text.begin(), value.text.end(), is_upper)) return true;
  char* const text = context.scratch.take(value.text.size());
  std::transform(value.text.begin(), value.text.end(), text,
                 [&](char c) { return is_upper(c) ? static_cast<char>(c | 0x20) : c; });
  value.text = {text, value.text.size()};
  return true;
}

bool port_only(Arguments, Value& value, Context&) {
  const size_t colon = port_colon(value.text);
  uint32_t port = 0;
  // Nothing is looked at twice: 80x is a number for haproxy, too.
  for (size_t at = colon + 1; at < value.text.size(); ++at)
    port = port * 10 + static_cast<uint32_t>(static_cast<unsigned char>(value.text[at])) - '0';
  value.set_integer(port);
  return true;
}

std::string_view skip_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  return text.substr(std::min(first, text.size()));
}

/// In thousandths. Whatever is not written like a quality is the highest.
int quality(std::string_view text) {
  if (!text.starts_with('0')) return 1000;
  int thousandths = 0;
  if (!text.substr(1).starts_with('.')) return 0;
  int worth = 100;
  for (const char c : text.substr(2, 3)) {
    if (c < '0' || c > '9') break;
    thousandths += worth * (c - '0');
    worth /= 10;
  }
  return thousandths;
}

/// Of "; q = 0.5": what stands behind a language.
int quality_of(std::string_view parameters) {
  parameters = skip_blanks(parameters);
  if (!parameters.starts_with('q')) return 1000;
  parameters = skip_blanks(parameters.substr(1));
  if (!parameters.starts_with('=')) return 1000;
  return quality(skip_blanks(parameters.substr(1)));
}

/// The one of `known` that `language` is, or that it is a variant of: "en" for "en-US".
std::string_view known_language(std::string_view known, std::string_view language) {
  while (true) {
    const size_t end = std::min(known.find(';'), known.size());
    const std::string_view one = known.substr(0, end);
    if (language.starts_with(one) && (language.size() == one.size() || language[one.size()] == '-')) return one;
    if (end == known.size()) return {};
    known.remove_prefix(end + 1);
  }
}

bool language(Arguments arguments, Value& value, Context&) {
  std::string_view best;
  int best_quality = 0;
  for (std::string_view rest = value.text; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    const size_t parameters = std::min(one.find(';'), one.size());
    std::string_view name = skip_blanks(one.substr(0, parameters));
    name = name.substr(0, name.find_last_not_of(" \t") + 1);
    const int its_quality = parameters < one.size() ? quality_of(one.substr(parameters + 1)) : 1000;
    if (name.empty() || its_quality <= best_quality) continue;
    if (const std::string_view known = known_language(arguments[0].text, name); !known.empty()) {
      best = known;
      best_quality = its_quality;
    }
  }
  if (best.empty() && given(arguments[1])) best = arguments[1].text;
  value.set_string(best);
  return !best.empty();
}

constexpr auto none = ArgumentKinds::of("");

constexpr Converter rows[] = {
    {"host_only", none, string, string, host_only, nullptr, true,
     "The host of a Host header, without port, in lower case."},
    {"language", ArgumentKinds::of("string[,string]"), string, string, language, nullptr, true,
     "The language of a list that an Accept-Language header wants most, or else a default."},
    {"port_only", none, string, integer, port_only, nullptr, true, "The port of a Host header, 0 without one."},
};

}  // namespace

constinit const Rows host_rows = rows;

}  // namespace ddbproxy::sample
