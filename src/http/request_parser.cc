#include "http/request_parser.h"

#include <algorithm>

#include "base/text.h"
#include "http/characters.h"

namespace ddbproxy::http {
namespace {

// Chunk sizes beyond this many hexadecimal digits would not fit.
constexpr int largest_chunk_digits = 15;

// The authority of "http://host:port/path"; empty when the target is not of this form.
std::string_view authority(std::string_view target) {
  const size_t scheme = target.find("://");
  if (scheme == std::string_view::npos || target.front() == '/') return {};
  target.remove_prefix(scheme + 3);
  return target.substr(0, target.find_first_of("/?#"));
}

}  // namespace

size_t RequestParser::feed(std::string_view bytes) {
  size_t used = 0;
  while (used < bytes.size() && !complete() && !failed()) {
    if (state_ == State::body || state_ == State::chunk_data) {
      used += take_body(bytes.substr(used));
    } else {
      step(bytes[used++]);
    }
  }
  return used;
}

void RequestParser::reset() { *this = RequestParser(limits_); }

void RequestParser::fail(int status) {
  state_ = State::failed;
  error_status_ = status;
}

void RequestParser::step(char c) {
  if (state_ < State::body && state_ > State::start_lf && ++head_size_ > limits_.head) return fail();
  switch (state_) {
    case State::start:
    case State::start_lf: return start_step(c);
    case State::method:
    case State::before_target:
    case State::target:
    case State::before_version:
    case State::version:
    case State::request_lf: return request_line_step(c);
    case State::line_start:
    case State::name:
    case State::before_value:
    case State::value:
    case State::value_lf:
    case State::head_lf: return header_step(c);
    case State::chunk_size:
    case State::chunk_extension:
    case State::chunk_size_lf:
    case State::chunk_end:
    case State::chunk_end_lf: return chunk_step(c);
    case State::trailer_start:
    case State::trailer:
    case State::trailer_lf:
    case State::trailers_end_lf: return trailer_step(c);
    case State::body:
    case State::chunk_data:
    case State::done:
    case State::failed: return;
  }
}

// Empty lines before a request are skipped: some clients send one behind a body (RFC 9112, 2.2).
void RequestParser::start_step(char c) {
  if (state_ == State::start_lf) {
    if (c != '\n') return fail();
    state_ = State::start;
  } else if (c == '\r') {
    state_ = State::start_lf;
  } else if (c != '\n') {
    state_ = State::method;
    step(c);
  }
}

void RequestParser::request_line_step(char c) {
  switch (state_) {
    case State::method:
      if (c == ' ' && !request_.method.empty()) {
        state_ = State::before_target;
      } else if (is_token(c)) {
        request_.method += c;
      } else {
        fail();
      }
      return;
    case State::before_target:
      if (c == ' ') return;
      state_ = State::target;
      [[fallthrough]];
    case State::target:
      if (c == ' ') {
        state_ = State::before_version;
      } else if (is_target(c)) {
        request_.target += c;
      } else {
        fail();  // also the line end of HTTP/0.9
      }
      return;
    case State::before_version:
      if (c == ' ') return;
      state_ = State::version;
      [[fallthrough]];
    case State::version:
      if (c == '\r') {
        state_ = State::request_lf;
        return;
      }
      if (c == '\n') {
        state_ = State::line_start;
        if (!read_version()) fail();
        return;
      }
      if (request_.version.size() >= 8) return fail();
      request_.version += c;
      return;
    default:
      if (c != '\n') return fail();
      state_ = State::line_start;
      if (!read_version()) fail();
  }
}

bool RequestParser::read_version() {
  const std::string& version = request_.version;
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7])) {
    return false;
  }
  http_1_0_ = version < "HTTP/1.1";
  keep_alive_ = !http_1_0_;
  return true;
}

void RequestParser::header_step(char c) {
  switch (state_) {
    case State::line_start:
      if (c == '\r') {
        state_ = State::head_lf;
      } else if (c == '\n') {
        end_head();
      } else if ((c == ' ' || c == '\t') && !request_.headers.empty()) {
        // A folded line goes on with the value of the line before (RFC 9112, 5.2).
        request_.headers.back().value += ' ';
        state_ = State::before_value;
      } else if (request_.headers.size() >= limits_.headers || !is_token(c)) {
        fail();
      } else {
        request_.headers.push_back({std::string(1, c), {}});
        state_ = State::name;
      }
      return;
    case State::name:
      if (c == ':') {
        state_ = State::before_value;
      } else if (is_token(c)) {
        request_.headers.back().name += c;
      } else {
        fail();
      }
      return;
    case State::before_value:
      if (c == ' ' || c == '\t') return;
      state_ = State::value;
      [[fallthrough]];
    case State::value:
      if (c == '\r') {
        state_ = State::value_lf;
      } else if (c == '\n') {
        end_header_value();
      } else if (c == '\0') {
        fail();
      } else {
        request_.headers.back().value += c;
      }
      return;
    case State::value_lf:
      if (c != '\n') return fail();
      return end_header_value();
    default:  // head_lf
      if (c != '\n') return fail();
      end_head();
  }
}

void RequestParser::end_header_value() {
  std::string& value = request_.headers.back().value;
  value.erase(value.find_last_not_of(" \t") + 1);
  state_ = State::line_start;
}

