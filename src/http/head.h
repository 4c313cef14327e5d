// The head of an HTTP/1 request, found in the bytes that a client has sent (RFC 9112), as haproxy 2.6 reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ddbproxy::http {

/// A part of the bytes that a head was read from; the offset stays right when they are moved or copied.
struct Span {
  uint32_t at = 0, size = 0;
  std::string_view of(std::string_view bytes) const { return bytes.substr(at, size); }
};

/// A header. Its value has no blanks around it; of one that goes on in further lines it holds the line ends, too.
struct Field {
  Span name, value;
  bool folded = false;
};

/// Pure: knows where in the bytes everything stands, and copies nothing. As in haproxy, a Host or a Content-Length that
/// says the same again is left out, and so is a Content-Length beside chunks.
class Head {
 public:
  enum class State : uint8_t { incomplete, complete, wrong };
  /// How it is read.
  enum class Use : uint8_t {
    inspect,  ///< In what passes through a TCP stream: HTTP/0.9, any version and zero bytes are let through.
    answer,   ///< To be answered by ddbproxy.
  };

  explicit Head(Use use = Use::inspect, size_t most_fields = 98) : most_fields_(most_fields), use_(use) {}

  /// Reads on in `bytes`, which are all since the first and begin with those that were read before. Empty lines before
  /// the request are skipped.
  State read(std::string_view bytes);
  /// Forgets what was read, and begins anew.
  void clear();
  /// The bytes up to here are no longer shown: they were empty lines.
  void skip() { at_ = 0; }

  State state() const { return state_; }
  Use use() const { return use_; }
  /// More than empty lines has come.
  bool begun() const { return step_ != Step::start && step_ != Step::start_lf; }
  /// How many bytes it has read: to its end, or to behind the first that is wrong.
  size_t size() const { return at_; }

  // What a complete one says.
  Span method, target;
  Span version;  ///< "HTTP/1.1"; empty: HTTP/0.9
  const std::vector<Field>& fields() const { return fields_; }
  std::optional<uint64_t> content_length() const { return length_; }
  /// How many codings Transfer-Encoding names. When there are any, the last is "chunked".
  size_t codings() const { return codings_; }

 private:
  //  start -> method -> target -> version -> request_lf -> line_start <-> name -> before_value -> value -> value_lf
  //  line_start -> head_lf -> done
  enum class Step : uint8_t {
    start,
    start_lf,
    method,
    before_target,
    target,
    before_version,
    version,
    request_lf,
    line_start,
    name,
    before_value,
    value,
    value_lf,
    head_lf,
    done
  };

  bool take(std::string_view bytes, char c);
  bool take_request_line(std::string_view bytes, char c);
  bool take_field(std::string_view bytes, char c);
  bool end_request_line(std::string_view bytes);
  bool end_field(std::string_view bytes);
  bool end_head(std::string_view bytes);
  bool heed_host(std::string_view bytes);
  bool heed_length(std::string_view bytes);
  bool heed_codings(std::string_view value);

  std::vector<Field> fields_;
  std::optional<uint64_t> length_;
  size_t at_ = 0, most_fields_, codings_ = 0;
  int host_ = -1;  // which of the fields
  State state_ = State::incomplete;
  Step step_ = Step::start;
  Use use_;
  bool field_open_ = false;   // the last one may go on in the next line
  bool has_codings_ = false;  // a Transfer-Encoding, be it empty
  bool chunked_ = false;      // it ends with that
};

}  // namespace ddbproxy::http
