#include "http/request_parser.h"

#include <algorithm>

#include "base/text.h"
#include "http/characters.h"

namespace ddbproxy::http {
namespace {

constexpr int largest_chunk_digits = 15;

}  // namespace

size_t RequestParser::feed(std::string_view bytes) {
  size_t used = 0;
  while (used < bytes.size() && !complete() && !failed()) {
    switch (state_) {
      case State::head: used += take_head(bytes.substr(used)); break;
      case State::body:
      case State::chunk_data: used += take_body(bytes.substr(used)); break;
      case State::trailer_start:
      case State::trailer:
      case State::trailer_lf:
      case State::trailers_end_lf: trailer_step(bytes[used++]); break;
      default: chunk_step(bytes[used++]); break;
    }
  }
  return used;
}

void RequestParser::reset() { *this = RequestParser(limits_); }

void RequestParser::fail(int status) {
  state_ = State::failed;
  error_status_ = status;
}

/// Empty lines before a request are skipped: some clients send one behind a body (RFC 9112, 2.2).
size_t RequestParser::take_head(std::string_view bytes) {
  std::string& text = request_.text;
  Head& head = request_.head;
  const size_t before = text.size();
  text += bytes.substr(0, limits_.head + 1 - before);  // with the one that is too many
  const Head::State read = head.read(text);
  const size_t used = head.size() - before;
  if (read == Head::State::wrong || head.size() > limits_.head) {
    fail();
  } else if (read == Head::State::complete) {
    text.resize(head.size());
    end_head();
  } else if (!head.begun()) {
    text.clear();
    head.skip();
  }
  return used;
}

void RequestParser::end_head() {
  const Head& head = request_.head;
  head_size_ = head.size();
  for (const Field& field : head.fields()) {
    const auto line_end = [](char c) { return c == '\r' || c == '\n'; };
    const auto value = request_.text.begin() + field.value.at;
    if (field.folded) std::replace_if(value, value + field.value.size, line_end, ' ');
  }
  http_1_0_ = request_.version() < "HTTP/1.1";
  keep_alive_ = !http_1_0_;
  chunked_ = head.codings() > 0;
  if (head.codings() > 1) return fail(422);     // of which only chunked is known
  if (chunked_ && http_1_0_) return fail(413);  // its sender cannot have meant this
  // A length beside chunks may be an attempt to smuggle a request: heed the chunks, and do not go on afterwards.
  if (chunked_ && head.content_length()) keep_alive_ = false;
  if (!chunked_) remaining_ = head.content_length().value_or(0);
  read_connection();
  const auto expect = request_.header("expect");
  const bool has_body = chunked_ || remaining_ > 0;
  expects_continue_ = has_body && !http_1_0_ && expect && base::equals_ignoring_case(*expect, "100-continue");
  state_ = chunked_ ? State::chunk_size : has_body ? State::body : State::done;
}

void RequestParser::read_connection() {
  const bool smuggling = chunked_ && !keep_alive_;
  for (const Field& field : request_.head.fields()) {
    if (!base::equals_ignoring_case(field.name.of(request_.text), "connection")) continue;
    for (std::string_view word : base::split(field.value.of(request_.text), ',')) {
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