void RequestParser::end_head() {
  if (!read_host() || !read_content_length() || !read_transfer_encoding()) {
    if (!failed()) fail();
    return;
  }
  read_connection();
  const std::string* expect = request_.header("expect");
  const bool has_body = chunked_ || remaining_ > 0;
  expects_continue_ = has_body && !http_1_0_ && expect && base::equals_ignoring_case(*expect, "100-continue");
  state_ = chunked_ ? State::chunk_size : has_body ? State::body : State::done;
}

// All Host headers, and the authority of an absolute target, must agree.
bool RequestParser::read_host() {
  std::string_view seen = authority(request_.target);
  bool any = !seen.empty();
  for (const Header& header : request_.headers) {
    if (!base::equals_ignoring_case(header.name, "host")) continue;
    if (any && !base::equals_ignoring_case(seen, header.value)) return false;
    seen = header.value;
    any = true;
  }
  return true;
}

// Repeated lengths must be the same number.
bool RequestParser::read_content_length() {
  bool any = false;
  for (const Header& header : request_.headers) {
    if (!base::equals_ignoring_case(header.name, "content-length")) continue;
    for (std::string_view word : base::split(header.value, ',')) {
      word = base::trim(word);
      if (word.empty() || word.size() > 18 || !std::all_of(word.begin(), word.end(), is_digit)) return false;
      uint64_t length = 0;
      for (char c : word) length = length * 10 + static_cast<uint64_t>(c - '0');
      if (any && length != remaining_) return false;
      remaining_ = length;
      any = true;
    }
  }
  return true;
}

bool RequestParser::read_transfer_encoding() {
  std::string_view last;
  bool any = false;
  for (const Header& header : request_.headers) {
    if (!base::equals_ignoring_case(header.name, "transfer-encoding")) continue;
    for (std::string_view word : base::split(header.value, ',')) {
      word = base::trim(word);
      if (any) {  // several codings, of which only chunked is known
        fail(422);
        return false;
      }
      last = word;
      any = true;
    }
  }
  if (!any) return true;
  if (!base::equals_ignoring_case(last, "chunked")) return false;
  if (http_1_0_) {  // its sender cannot have meant this
    fail(413);
    return false;
  }
  // A length beside chunks may be an attempt to smuggle a request: heed the chunks, and do not go on afterwards.
  if (request_.header("content-length")) keep_alive_ = false;
  chunked_ = true;
  remaining_ = 0;
  return true;
}

void RequestParser::read_connection() {
  const bool smuggling = chunked_ && !keep_alive_;
  for (const Header& header : request_.headers) {
    if (!base::equals_ignoring_case(header.name, "connection")) continue;
    for (std::string_view word : base::split(header.value, ',')) {
      word = base::trim(word);
      if (base::equals_ignoring_case(word, "close")) {
        keep_alive_ = false;
        return;
      }
      if (base::equals_ignoring_case(word, "keep-alive")) keep_alive_ = !smuggling;
    }
  }
}

size_t RequestParser::take_body(std::string_view bytes) {
  const size_t size = static_cast<size_t>(std::min<uint64_t>(bytes.size(), remaining_));
  remaining_ -= size;
  if (!discard_ && !request_.body_truncated) {
    if (request_.body.size() + size > limits_.body) {
      request_.body_truncated = true;
      request_.body = {};
    } else {
      request_.body.append(bytes.substr(0, size));
    }
  }
  if (remaining_ == 0) state_ = chunked_ ? State::chunk_end : State::done;
  return size;
}

void RequestParser::chunk_step(char c) {
  switch (state_) {
    case State::chunk_size: {
      const int digit = hex_digit(c);
      if (digit >= 0) {
        if (++size_digits_ > largest_chunk_digits) return fail();
        remaining_ = remaining_ * 16 + static_cast<uint64_t>(digit);
        return;
      }
      if (size_digits_ == 0) return fail();
      state_ = State::chunk_extension;
      [[fallthrough]];
    }
    case State::chunk_extension:
      if (c == '\r') {
        state_ = State::chunk_size_lf;
        return;
      }
      if (c != '\n') {  // extensions mean nothing to anyone
        if (++head_size_ > limits_.head || c == '\0') fail();
        return;
      }
      [[fallthrough]];
    case State::chunk_size_lf:
      if (c != '\n') return fail();
      size_digits_ = 0;
      state_ = remaining_ > 0 ? State::chunk_data : State::trailer_start;
      return;
    case State::chunk_end:
      if (c == '\r') {
        state_ = State::chunk_end_lf;
        return;
      }
      [[fallthrough]];
    default:  // chunk_end_lf
      if (c != '\n') return fail();
      state_ = State::chunk_size;
  }
}

// Trailers are read to their end and dropped.
void RequestParser::trailer_step(char c) {
  if (++head_size_ > limits_.head) return fail();
  switch (state_) {
    case State::trailer_start:
      state_ = c == '\r' ? State::trailers_end_lf : c == '\n' ? State::done : State::trailer;
      return;
    case State::trailer:
      if (c == '\r') state_ = State::trailer_lf;
      if (c == '\n') state_ = State::trailer_start;
      return;
    case State::trailer_lf:
      if (c != '\n') return fail();
      state_ = State::trailer_start;
      return;
    default:  // trailers_end_lf
      if (c != '\n') return fail();
      state_ = State::done;
  }
}

}  // namespace ddbproxy::http
