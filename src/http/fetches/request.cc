// What a request is: its method, its version, its body (manual 7.3.6).
#include "http/fetches/message.h"
#include "http/fetches/tables.h"

namespace ddbproxy::http {
namespace {

Answer is_http(const Message&, Arguments, Value& value) { return stream::give_boolean(value, true); }

/// As in 2.6 mode tcp knows it only when another part of the request has been asked for before; behind the request a
/// usual one is still known.
Answer method(Evaluation& e, Arguments, Value& value) {
  if (!e.head && e.its_extras && !(e.its_extras->get() && e.its_extras->get()->http_read)) return Answer::absent;
  if (e.has_request) {
    if (const Answer answer = read_head(e); answer != Answer::found) return answer;
    value.set_method(e.head->method.of(e.request));
    return Answer::found;
  }
  const stream::Extras* extras = e.its_extras ? e.its_extras->get() : nullptr;
  if (!extras || extras->method.empty()) return Answer::absent;
  value.set_method(extras->method);
  return Answer::found;
}

/// "1.1"; HTTP/0.9 counts as 1.0, and who says another protocol without a slash has none.
Answer version(const Message& message, Arguments, Value& value) {
  const std::string_view text = message.head.version.of(message.bytes);
  if (text.empty()) return stream::give_text(value, "1.0");
  const size_t slash = text.find('/');
  return slash == text.npos ? Answer::absent : stream::give_text(value, text.substr(slash + 1));
}

/// Every connection of mode tcp is looked at once.
Answer first_request(Evaluation& e, Arguments, Value& value) {
  if (e.its_extras) e.extras().http_read = true;
  return stream::give_boolean(value, true);
}

// In mode tcp haproxy 2.6 takes the head for the whole request.
Answer no_body(const Message&, Arguments, Value& value) {
  value.set_binary({});
  return Answer::found;
}
Answer no_bytes(const Message&, Arguments, Value& value) { return stream::give_integer(value, 0); }

constexpr stream::FetchFunction request_rows[] = {
    {"http_first_req", first_request},    {"method", method},
    {"req.body", of_head<no_body>},       {"req.body_len", of_head<no_bytes>},
    {"req.body_size", of_head<no_bytes>}, {"req.proto_http", of_head<is_http>},
    {"req.ver", of_head<version>},        {"req_proto_http", of_head<is_http>},
    {"req_ver", of_head<version>}};

}  // namespace

constinit const std::span<const stream::FetchFunction> request_answers = request_rows;

}  // namespace ddbproxy::http
