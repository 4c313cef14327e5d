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
  size_t left() const { return text_.size(); }
  bool good() const { return good_; }

 private:
  std::string_view text_;
  bool good_ = true;
};

constexpr unsigned char first_content = 20, handshake = 22, last_content = 23, client_hello = 1, oldest_major = 3;
constexpr size_t record_header = 5, message_header = 4;
constexpr uint16_t server_name_extension = 0, groups_extension = 10, alpn_extension = 16, ticket_extension = 35;

unsigned byte(std::string_view text, size_t at) { return static_cast<unsigned char>(text[at]); }
size_t number(std::string_view text, size_t at, size_t bytes) { return Reader(text.substr(at)).number(bytes); }

Answer more(const Evaluation& e) { return e.final ? Answer::absent : Answer::not_yet; }

/// A record that may begin with a handshake message. haproxy looks at one record only, and so does this.
Answer read_record(const Evaluation& e, std::string_view text) {
  if (text.empty()) return more(e);
  if (byte(text, 0) < first_content || byte(text, 0) > last_content) return Answer::absent;
  if (text.size() < record_header) return more(e);
  return byte(text, 1) < oldest_major || number(text, 3, 2) < message_header ? Answer::absent : Answer::found;
}

/// The first message of a client.
struct Hello {
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

Answer read_hello(const Evaluation& e, Hello& hello) {
  if (!e.has_request) return Answer::absent;
  const std::string_view text = e.request;
  if (!text.empty() && byte(text, 0) != handshake) return Answer::absent;
  if (const Answer answer = read_record(e, text); answer != Answer::found) return answer;
  if (text.size() > record_header && byte(text, record_header) != client_hello) return Answer::absent;
  if (text.size() < record_header + message_header) return more(e);
  const size_t length = number(text, record_header + 1, 3);
  // As in haproxy, the last four bytes are not waited for.
  if (text.size() < record_header + length) return more(e);
  const std::string_view content = text.substr(record_header + message_header, length);
  Reader body(content);
  if (body.number(2) >> 8 < oldest_major) return Answer::absent;
  body.piece(32);  // random
  body.vector(1);  // session
  body.vector(2);  // ciphers
  body.vector(1);  // compressions
  const size_t size = body.number(2);
  if (!body.good()) return Answer::absent;
  const size_t before = content.size() - body.left();
  if (before + size > length) return Answer::absent;
  hello.extensions = content.substr(before, size);
  return Answer::found;
}

template <bool response>
Answer hello_type(Evaluation& e, Arguments, Value& v) {
  if (!(response ? e.has_response : e.has_request)) return Answer::absent;
  const std::string_view text = response ? e.response : e.request;
  const bool may_be = text.empty() || (byte(text, 0) >= first_content && byte(text, 0) <= last_content);
  if (may_be && text.size() < record_header + message_header) return more(e);
  if (const Answer answer = read_record(e, text); answer != Answer::found) return answer;
  if (text.size() < record_header + message_header + number(text, record_header + 1, 3)) return more(e);
  v.set_integer(byte(text, record_header));
  return Answer::found;
}

Answer sni(Evaluation& e, Arguments, Value& v) {
  Hello hello;
  if (const Answer answer = read_hello(e, hello); answer != Answer::found) return answer;
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
  if (const Answer answer = read_hello(e, hello); answer != Answer::found) return answer;
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
  if (const Answer answer = read_hello(e, hello); answer != Answer::found) return answer;
  if (!hello.extension(groups_extension)) return Answer::absent;
  v.set_boolean(true);
  return Answer::found;
}

/// 0: no session ticket extension; 1: an empty one; 2: one with a ticket.
Answer ticket(Evaluation& e, Arguments, Value& v) {
  Hello hello;
  if (const Answer answer = read_hello(e, hello); answer != Answer::found) return answer;
  const auto body = hello.extension(ticket_extension);
  v.set_integer(!body ? 0 : body->empty() ? 1 : 2);
  return Answer::found;
}

/// A hello in the form of SSL 2, which says a later version.
Answer old_version(const Evaluation& e, size_t& version) {
  constexpr size_t head = 11;
  const std::string_view text = e.request;
  if (byte(text, 2) != client_hello) return Answer::absent;
  if (text.size() < head) return more(e);
  const size_t length = number(text, 0, 2) & 0x7fff;
  version = number(text, 3, 2);
  const size_t told = 9 + number(text, 5, 2) + number(text, 7, 2) + number(text, 9, 2);
  if (version >> 8 < oldest_major) return more(e);
  if (told != length) return Answer::absent;
  return text.size() < 2 + length ? more(e) : Answer::found;
}

/// major * 65536 + minor of the message, whichever it is.
Answer version(Evaluation& e, Arguments, Value& v) {
  if (!e.has_request) return Answer::absent;
  const std::string_view text = e.request;
  size_t version = 0;
  if (text.size() < record_header) return more(e);
  if (byte(text, 0) & 0x80) {
    if (const Answer answer = old_version(e, version); answer != Answer::found) return answer;
  } else {
    if (const Answer answer = read_record(e, text); answer != Answer::found) return answer;
    const size_t length = number(text, 3, 2);
    if (length < message_header + 2) return Answer::absent;
    if (text.size() < record_header + length) return more(e);
    version = number(text, record_header + message_header, 2);
  }
  v.set_integer(static_cast<int64_t>((version >> 8) << 16 | (version & 0xff)));
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
