#include <catch2/catch.hpp>

#include "talk.h"

using namespace ddbproxy;
using namespace ddbproxy::admin;
using Next = Conversation::Next;

TEST_CASE("an answer ends with an empty line, and without a prompt the client may go") {
  Talk talk;
  CHECK(talk.say("show cli level\n") == "admin\n\n");
  CHECK(talk.next == Next::input);
  CHECK(talk.conversation.satisfied());
}

TEST_CASE("a line that has begun keeps the client connected") {
  Talk talk;
  CHECK(talk.say("show cli level\nshow cli") == "admin\n\n");
  CHECK_FALSE(talk.conversation.satisfied());
  CHECK(talk.say(" level\n") == "admin\n\n");
}

TEST_CASE("commands between semicolons are answered one by one") {
  Talk talk;
  CHECK(talk.say("show cli level;get weight be/one\n") == "admin\n\n1 (initial 1)\n\n");
}

TEST_CASE("a command is carried out at its semicolon, however long the line is") {
  Talk talk;
  CHECK(talk.say("show cli level;") == "admin\n\n");
  CHECK(talk.conversation.satisfied());
  std::string line;
  while (line.size() < 5 * longest_command) line += "show cli level;";
  const std::string answer = talk.say(line);
  CHECK(answer.size() == line.size() / std::string_view("show cli level;").size() * 7);
}

TEST_CASE("a payload belongs to the command before it, and the commands of a line share none") {
  Talk talk;
  CHECK(talk.say("show cli level <<;show version\nabc\n\nget weight be/two\n") == "admin\n\n1 (initial 1)\n\n");
}

TEST_CASE("prompt keeps the client and shows that the next command may come") {
  Talk talk;
  CHECK(talk.say("prompt\nshow cli level\n") == "\n> admin\n\n> ");
  CHECK_FALSE(talk.conversation.satisfied());
  CHECK(talk.say("prompt\n") == "\n");
  CHECK(talk.conversation.satisfied());
}

TEST_CASE("what a master says of its client's rights is answered with nothing, or with a refusal") {
  Talk talk;
  CHECK(talk.say("operator -\nshow cli level\n") == "operator\n\n");
  CHECK(talk.say("user -;expert-mode on -;show cli level -\n") == "Permission denied\nuser\n\n");
  CHECK(talk.say("user\n") == "\n");
  Talk prompted;
  CHECK(prompted.say("prompt;user -\n") == "\n> \n> ");
}

TEST_CASE("quit ends without another word") {
  Talk talk;
  CHECK(talk.say("prompt\nquit;show cli level\n") == "\n> ");
  CHECK(talk.next == Next::end);
}

TEST_CASE("a client that has said all is answered, but for a line without its end") {
  Talk talk;
  talk.conversation.end_of_input();
  CHECK(talk.say("show cli level\nshow cli level") == "admin\n\n");
  CHECK(talk.next == Next::end);
}

TEST_CASE("a payload lasts until an empty line and each of its lines is prompted for") {
  Talk talk;
  CHECK(talk.say("prompt\nshow cli level <<\na;b\nc\n\nget weight be/two\n") ==
        "\n> + + + admin\n\n> 1 (initial 1)\n\n> ");
}

TEST_CASE("a client without the level is denied, and rights given up do not come back") {
  Talk user(model::CliLevel::user);
  CHECK(user.say("set weight be/one 2\n") == "Permission denied\n\n");
  CHECK(user.say("operator\n") == "Permission denied\n\n");
  CHECK(user.say("get weight be/one\n") == "1 (initial 1)\n\n");

  Talk admin;
  CHECK(admin.say("operator\nset weight be/one 2\nclear counters\nuser\nclear counters\n") ==
        "\nPermission denied\n\n\n\nPermission denied\n\n");
  CHECK(admin.say("clear counters all\n") == "Permission denied\n\n");
}

TEST_CASE("expert commands say so outside expert mode; what is not built says that") {
  Talk talk;
  CHECK(talk.say("debug dev exit\n") == "This command is restricted to expert mode only.\n\n");
  CHECK(talk.say("set var proc.x int(1)\n") == "This command is restricted to experimental mode only.\n\n");
  CHECK(talk.say("expert-mode on\ndebug dev exit\n") == "\n'debug dev exit' is not supported by ddbproxy yet.\n\n");
  CHECK(talk.say("show ssl providers\n") == "'show ssl providers' is not supported by ddbproxy yet.\n\n");
}

TEST_CASE("severities stand in front of messages, not of documents") {
  Talk talk;
  CHECK(talk.say("set severity-output number\nset weight be/one 300\nget weight be/one\nshow cli level\n") ==
        "\n[3]: Absolute weight can only be between 0 and 256 inclusive.\n\n1 (initial 1)\n\n[6]: admin\n\n");
  CHECK(talk.say("set severity-output string\nshow cli level\n") == "\n[info]: admin\n\n");
}

TEST_CASE("a command too long is refused and ends the conversation, at constant memory") {
  Talk talk;
  CHECK(talk.say(std::string(1 << 20, 'a') + "\nshow cli level\n") == "Command line too long.\n\n");
  CHECK(talk.next == Next::end);
  CHECK(talk.conversation.room() == 0);

  Talk payload;
  std::string lines = "show cli level <<\n";
  for (int i = 0; i < 5000; ++i) lines += "abc\n";
  CHECK(payload.say(lines) == "Payload too long.\n\n");
}

TEST_CASE("the longest command still fits") {
  Talk talk;
  std::string line = "show cli level ";
  line.resize(longest_command - 1, 'x');
  CHECK(talk.say(line + "\n") == "admin\n\n");
}

TEST_CASE("a long answer is produced as it is taken") {
  Talk talk;
  talk.conversation.receive("help;help;help\n");
  std::string out;
  CHECK(talk.conversation.advance(out, 100) == Next::output);
  const size_t one = out.size();
  CHECK(talk.conversation.advance(out, one + 100) == Next::output);
  CHECK(out.size() == 2 * one);
}

TEST_CASE("weights, states and limits change what runs") {
  Talk talk;
  live::Server& one = *talk.state.find_backend("be")->find("one");
  CHECK(talk.say("set server be/one weight 7\n") == "\n");
  CHECK(one.user_weight() == 7);
  CHECK(talk.say("set server be/one state maint\n") == "\n");
  CHECK(one.in_maintenance());
  CHECK(talk.say("enable server be/one\n") == "\n");
  CHECK_FALSE(one.in_maintenance());
  CHECK(talk.say("set maxconn server be/one 5\n") == "\n");
  CHECK(one.maxconn() == 5);
  CHECK(talk.say("set server be/one addr 127.0.0.2 port 9301\n") ==
        "IP changed from '127.0.0.1' to '127.0.0.2', port changed from '9300' to '9301' by 'stats socket command'\n\n");
  CHECK(one.address().text() == "127.0.0.2:9301");
  CHECK(talk.say("set maxconn frontend fe 7\n") == "\n");
  CHECK(talk.state.find_frontend("fe")->maxconn() == 7);
}

TEST_CASE("names that are none are answered in haproxy's words") {
  Talk talk;
  CHECK(talk.say("set server\n") == "Require 'backend/server'.\n\n");
  CHECK(talk.say("set server no/one state ready\n") == "No such backend.\n\n");
  CHECK(talk.say("set server be/no state ready\n") == "No such server.\n\n");
  CHECK(talk.say("disable frontend\n") == "A frontend name is expected.\n\n");
  CHECK(talk.say("disable frontend be\n") == "No such frontend.\n\n");
  CHECK(talk.say("show servers state no\n") == "Can't find backend.\n\n");
}
