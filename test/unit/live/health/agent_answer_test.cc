#include "live/health/agent_answer.h"

#include <catch2/catch.hpp>

using namespace ddbproxy::live;
using Mode = AgentAnswer::Mode;
using State = AgentAnswer::State;

TEST_CASE("an agent says a state, a mode, a weight and a limit, in any order") {
  const AgentAnswer answer = read_agent_answer("50%,READY\tmaxconn:7 stopped # for lunch ");
  CHECK(answer.state == State::down);
  CHECK(answer.state_word == "stopped");
  CHECK(answer.mode == Mode::ready);
  CHECK(answer.weight == "50%");
  CHECK(answer.maxconn == "7");
  CHECK(answer.unknown.empty());
  CHECK(answer.description == "for lunch ");
}

TEST_CASE("an agent that says nothing orders nothing") {
  const AgentAnswer answer = read_agent_answer(" ,\t");
  CHECK(answer.state == State::none);
  CHECK(answer.mode == Mode::none);
  CHECK(!answer.weight);
  CHECK(!answer.maxconn);
}

TEST_CASE("the last word of a kind counts, and the first that is unknown") {
  const AgentAnswer answer = read_agent_answer("up maint down drain foo 30% bar 40% maxconn:1 maxconn:");
  CHECK(answer.state == State::down);
  CHECK(answer.mode == Mode::drain);
  CHECK(answer.unknown == "foo");
  CHECK(answer.weight == "40%");
  CHECK(answer.maxconn == "");
}

TEST_CASE("a sharp begins a description only where a word would begin") {
  CHECK(read_agent_answer("down#x").unknown == "down#x");
  CHECK(read_agent_answer("down,#x y").description == "x y");
}

TEST_CASE("a weight begins with a digit and has a percent sign") {
  CHECK(read_agent_answer("50").unknown == "50");
  CHECK(read_agent_answer("-5%").unknown == "-5%");
  CHECK(read_agent_answer("1.5%x").weight == "1.5%x");
}
