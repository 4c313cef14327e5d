// Who a request says that it comes from, and whether that is true (manual 7.3.6, RFC 7617, RFC 6750).
#include <algorithm>

#include "base/text.h"
#include "http/fetches/message.h"
#include "http/fetches/tables.h"
#include "http/password.h"
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

/// The user of the list that the request comes from; null when it is none, or the password is not theirs.
const model::User* user_of(const model::UserList& list, const Account& account) {
  const model::User* user = list.find_user(account.user);
  return user && is_password(*user, account.password) ? user : nullptr;
}

template <Answer (*tell)(const model::UserList&, const Account&, Value&)>
Answer of_list(Evaluation& evaluation, Arguments arguments, Value& value) {
  const Answer answer = read_head(evaluation);
  if (answer != Answer::found) return answer;
  const auto account = basic_account({*evaluation.head, evaluation.request, evaluation.scratch});
  if (!account || arguments[0].index < 0) return Answer::absent;
  return tell(evaluation.generation.model().userlists[static_cast<size_t>(arguments[0].index)], *account, value);
}

Answer auth(const model::UserList& list, const Account& account, Value& value) {
  return stream::give_boolean(value, user_of(list, account) != nullptr);
}

/// A condition gets the user's groups, one after the other. Elsewhere haproxy gives the user's name.
Answer group(const model::UserList& list, const Account& account, Value& value) {
  const model::User* user = user_of(list, account);
  if (!user) return Answer::absent;
  if (!value.each) return stream::give_text(value, user->name);
  while (value.next < list.groups.size()) {
    const model::UserList::Group& each = list.groups[value.next++];
    value.more = value.next < list.groups.size();
    if (std::find(each.users.begin(), each.users.end(), user->name) != each.users.end())
      return stream::give_text(value, each.name);
  }
  value.more = false;
  return Answer::absent;
}

constexpr stream::FetchFunction authorization_rows[] = {
    {"http_auth", of_list<auth>},        {"http_auth_bearer", of_head<bearer>},
    {"http_auth_group", of_list<group>}, {"http_auth_pass", of_head<basic<&Account::password>>},
    {"http_auth_type", of_head<type>},   {"http_auth_user", of_head<basic<&Account::user>>}};

}  // namespace

constinit const std::span<const stream::FetchFunction> authorization_answers = authorization_rows;

}  // namespace ddbproxy::http
