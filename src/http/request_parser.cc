#include "http/request_parser.h"

#include <algorithm>

#include "base/text.h"

namespace ddbproxy::http {
size_t RequestParser::feed(std::string_view bytes) {
  size_t used = 0;
  while (used < bytes.size() && !complete() && !failed())
    used += state_ == State::head ? take_head(bytes.substr(used)) : take_body(bytes.substr(used));
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
  for (const Field& field : head.fields()) {
    const auto line_end = [](char c) { return c == '\r' || c == '\n'; };
    const auto value = request_.text.begin() + field.value.at;
    if (field.folded) std::replace_if(value, value + field.value.size, line_end, ' ');
  }
  http_1_0_ = request_.version() < "HTTP/1.1";
  keep_alive_ = !http_1_0_;
  const bool chunked = head.codings() > 0;
  if (head.codings() > 1) return fail(422);    // of which only chunked is known
  if (chunked && http_1_0_) return fail(413);  // its sender cannot have meant this
  // A length beside chunks may be an attempt to smuggle a request: heed the chunks, and do not go on afterwards.
  const bool smuggling = chunked && head.content_length();
  if (smuggling) keep_alive_ = false;
  read_connection(smuggling);
  body_ = chunked ? BodyReader::chunked(limits_.head - head.size())
                  : BodyReader::counted(head.content_length().value_or(0));
  const auto expect = request_.header("expect");
  const bool has_body = body_.state() == BodyReader::State::reading;
  expects_continue_ = has_body && !http_1_0_ && expect && base::equals_ignoring_case(*expect, "100-continue");
  state_ = has_body ? State::body : State::done;
}

void RequestParser::read_connection(bool smuggling) {
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
  const BodyReader::Piece piece = body_.take(bytes);
  if (!discard_ && !request_.body_truncated) {
    if (request_.body.size() + piece.data.size() > limits_.body) {
      request_.body_truncated = true;
      request_.body = {};
    } else {
      request_.body.append(piece.data);
    }
  }
  if (body_.state() == BodyReader::State::wrong) fail();
  if (body_.state() == BodyReader::State::complete) state_ = State::done;
  return piece.taken;
}

}  // namespace ddbproxy::http
