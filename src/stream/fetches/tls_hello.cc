// What a client says in the first message of TLS, which is only looked at (manual 7.3.5 "req.ssl_*").
#include <algorithm>
#include <optional>

#include "stream/fetches/tables.h"

namespace ddbproxy::stream {
namespace {

using sample::Answer;
using sample::Arguments;
using sample::Value;

/// Takes numbers and pieces off the front; once something is missing, all that follows is.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  uint64_t number(size_t bytes) {
    uint64_t value = 0;
    for (const char c : piece(bytes)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  std::string_view piece(size_t bytes) {
    if (text_.size() < bytes) {
      good_ = false;
      text_ = {};
      return {};
    }
    const std::string_view front = text_.substr(0, bytes);
    text_.remove_prefix(bytes);
    return front;
  }
  /// A piece behind its length of so many bytes.
  std::string_view vector(size_t length_bytes) { return piece(number(length_bytes)); }
  bool done() const { return text_.empty(); }
  bool good() const { return good_; }

 private:
  std::string_view text_;
  bool good_ = true;
};

constexpr unsigned char handshake = 22, client_hello = 1, server_hello = 2;
constexpr uint16_t server_name_extension = 0, groups_extension = 10, alpn_extension = 16, ticket_extension = 35;

/// The first handshake message, as far as it has come.
struct Hello {
  Answer answer = Answer::absent;  ///< found: it is one of TLS and whole
  uint8_t type = 0;
  uint16_t record_version = 0, version = 0;
  std::string_view extensions;
  std::optional<std::string_view> extension(uint16_t wanted) const {
    Reader all(extensions);
    while (!all.done() && all.good()) {
      const auto type_of = static_cast<uint16_t>(all.number(2));
      const std::string_view body = all.vector(2);
      if (all.good() && type_of == wanted) return body;
    }
    return {};
  }
};

/// haproxy looks at one record only, and so does this.
Hello read_hello(const Evaluation& e, bool response) {
  Hello hello;
  if (!(response ? e.has_response : e.has_request)) return hello;
  const std::string_view text = response ? e.response : e.request;
  const auto wait = [&] {
    hello.answer = e.final ? Answer::absent : Answer::not_yet;
    return hello;
  };
  if (text.empty()) return wait();
  if (static_cast<unsigned char>(text[0]) != handshake) return hello;
  if (text.size() < 5) return wait();
  Reader record(text);
  record.number(1);
  hello.record_version = static_cast<uint16_t>(record.number(2));
  const size_t length = record.number(2);
  if (hello.record_version >> 8 != 3) return hello;
  if (text.size() < 6) return wait();
  hello.type = static_cast<uint8_t>(text[5]);
  if (hello.type != client_hello && hello.type != server_hello) return hello;
  if (text.size() < 5 + length) return wait();
  Reader message(text.substr(5, length));
  message.number(1);
  Reader body(message.vector(3));
  hello.version = static_cast<uint16_t>(body.number(2));
  body.piece(32);  // random
  body.vector(1);  // session
  if (hello.type == client_hello) {
    body.vector(2);  // ciphers
    body.vector(1);  // compressions
  } else {
    body.piece(3);
  }
  if (!message.good() || !body.good()) return hello;
  hello.answer = Answer::found;
  if (!body.done()) hello.extensions = body.vector(2);
  return hello;
}

Answer client(const Evaluation& e, Hello& hello) {
  hello = read_hello(e, false);
  return hello.answer == Answer::found && hello.type != client_hello ? Answer::absent : hello.answer;
}

/// The type as soon as its byte is there.
template <bool response>
Answer hello_type(Evaluation& e, Arguments, Value& v) {
  const std::string_view text = response ? e.response : e.request;
  const Hello hello = read_hello(e, response);
  if (hello.answer != Answer::found && !(hello.answer == Answer::not_yet && text.size() > 5)) return hello.answer;
  v.set_integer(hello.type);
  return Answer::found;
}

Answer sni(Evaluation& e, Arguments, Value& v) {
  Hello hello;
  if (const Answer answer = client(e, hello); answer != Answer::found) return answer;
  const auto body = hello.extension(server_name_extension);
  if (!body) return Answer::absent;
  Reader list(Reader(*body).vector(2));
  while (!list.done() && list.good()) {
    const uint64_t type = list.number(1);
    const std::string_view name = list.vector(2);
    if (!list.good() || type != 0) continue;
    v.set_string(name);
    return Answer::found;
  }
  return Answer::absent;
}

/// The first protocol of the list.
Answer alpn(Evaluation& e, Arguments, Value& v) {
  Hello hello;
  if (const Answer answer = client(e, hello); answer != Answer::found) return answer;
  const auto body = hello.extension(alpn_extension);
  if (!body) return Answer::absent;
  Reader list(Reader(*body).vector(2));
  const std::string_view name = list.vector(1);
  if (!list.good()) return Answer::absent;
  v.set_string(name);
  return Answer::found;
}

Answer elliptic_curves(Evaluation& e, Arguments, Value& v) {
  Hello hello;
  if (const Answer answer = client(e, hello); answer != Answer::found) return answer;
  if (!hello.extension(groups_extension)) return Answer::absent;
  v.set_boolean(true);
  return Answer::found;
}

/// 0: no session ticket extension; 1: an empty one; 2: one with a ticket.
Answer ticket(Evaluation& e, Arguments, Value& v) {
  Hello hello;
  if (const Answer answer = client(e, hello); answer != Answer::found) return answer;
  const auto body = hello.extension(ticket_extension);
  v.set_integer(!body ? 0 : body->empty() ? 1 : 2);
  return Answer::found;
}

/// major * 65536 + minor of the message.
Answer version(Evaluation& e, Arguments, Value& v) {
  Hello hello;
  if (const Answer answer = client(e, hello); answer != Answer::found) return answer;
  v.set_integer((hello.version >> 8) << 16 | (hello.version & 0xff));
  return Answer::found;
}

constexpr FetchFunction tls_hello_rows[] = {{"rep_ssl_hello_type", hello_type<true>},
                                            {"req.ssl_alpn", alpn},
                                            {"req.ssl_ec_ext", elliptic_curves},
                                            {"req.ssl_hello_type", hello_type<false>},
                                            {"req.ssl_sni", sni},
                                            {"req.ssl_st_ext", ticket},
                                            {"req.ssl_ver", version},
                                            {"req_ssl_hello_type", hello_type<false>},
                                            {"req_ssl_sni", sni},
                                            {"req_ssl_ver", version},
                                            {"res.ssl_hello_type", hello_type<true>}};

}  // namespace

constinit const std::span<const FetchFunction> tls_hello_answers = tls_hello_rows;

}  // namespace ddbproxy::stream
