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

TEST_CASE("what haproxy would carry out is refused") {
  Talk talk;
  CHECK(talk.say("new ssl cert x\n") == "'new ssl cert' is not supported by ddbproxy yet.\n\n");
  CHECK(talk.say("set profiling tasks on\n") == "'set profiling tasks' is not supported by ddbproxy yet.\n\n");
}
