// What is said to mail servers, and what their answers mean.
#include "live/mail/mail.h"

#include <catch2/catch.hpp>

namespace ddbproxy::live {
namespace {

Mail mail(std::string text) {
  return {.server = {}, .timeout = {}, .host_name = "h", .from = "f@x", .to = "t@y", .text = std::move(text)};
}

std::string content(std::string text) {
  const base::WallTime now{std::chrono::seconds(1'795'974'794)};  // 29 November 2026, 17:53:14 UTC
  return mail_steps[4].words(mail(std::move(text)), now);
}

}  // namespace

TEST_CASE("an answer is good as soon as its code stands in it, and bad as soon as it is long enough without") {
  CHECK(judge_mail_answer("", "220 ") == MailAnswer::incomplete);
  CHECK(judge_mail_answer("220", "220 ") == MailAnswer::incomplete);
  CHECK(judge_mail_answer("220 ", "220 ") == MailAnswer::good);
  CHECK(judge_mail_answer("220-a\r\n220 b", "220 ") == MailAnswer::good);
  CHECK(judge_mail_answer("220-", "220 ") == MailAnswer::bad);
  CHECK(judge_mail_answer("554 220\r\n", "220 ") == MailAnswer::bad);
}

TEST_CASE("a mail says who is concerned in its subject and in its text") {
  const std::string text = content("Server a/b is DOWN");
  CHECK(text.starts_with("From: f@x\r\nTo: t@y\r\nDate: "));
  CHECK(text.find(" Nov 2026 ") != text.npos);
  CHECK(text.ends_with("\r\nSubject: [HAProxy Alert] Server a/b is DOWN\r\n\r\nServer a/b is DOWN\r\n\r\n.\r\n"));
}

TEST_CASE("what a server says of itself neither makes a header nor ends the mail") {
  const std::string text = content("down: \r\n.\r\nQUIT\nBcc: z");
  CHECK(text.find("\r\n.\r\n") == text.size() - 5);
  CHECK(text.find("Subject: [HAProxy Alert] down:   .  QUIT Bcc: z\r\n") != text.npos);
}

TEST_CASE("the steps of a mail end with the farewell") {
  CHECK(mail_steps[0].words(mail(""), {}) == "HELO h\r\n");
  CHECK(mail_steps[5].words(mail(""), {}) == "QUIT\r\n");
  CHECK(mail_steps[6].words == nullptr);
}

}  // namespace ddbproxy::live
