// What a ring keeps, and who reads it.
#include "log/ring.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using ddbproxy::log::Ring;

namespace {

std::vector<std::string> all(const Ring& ring, Ring::Position at = 0) {
  std::vector<std::string> messages;
  for (std::string message; ring.read(at, message); message.clear()) messages.push_back(message);
  return messages;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a ring keeps the newest messages that fit, two bytes beside each") {
  Ring ring("r", 20);
  for (const char* text : {"one", "two", "three", "four"}) CHECK(ring.append(text));
  CHECK(all(ring) == Texts{"two", "three", "four"});
  CHECK(ring.append(""));
  CHECK(all(ring) == Texts{"two", "three", "four", ""});
  CHECK(ring.append(std::string(18, 'x')));
  CHECK(all(ring) == Texts{std::string(18, 'x')});
  CHECK_FALSE(ring.append(std::string(19, 'y')));
  CHECK(all(ring) == Texts{std::string(18, 'x')});
}

TEST_CASE("who reads a ring goes on with the oldest that is left") {
  Ring ring("r", 16);
  ring.append("aaaaa");
  Ring::Position at = ring.oldest();
  std::string message;
  CHECK(ring.read(at, message));
  CHECK(message == "aaaaa");
  CHECK_FALSE(ring.read(at, message));
  CHECK(at == ring.newest());
  for (const char* text : {"bbbbb", "ccccc", "ddddd"}) ring.append(text);
  CHECK(all(ring, at) == Texts{"ccccc", "ddddd"});
  CHECK(all(ring, ring.newest()).empty());
}

TEST_CASE("a ring of another size keeps what fits") {
  Ring ring("r", 30);
  for (const char* text : {"one", "two", "three", "four"}) ring.append(text);
  ring.resize(15);
  CHECK(all(ring) == Texts{"three", "four"});
  ring.resize(40);
  ring.append("five");
  CHECK(all(ring) == Texts{"three", "four", "five"});
}

TEST_CASE("messages of many threads are whole") {
  struct Count final : Ring::Listener {
    std::atomic<int> count{0};
    void written() override { ++count; }
  } heard;
  Ring ring("r", 1000);
  ring.set_listener(&heard);
  std::vector<std::thread> writers;
  for (char letter : {'a', 'b', 'c'})
    writers.emplace_back([&ring, letter] {
      for (int i = 0; i < 2000; ++i) ring.append(std::string(1 + i % 50, letter));
    });
  for (int i = 0; i < 200; ++i)
    for (const std::string& message : all(ring)) {
      CHECK(!message.empty());
      CHECK(message.find_first_not_of(message[0]) == message.npos);
    }
  for (std::thread& writer : writers) writer.join();
  CHECK(heard.count == 6000);
}
