#include "live/health/expectation.h"

#include <catch2/catch.hpp>

#include "base/regex.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using model::CheckExpect;
using model::CheckStatus;
using Match = CheckExpect::Match;
using Outcome = Judgement::Outcome;

namespace {

CheckExpect string(std::string text, int min_recv = -1, bool negated = false) {
  return {.match = Match::string, .negated = negated, .min_recv = min_recv, .pattern = {.text = std::move(text)}};
}

Judgement judged(const CheckExpect& expect, std::string_view answer, bool closed) {
  CheckMemory memory;
  return judge(expect, answer, closed, 2, "", memory);
}

}  // namespace

TEST_CASE("an answer without the string may yet grow into one with it, until the server closes") {
  CHECK(judged(string("hello"), "say hello", false).outcome == Outcome::met);
  CHECK(judged(string("hello"), "nope, not yet", false).outcome == Outcome::unknown);
  const Judgement closed = judged(string("hello"), "nope", true);
  CHECK(closed.outcome == Outcome::failed);
  CHECK(closed.result.status == CheckStatus::l7_response);
  CHECK(closed.result.description == "TCPCHK did not match content 'hello' at step 2");
  CHECK(judged(string("hello"), "", true).result.description == "TCPCHK got an empty response at step 2");
}

TEST_CASE("min-recv makes an answer of that length decide, and a shorter one wait") {
  CHECK(judged(string("zzz", 3), "hello", false).outcome == Outcome::failed);
  CHECK(judged(string("hello", 50), "hello", false).outcome == Outcome::unknown);
  CHECK(judged(string("zzz", 3, true), "hello", false).outcome == Outcome::met);
  CHECK(judged(string("hello", -1, true), "hello", false).outcome == Outcome::failed);
}

TEST_CASE("rbinary sees the answer as hexadecimal digits") {
  CheckExpect expect{.match = Match::rbinary};
  expect.regex = std::make_shared<const base::Regex>(std::move(*base::Regex::compile("^00FF")));
  CHECK(judged(expect, std::string_view("\0\xff", 2), false).outcome == Outcome::met);
  CHECK(judged(expect, "x", true).outcome == Outcome::failed);
}

TEST_CASE("a MySQL server's error fails the check with its code and words") {
  const CheckExpect greeting{.match = Match::mysql_greeting};
  const Judgement error = judged(greeting, std::string_view("\x07\0\0\0\xff\x15\x04Host", 11), false);
  CHECK(error.result.status == CheckStatus::l7_status);
  CHECK(error.result.code == 1045);
  CHECK(error.result.description == "Host");
  CheckMemory memory;
  CHECK(judge(greeting,
              std::string_view("\x07\0\0\0\x0a"
                               "5.5.5\0",
                               11),
              false, 1, "", memory)
            .outcome == Outcome::met);
  CHECK(memory.description == "5.5.5");
}

TEST_CASE("an HTTP answer is judged by its status, a header or its body") {
  const std::string answer =
      "HTTP/1.1 503 Sorry\r\nX-A: one, two\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
  CheckExpect status{.match = Match::status, .codes = {{200, 399}}};
  const Judgement wrong = judged(status, answer, false);
  CHECK(wrong.result.status == CheckStatus::l7_status);
  CHECK(wrong.result.code == 503);
  CHECK(wrong.result.description == "Sorry");
  CHECK(judged({.match = Match::body, .pattern = {.text = "hello"}}, answer, false).outcome == Outcome::met);
  CheckExpect header{.match = Match::header};
  header.name.text.text = "x-a";
  header.value.emplace().text.text = "two";
  CHECK(judged(header, answer, false).outcome == Outcome::met);
  header.full_value = true;
  CHECK(judged(header, answer, false).outcome == Outcome::failed);
  CHECK(judged(status, "garbage", false).outcome == Outcome::failed);
  CHECK(judged(status, "HTTP/1.0 20", false).outcome == Outcome::unknown);
}
