// Where a request goes: its target and the Host (manual 7.3.6).
#include "http/target.h"

#include "base/hashes.h"
#include "base/text.h"
#include "http/fetches/message.h"
#include "http/fetches/tables.h"
#include "sample/cast.h"

namespace ddbproxy::http {
namespace {

Answer give_some(Value& value, std::string_view text) {
  return text.empty() ? Answer::absent : stream::give_text(value, text);
}

Answer path(const Message& message, Arguments, Value& value) { return give_some(value, path_of(message.target())); }
Answer pathq(const Message& message, Arguments, Value& value) {
  return give_some(value, path_and_query(message.target()));
}
Answer url(const Message& message, Arguments, Value& value) { return stream::give_text(value, message.target()); }
Answer query(const Message& message, Arguments, Value& value) {
  const auto text = query_of(message.target());
  return text ? stream::give_text(value, *text) : Answer::absent;
}

/// The Host as far as its first comma, or the whole, and behind it what `part` takes of the target.
std::string_view host_and(const Message& message, bool whole_host, std::string_view (*part)(std::string_view)) {
  std::string_view host;
  if (!Values(message, "host", whole_host).find(1, host)) host = {};
  const std::string_view rest = part(message.target());
  char* text = message.scratch.take(host.size() + rest.size());
  char* const end = std::copy(rest.begin(), rest.end(), std::copy(host.begin(), host.end(), text));
  std::replace_if(
      text, end, [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return {text, static_cast<size_t>(end - text)};
}

template <std::string_view (*part)(std::string_view)>
Answer base_text(const Message& message, Arguments, Value& value) {
  return give_some(value, host_and(message, false, part));
}

uint32_t hash(std::string_view text) { return base::scatter(base::sdbm(text)); }
uint32_t base_hash(const Message& message) { return hash(host_and(message, false, path_of)); }
uint32_t url_hash(const Message& message) { return hash(host_and(message, true, path_and_query)); }

template <uint32_t (*hash_of)(const Message&)>
Answer hashed(const Message& message, Arguments, Value& value) {
  return stream::give_integer(value, hash_of(message));
}

/// The hash and the client's address, in network order.
template <uint32_t (*hash_of)(const Message&)>
Answer hashed_with_client(Evaluation& e, Arguments, Value& value) {
  if (const Answer answer = read_head(e); answer != Answer::found) return answer;
  Value address;
  if (!e.client || !address.set_address(e.client->expand())) return Answer::absent;
  const uint32_t number = hash_of({*e.head, e.request, e.scratch});
  const size_t size = address.type == sample::Type::ipv4 ? 4 : 16;
  char* bytes = e.scratch.take(4 + size);
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<char>(number >> (24 - 8 * i));
  std::copy_n(address.ip.begin(), size, bytes + 4);
  value.set_binary({bytes, 4 + size});
  return Answer::found;
}

/// An IPv4 address that stands behind "http://" or "https://".
struct Authority {
  Value address;
  int64_t port = 0;
};

std::optional<Authority> authority_of(const Message& message) {
  std::string_view rest = message.target();
  const std::string_view scheme = scheme_of(rest);
  const bool tls = base::equals_ignoring_case(scheme, "https");
  if (!tls && !base::equals_ignoring_case(scheme, "http")) return {};
  rest.remove_prefix(scheme.size() + 3);
  Authority place{.port = tls ? 443 : 80};
  place.address.set_string(rest);
  if (!sample::cast(place.address, sample::Type::ipv4, message.scratch)) return {};
  rest.remove_prefix(std::min(rest.find_first_not_of("0123456789."), rest.size()));
  if (!rest.starts_with(':')) return place;
  rest = rest.substr(1, rest.find_first_not_of("0123456789", 1) - 1);
  uint16_t port = 0;
  for (const char c : rest) port = static_cast<uint16_t>(port * 10 + (c - '0'));
  place.port = port;
  return place;
}

Answer url_ip(const Message& message, Arguments, Value& value) {
  const auto place = authority_of(message);
  if (!place) return Answer::absent;
  value.type = place->address.type;
  value.ip = place->address.ip;
  return Answer::found;
}
Answer url_port(const Message& message, Arguments, Value& value) {
  const auto place = authority_of(message);
  return place ? stream::give_integer(value, place->port) : Answer::absent;
}

/// The first for a sample, every one for an ACL.
std::optional<std::string_view> find_parameter(const Message& message, Arguments arguments, Value& value) {
  Parameters parameters(message.target(), arguments[1].text.empty() ? '?' : arguments[1].text[0]);
  if (value.next) parameters.seek(value.next);
  const auto found = parameters.next(arguments[0].text);
  if (found && value.each) {
    value.next = static_cast<uint32_t>(parameters.position());
    value.more = true;
  }
  return found;
}

Answer parameter(const Message& message, Arguments arguments, Value& value) {
  const auto found = find_parameter(message, arguments, value);
  return found ? stream::give_text(value, *found) : Answer::absent;
}
Answer parameter_number(const Message& message, Arguments arguments, Value& value) {
  const auto found = find_parameter(message, arguments, value);
  return found ? stream::give_integer(value, loose_integer(*found)) : Answer::absent;
}

constexpr stream::FetchFunction target_rows[] = {{"base", of_head<base_text<path_of>>},
                                                 {"base32", of_head<hashed<base_hash>>},
                                                 {"base32+src", hashed_with_client<base_hash>},
                                                 {"baseq", of_head<base_text<path_and_query>>},
                                                 {"path", of_head<path>},
                                                 {"pathq", of_head<pathq>},
                                                 {"query", of_head<query>},
                                                 {"url", of_head<url>},
                                                 {"url32", of_head<hashed<url_hash>>},
                                                 {"url32+src", hashed_with_client<url_hash>},
                                                 {"url_ip", of_head<url_ip>},
                                                 {"url_param", of_head<parameter>},
                                                 {"url_port", of_head<url_port>},
                                                 {"urlp", of_head<parameter>},
                                                 {"urlp_val", of_head<parameter_number>}};

}  // namespace

constinit const std::span<const stream::FetchFunction> target_answers = target_rows;

}  // namespace ddbproxy::http
