// Who a request says that it comes from (manual 7.3.6, RFC 7617, RFC 6750).
#include "base/text.h"
#include "http/fetches/message.h"
#include "http/fetches/tables.h"
#include "sample/base64.h"

namespace ddbproxy::http {
namespace {

/// "<scheme> <rest>" of the first header of this name, as far as its first comma.
struct Credentials {
  std::string_view scheme, rest;

  Credentials(const Message& message, std::string_view header) {
    std::string_view value;
    if (!Values(message, header, false).find(1, value)) return;
    const size_t blank = value.find(' ');
    const size_t begin = value.find_first_not_of(' ', blank);
    if (blank == value.npos || begin == value.npos) return;
    scheme = value.substr(0, blank);
    rest = value.substr(begin);
  }
  bool is(std::string_view wanted) const { return base::equals_ignoring_case(scheme, wanted); }
};

struct Account {
  std::string_view user, password;
};

std::optional<Account> basic_account(const Message& message) {
  const Credentials said(message, "authorization");
  if (!said.is("Basic")) return {};
  char* text = message.scratch.take(said.rest.size() + 3);
  const std::optional<size_t> size = sample::read_base64(said.rest, text);
  message.scratch.trim(text, size.value_or(0));
  if (!size) return {};
  const std::string_view whole(text, *size);
  const size_t colon = whole.find(':');
  if (colon == whole.npos) return {};
  // haproxy's texts end at the first zero byte.
  const auto until_zero = [](std::string_view part) { return part.substr(0, part.find('\0')); };
  return Account{until_zero(whole.substr(0, colon)), until_zero(whole.substr(colon + 1))};
}

Answer type(const Message& message, Arguments, Value& value) {
  if (basic_account(message)) return stream::give_text(value, "Basic");
  return Credentials(message, "authorization").is("Bearer") ? stream::give_text(value, "Bearer") : Answer::absent;
}

template <std::string_view Account::*part>
Answer basic(const Message& message, Arguments, Value& value) {
  const std::optional<Account> account = basic_account(message);
  return account ? stream::give_text(value, (*account).*part) : Answer::absent;
}

/// From a header that is named there is always an answer, be it empty.
Answer bearer(const Message& message, Arguments arguments, Value& value) {
  const bool named = arguments[0].kind != sample::ArgumentKind::none;
  const Credentials said(message, named ? std::string_view(arguments[0].text) : "authorization");
  if (said.is("Bearer")) return stream::give_text(value, message.unfold(said.rest));
  return named ? stream::give_text(value, {}) : Answer::absent;
}

constexpr stream::FetchFunction authorization_rows[] = {{"http_auth_bearer", of_head<bearer>},
                                                        {"http_auth_pass", of_head<basic<&Account::password>>},
                                                        {"http_auth_type", of_head<type>},
                                                        {"http_auth_user", of_head<basic<&Account::user>>}};

}  // namespace

constinit const std::span<const stream::FetchFunction> authorization_answers = authorization_rows;

}  // namespace ddbproxy::http
