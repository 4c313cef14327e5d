#include "http/body_reader.h"

#include <algorithm>

#include "http/characters.h"

namespace ddbproxy::http {
namespace {

constexpr int largest_size_digits = 15;

}  // namespace

BodyReader BodyReader::counted(uint64_t bytes) {
  BodyReader body;
  body.left_ = bytes;
  if (bytes) body.state_ = State::reading;
  return body;
}

BodyReader BodyReader::chunked(size_t most_overhead) {
  BodyReader body;
  body.chunked_ = true;
  body.overhead_left_ = most_overhead;
  body.step_ = Step::size;
  body.state_ = State::reading;
  return body;
}

BodyReader::Piece BodyReader::take(std::string_view bytes) {
  size_t at = 0;
  while (at < bytes.size() && state_ == State::reading) {
    if (step_ != Step::data) {
      read(bytes[at++]);
      continue;
    }
    const std::string_view data = bytes.substr(at, static_cast<size_t>(std::min<uint64_t>(bytes.size() - at, left_)));
    skip(data.size());
    return {at + data.size(), data};
  }
  return {at, {}};
}

/// So much of the run of data was taken.
void BodyReader::skip(size_t bytes) {
  left_ -= bytes;
  if (left_) return;
  if (chunked_)
    step_ = Step::data_end;
  else
    complete();
}

void BodyReader::read(char c) {
  switch (step_) {
    case Step::size: return read_size(c);
    case Step::extension:  // means nothing to anyone
      if (c == '\r')
        step_ = Step::size_lf;
      else if (c == '\n')
        end_size();
      else if (c == '\0')
        fail();
      else
        overhead();
      return;
    case Step::size_lf: return c == '\n' ? end_size() : fail();
    case Step::data_end:
      if (c == '\r')
        step_ = Step::data_end_lf;
      else
        expect_line_end(c, Step::size);
      return;
    case Step::data_end_lf: return expect_line_end(c, Step::size);
    default: return read_trailer(c);
  }
}

void BodyReader::read_size(char c) {
  const int digit = hex_digit(c);
  if (digit >= 0) {
    if (++digits_ > largest_size_digits) return fail();
    left_ = left_ * 16 + static_cast<uint64_t>(digit);
    return;
  }
  if (digits_ == 0) return fail();
  step_ = Step::extension;
  read(c);
}

void BodyReader::end_size() {
  digits_ = 0;
  step_ = left_ ? Step::data : Step::trailer_start;
}

/// Trailers are read to their end.
void BodyReader::read_trailer(char c) {
  overhead();
  if (state_ == State::wrong) return;
  switch (step_) {
    case Step::trailer_start:
      if (c == '\n') return complete();
      step_ = c == '\r' ? Step::trailers_end_lf : Step::trailer;
      return;
    case Step::trailer:
      if (c == '\r') step_ = Step::trailer_lf;
      if (c == '\n') step_ = Step::trailer_start;
      return;
    case Step::trailer_lf: return expect_line_end(c, Step::trailer_start);
    default: return c == '\n' ? complete() : fail();
  }
}

void BodyReader::expect_line_end(char c, Step next) {
  if (c != '\n') return fail();
  step_ = next;
}

void BodyReader::overhead() {
  if (overhead_left_ == 0) return fail();
  --overhead_left_;
}

}  // namespace ddbproxy::http
