#include "admin/commands/absent.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "admin/runs.h"
#include "talk.h"

using namespace ddbproxy::admin;

TEST_CASE("every command on an absent subject has its answers, and every answer its command") {
  for (const Command& command : commands())
    if (command.run == run_absent) {
      INFO(command.words);
      CHECK(std::ranges::count(absent_subjects(), command.words, &AbsentSubject::words) == 1);
    }
  for (const AbsentSubject& subject : absent_subjects()) {
    INFO(subject.words);
    CHECK(std::ranges::count(commands(), subject.words, &Command::words) == 1);
  }
}

TEST_CASE("a version stands in front of the arguments and is not one of them") {
  Talk talk;
  CHECK(talk.say("clear map @1\n") == "Missing map identifier.\n\n");
  CHECK(talk.say("clear map @1 x\n") == "Unknown map identifier. Please use #<id> or <file>.\n\n");
  CHECK(talk.say("commit map x\n") == "Missing version number.\n\n");
  CHECK(talk.say("commit map @1\n") == "Missing map identifier.\n\n");
}

TEST_CASE("a payload takes the place of a map's key and value") {
  Talk talk;
  CHECK(talk.say("add map x\n").starts_with("'add map' expects three parameters"));
  CHECK(talk.say("add map x <<\na b\n\n") == "Unknown map identifier. Please use #<id> or <file>.\n\n");
}

TEST_CASE("what haproxy would carry out is refused") {
  Talk talk;
  CHECK(talk.say("new ssl cert x\n") == "'new ssl cert' is not supported by ddbproxy yet.\n\n");
  CHECK(talk.say("set profiling tasks on\n") == "'set profiling tasks' is not supported by ddbproxy yet.\n\n");
}
