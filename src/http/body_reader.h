// Where a message's body ends (RFC 9112, 6 and 7), as strictly as haproxy 2.6 looks for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ddbproxy::http {

/// Reads the framing of one body and hands out what is in it. Pure: copies nothing, and holds nothing but where it is.
class BodyReader {
 public:
  enum class State : uint8_t { reading, complete, wrong };

  BodyReader() = default;  ///< None: complete from the first.
  static BodyReader counted(uint64_t bytes);
  /// `most_overhead`: how many bytes extensions and trailers may have, all together.
  static BodyReader chunked(size_t most_overhead);

  struct Piece {
    size_t taken = 0;       ///< Bytes that were read, framing and data.
    std::string_view data;  ///< Those at their end that are data.
  };
  /// Reads as far as to the end of a run of data, of the body, or of `bytes`.
  Piece take(std::string_view bytes);

  State state() const { return state_; }

 private:
  //  data -> complete
  //  size <-> extension, size_lf, data, data_end, data_end_lf ... -> trailer ... -> complete
  enum class Step : uint8_t {
    data,
    size,
    extension,
    size_lf,
    data_end,
    data_end_lf,
    trailer_start,
    trailer,
    trailer_lf,
    trailers_end_lf
  };

  void skip(size_t bytes);
  void read(char c);
  void read_size(char c);
  void end_size();
  void read_trailer(char c);
  void expect_line_end(char c, Step next);
  void overhead();
  void fail() { state_ = State::wrong; }
  void complete() { state_ = State::complete; }

  uint64_t left_ = 0;  // of the run of data
  size_t overhead_left_ = 0;
  int digits_ = 0;
  State state_ = State::complete;
  Step step_ = Step::data;
  bool chunked_ = false;
};

}  // namespace ddbproxy::http
