// DNS messages: what is asked, and how answers are judged.
#include "live/names/message.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;
using namespace ddbproxy::live;

namespace {

using Bytes = std::vector<unsigned char>;

Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }
Bytes operator+(Bytes one, const Bytes& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

Bytes header(unsigned char flags, unsigned char code, unsigned char answers, unsigned char additional = 0) {
  return {0, 7, flags, code, 0, 1, 0, answers, 0, 0, 0, additional};
}
const Bytes asked = bytes("\1a") + bytes("\4test") + Bytes{0, 0, 1, 0, 1};
const Question question{"a.test", RecordType::a};

/// A record whose name is a pointer to the question's.
Bytes record(unsigned char type, const Bytes& data) {
  return Bytes{0xc0, 12, 0, type, 0, 1, 0, 0, 0, 9, 0, static_cast<unsigned char>(data.size())} + data;
}

constexpr unsigned char answering = 0x81, truncated = 0x83;

}  // namespace

TEST_CASE("a question asks for one name, and says how much it takes") {
  CHECK(*encode_question(0x1234, question, 512) ==
        Bytes{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1} + asked + Bytes{0, 0, 41, 2, 0, 0, 0, 0, 0, 0, 0});
  CHECK(*encode_question(0x1234, question, 0) == Bytes{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0} + asked);
}

TEST_CASE("a name that is none is not asked for") {
  CHECK_FALSE(encode_question(1, {"a..test", RecordType::a}, 512));
  CHECK_FALSE(encode_question(1, {std::string(64, 'x') + ".test", RecordType::a}, 512));
  CHECK_FALSE(encode_question(1, {std::string(300, 'x'), RecordType::a}, 512));
}

TEST_CASE("addresses are read, in their order") {
  const auto answer =
      read_answer(header(answering, 0x80, 2) + asked + record(1, {127, 0, 0, 1}) + record(1, {10, 1, 2, 3}), question);
  REQUIRE(answer.status == AnswerStatus::valid);
  REQUIRE(answer.addresses.size() == 2);
  CHECK(answer.addresses[0].host() == "127.0.0.1");
  CHECK(answer.addresses[1].host() == "10.1.2.3");
}

TEST_CASE("an alias is followed to its records") {
  const Bytes alias = bytes("\1b") + bytes("\4test") + Bytes{0};
  const Bytes of_alias = alias + Bytes{0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 127, 0, 0, 4};
  const auto answer = read_answer(header(answering, 0x80, 2) + asked + record(5, alias) + of_alias, question);
  REQUIRE(answer.status == AnswerStatus::valid);
  CHECK(answer.addresses.at(0).host() == "127.0.0.4");
  CHECK(read_answer(header(answering, 0x80, 1) + asked + record(5, alias), question).status ==
        AnswerStatus::broken_alias);
  CHECK(read_answer(header(answering, 0x80, 1) + asked + of_alias, question).status == AnswerStatus::invalid);
}

TEST_CASE("records of services bring their hosts' addresses along") {
  const Bytes target = bytes("\1h") + bytes("\4test") + Bytes{0};
  const Bytes asked_service = bytes("\2_x") + bytes("\4test") + Bytes{0, 0, 33, 0, 1};
  const Bytes data = Bytes{0, 1, 2, 88, 0x1f, 0x41} + target;
  const auto answer = read_answer(header(answering, 0x80, 1, 1) + asked_service + record(33, data) + target +
                                      Bytes{0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 127, 0, 0, 9},
                                  {"_x.test", RecordType::srv});
  REQUIRE(answer.status == AnswerStatus::valid);
  const ServiceRecord& service = answer.services.at(0);
  CHECK(service.priority == 1);
  CHECK(service.weight == 600);
  CHECK(service.port == 8001);
  CHECK(service.target == "h.test");
  CHECK(service.addresses.at(0).host() == "127.0.0.9");
}

TEST_CASE("what is no good answer is told apart") {
  const Bytes address = record(1, {127, 0, 0, 1});
  const auto status = [](const Bytes& message) { return read_answer(message, question).status; };
  CHECK(status(header(answering, 0x83, 0) + asked) == AnswerStatus::nonexistent);
  CHECK(status(header(answering, 0x85, 0) + asked) == AnswerStatus::refused);
  CHECK(status(header(answering, 0x82, 0) + asked) == AnswerStatus::other);
  CHECK(status(header(answering, 0x80, 0) + asked) == AnswerStatus::empty);
  CHECK(status(header(truncated, 0x80, 1) + asked + address) == AnswerStatus::truncated);
  CHECK(status({}) == AnswerStatus::invalid);
  CHECK(status({0, 7}) == AnswerStatus::invalid);
  CHECK(status(header(answering, 0x80, 1)) == AnswerStatus::invalid);
  const Bytes whole = header(answering, 0x80, 1) + asked + address;
  for (size_t length = 0; length < whole.size(); ++length)
    CHECK(status(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))) == AnswerStatus::invalid);
  CHECK(read_answer(whole, {"b.test", RecordType::a}).status == AnswerStatus::invalid);
  CHECK(read_answer(whole, {"A.Test.", RecordType::a}).status == AnswerStatus::valid);
  CHECK(read_answer(whole, {"a.test", RecordType::aaaa}).status == AnswerStatus::valid);  // The round asks for both.
  CHECK(read_answer(whole, {"a.test", RecordType::srv}).status == AnswerStatus::invalid);
}

TEST_CASE("a name that points to itself ends") {
  const Bytes loop = Bytes{0xc0, 33, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 127, 0, 0, 1};
  CHECK(read_answer(header(answering, 0x80, 1) + asked + loop, question).status == AnswerStatus::invalid);
}
