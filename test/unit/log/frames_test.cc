// Messages in a stream, in pieces, and what is none.
#include "log/frames.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using ddbproxy::log::Frames;

namespace {

/// The messages of a stream that comes in pieces of this size; "!" at the end where it is broken.
std::vector<std::string> read(std::string_view stream, size_t piece, size_t longest = 20) {
  Frames frames(longest);
  std::vector<std::string> all;
  while (!stream.empty()) {
    const size_t size = std::min({piece, stream.size(), frames.room()});
    REQUIRE(size > 0);
    frames.append(stream.substr(0, size));
    stream.remove_prefix(size);
    for (std::string_view message;;) {
      const Frames::Next next = frames.next(message);
      if (next == Frames::Next::more) break;
      all.emplace_back(next == Frames::Next::message ? message : "!");
      if (next == Frames::Next::broken) return all;
    }
  }
  return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("messages have their length before them or a line end behind them, however they come") {
  for (size_t piece : {1u, 2u, 3u, 7u, 100u}) {
    CHECK(read("<14>one\n<14>two\n", piece) == Texts{"<14>one", "<14>two"});
    CHECK(read("7 <14>one8 <14>four<1>a\r\n3 x\ny<2>b", piece) == Texts{"<14>one", "<14>four", "<1>a", "x\ny"});
    CHECK(read("5 <1>a", piece).empty());
    CHECK(read("", piece).empty());
  }
}

TEST_CASE("what is neither breaks the stream, and so does what is too long") {
  for (size_t piece : {1u, 2u, 100u}) {
    for (const char* bad : {"junk", "\n<14>q\n", "0 <14>x", " <14>x\n", "3x <14>a", "99999 x", "21 x"})
      CHECK(read(bad, piece) == Texts{"!"});
    CHECK(read("<1>a\n\n<1>b\n", piece) == Texts{"<1>a", "!"});
    CHECK(read("<" + std::string(19, 'x') + "\n", piece) == Texts{"<" + std::string(19, 'x')});
    CHECK(read("<" + std::string(20, 'x') + "\n", piece) == Texts{"!"});
    CHECK(read("20 " + std::string(20, 'x'), piece) == Texts{std::string(20, 'x')});
    CHECK(read("99999999999999999999999 x", piece) == Texts{"!"});
  }
}

TEST_CASE("a stream is not held beyond its longest message") {
  Frames frames(20);
  frames.append("<1>a\n<2>b");
  std::string_view message;
  CHECK(frames.next(message) == Frames::Next::message);
  CHECK(frames.next(message) == Frames::Next::more);
  frames.append(std::string(10, 'x'));
  CHECK(frames.next(message) == Frames::Next::more);
  CHECK(frames.room() > 0);
  CHECK(frames.room() <= 32);
}
