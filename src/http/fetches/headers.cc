// The headers of a request (manual 7.3.6).
#include "http/fetches/message.h"
#include "http/fetches/tables.h"
#include "sample/cast.h"

namespace ddbproxy::http {
namespace {

/// One value for a sample, every one for an ACL, unless the occurrence is said.
template <bool whole>
bool find(const Message& message, Arguments arguments, Value& value, std::string_view& text) {
  if (arguments[0].kind == sample::ArgumentKind::none) return false;
  Values values(message, arguments[0].text, whole);
  const int64_t occurrence = arguments[1].number;
  return value.each && !occurrence ? next_of(values, value, text) : values.find(occurrence, text);
}

template <bool whole>
Answer header(const Message& message, Arguments arguments, Value& value) {
  std::string_view text;
  if (!find<whole>(message, arguments, value, text)) return Answer::absent;
  return stream::give_text(value, message.unfold(text));
}

template <bool whole>
Answer header_count(const Message& message, Arguments arguments, Value& value) {
  Values values(message, arguments[0].text, whole);
  int64_t count = 0;
  for (std::string_view each; values.next(each);) ++count;
  return stream::give_integer(value, count);
}

Answer header_number(const Message& message, Arguments arguments, Value& value) {
  std::string_view text;
  if (!find<false>(message, arguments, value, text)) return Answer::absent;
  return stream::give_integer(value, loose_integer(text));
}

/// An IPv4 address, with a port or without, or an IPv6 address.
bool is_address(std::string_view text, Value& value, sample::Scratch& scratch) {
  const size_t other = text.find_first_not_of("0123456789.");
  const bool port = other != text.npos && text[other] == ':' && other + 1 < text.size() &&
                    text.find_first_not_of("0123456789", other + 1) == text.npos;
  Value read;
  read.set_string(port ? text.substr(0, other) : text);
  const bool v6 = other != text.npos && !port;
  if (!sample::cast(read, v6 ? sample::Type::ipv6 : sample::Type::ipv4, scratch)) return false;
  value.type = read.type;
  value.ip = read.ip;
  return true;
}

/// Of several, those that are no addresses are passed over.
Answer header_address(const Message& message, Arguments arguments, Value& value) {
  std::string_view text;
  do {
    value.more = false;
    if (!find<false>(message, arguments, value, text)) return Answer::absent;
    if (is_address(text, value, message.scratch)) return Answer::found;
  } while (value.more);
  return Answer::absent;
}

/// Writes into the thread's scratch as long as a sample may be.
class Writer {
 public:
  explicit Writer(sample::Scratch& scratch) : scratch_(scratch), begin_(scratch.take(scratch.longest())) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { scratch_.trim(begin_, size_); }

  void add(
      std::string_view text, char (*as)(char) = [](char c) { return c; }) {
    full_ = full_ || text.size() > scratch_.longest() - size_;
    if (full_) return;
    std::transform(text.begin(), text.end(), begin_ + size_, as);
    size_ += text.size();
  }
  void add_name(std::string_view name) {
    add(name, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  }
  void add_value(std::string_view value) {
    add(value, [](char c) { return c == '\r' || c == '\n' ? ' ' : c; });
  }
  /// As haproxy's protocols write lengths.
  void add_length(size_t length) {
    char bytes[10];
    size_t count = 0;
    if (length >= 240) {
      bytes[count++] = static_cast<char>(length | 240);
      for (length = (length - 240) >> 4; length >= 128; length = (length - 128) >> 7)
        bytes[count++] = static_cast<char>(length | 128);
    }
    bytes[count++] = static_cast<char>(length);
    add({bytes, count});
  }
  bool full() const { return full_; }
  std::string_view text() const { return {begin_, size_}; }

 private:
  sample::Scratch& scratch_;
  char* begin_;
  size_t size_ = 0;
  bool full_ = false;
};

/// With commas between them, or the first character of the argument; as in haproxy a zero byte when it is empty.
Answer header_names(const Message& message, Arguments arguments, Value& value) {
  const std::string_view between =
      arguments[0].kind == sample::ArgumentKind::none ? "," : std::string_view(arguments[0].text.c_str(), 1);
  Writer writer(message.scratch);
  for (size_t i = 0; i < message.fields(); ++i) {
    if (i > 0) writer.add(between);
    writer.add_name(message.name(i));
  }
  return writer.full() ? Answer::absent : stream::give_text(value, writer.text());
}

Answer header_lines(const Message& message, Arguments, Value& value) {
  Writer writer(message.scratch);
  for (size_t i = 0; i < message.fields(); ++i) {
    writer.add_name(message.name(i));
    writer.add(": ");
    writer.add_value(message.value(i));
    writer.add("\r\n");
  }
  writer.add("\r\n");
  value.set_string(writer.text());
  return writer.full() ? Answer::absent : Answer::found;
}

/// Names and values behind their lengths, and two empty ones.
Answer header_binary(const Message& message, Arguments, Value& value) {
  Writer writer(message.scratch);
  for (size_t i = 0; i < message.fields(); ++i) {
    writer.add_length(message.name(i).size());
    writer.add_name(message.name(i));
    writer.add_length(message.value(i).size());
    writer.add_value(message.value(i));
  }
  writer.add(std::string_view("\0\0", 2));
  value.set_binary(writer.text());
  return writer.full() ? Answer::absent : Answer::found;
}

constexpr stream::FetchFunction header_rows[] = {
    {"hdr", of_head<header<false>>},         {"hdr_cnt", of_head<header_count<false>>},
    {"hdr_ip", of_head<header_address>},     {"hdr_val", of_head<header_number>},
    {"req.fhdr", of_head<header<true>>},     {"req.fhdr_cnt", of_head<header_count<true>>},
    {"req.hdr", of_head<header<false>>},     {"req.hdr_cnt", of_head<header_count<false>>},
    {"req.hdr_ip", of_head<header_address>}, {"req.hdr_names", of_head<header_names>},
    {"req.hdr_val", of_head<header_number>}, {"req.hdrs", of_head<header_lines>},
    {"req.hdrs_bin", of_head<header_binary>}};

}  // namespace

constinit const std::span<const stream::FetchFunction> header_answers = header_rows;

}  // namespace ddbproxy::http
