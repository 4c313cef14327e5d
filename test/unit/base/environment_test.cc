// Environment does on its own list what the C library does on the process's.
#include <catch2/catch.hpp>
#include <unistd.h>

#include <ddbproxy/environment.h>

using ddbproxy::Environment;

namespace {

using Entries = std::vector<std::string>;

}  // namespace

TEST_CASE("a variable has a value, an empty one, or is not there") {
  const Environment environment{{"A", "1"}, {"EMPTY", ""}, {"TWO", "a=b"}};
  CHECK(environment.get("A") == "1");
  CHECK(environment.get("EMPTY") == "");
  CHECK(environment.get("TWO") == "a=b");
  CHECK_FALSE(environment.get("T"));
  CHECK_FALSE(environment.get("AA"));
  CHECK_FALSE(environment.get(""));
  CHECK_FALSE(Environment().get("A"));
}

TEST_CASE("one that is set again keeps its place, and one that was gone comes last") {
  Environment environment{{"A", "1"}, {"B", "2"}, {"C", "3"}};
  CHECK(environment.set("B", "new"));
  CHECK(environment.set("D", "4"));
  CHECK(environment.unset("A"));
  CHECK(environment.unset("NONE"));
  CHECK(environment.preset("A", "again"));
  CHECK(environment.preset("A", "later"));
  CHECK(environment.entries() == Entries{"B=new", "C=3", "D=4", "A=again"});
}

TEST_CASE("what cannot be a name changes nothing") {
  Environment environment{{"A", "1"}};
  for (const char* name : {"", "A=1", "=", "X=Y"}) {
    CHECK_FALSE(environment.set(name, "x"));
    CHECK_FALSE(environment.preset(name, "x"));
    CHECK_FALSE(environment.unset(name));
  }
  CHECK(environment == Environment{{"A", "1"}});
}

TEST_CASE("those that are kept stay in their order, whatever the order of their names") {
  Environment environment{{"A", "1"}, {"B", "2"}, {"C", "3"}};
  const std::vector<std::string> names{"C", "NONE", "A", "C", "", "B=2"};
  environment.keep_only(names);
  CHECK(environment.entries() == Entries{"A=1", "C=3"});
  environment.keep_only({});
  CHECK(environment.entries().empty());
}

TEST_CASE("a process's environment may hold a name twice, or what is no variable") {
  static char first[] = "B=1", odd[] = "NO_VALUE", nameless[] = "=x", second[] = "B=2", last[] = "C=3";
  static char* variables[] = {first, odd, nameless, second, last, nullptr};
  char** const kept = environ;
  environ = variables;
  Environment environment = Environment::of_process();
  environ = nullptr;
  CHECK(Environment::of_process() == Environment());
  environ = kept;
  CHECK(environment.entries() == Entries{"B=1", "NO_VALUE", "=x", "B=2", "C=3"});
  CHECK(environment.get("B") == "1");
  CHECK_FALSE(environment.get("NO_VALUE"));
  CHECK(environment.set("B", "3"));
  CHECK(environment.entries() == Entries{"B=3", "NO_VALUE", "=x", "B=2", "C=3"});
  CHECK(environment.unset("B"));
  CHECK(environment.entries() == Entries{"NO_VALUE", "=x", "C=3"});
}
