#include "app/options.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace ddbproxy::app;

namespace {

struct Parsed {
  Options options;
  OptionsResult result;
};

Parsed parse(std::vector<const char*> words) {
  words.insert(words.begin(), "ddbproxy");
  Parsed parsed;
  parsed.result = parse_options(static_cast<int>(words.size()), words.data(), parsed.options);
  return parsed;
}

using Outcome = OptionsResult::Outcome;

}  // namespace

TEST_CASE("files are named by -f and by everything behind --") {
  const auto parsed = parse({"-c", "-f", "a.cfg", "-f", "-c", "--", "b.cfg", "-q"});
  CHECK(parsed.result.outcome == Outcome::run);
  CHECK(parsed.options.check);
  CHECK_FALSE(parsed.options.quiet);
  CHECK(parsed.options.files == std::vector<std::string>{"a.cfg", "-c", "b.cfg", "-q"});
}

TEST_CASE("a flag is known by its first letters, as haproxy has it") {
  CHECK(parse({"-cfoo", "-f", "x"}).options.check);
  CHECK(parse({"-qc", "-f", "x"}).options.quiet);
  CHECK_FALSE(parse({"-qc", "-f", "x"}).options.check);
  CHECK(parse({"-vv"}).options.version == 2);
  CHECK(parse({"-vq"}).options.version == 1);
  CHECK(parse({"-db", "-f", "x"}).options.foreground);
  CHECK_FALSE(parse({"-db", "-f", "x"}).options.debug);
  CHECK(parse({"-dX", "-f", "x"}).options.debug);
  CHECK(parse({"-de", "-f", "x"}).options.no_epoll);
  CHECK(parse({"-dp", "-f", "x"}).options.no_poll);
}

TEST_CASE("a value may be empty or look like a flag") {
  CHECK(parse({"-L", "", "-f", "x"}).options.local_peer.empty());
  CHECK(parse({"-L", "-c", "-f", "x"}).options.local_peer == "-c");
  CHECK(parse({"-cc", "-c"}).options.condition == "-c");
  CHECK(parse({"-n", "abc", "-f", "x"}).options.maxconn == 0);
}

TEST_CASE("a flag that lacks its value at the end is an error in haproxy's words") {
  CHECK(parse({"-f"}).result.message == "failed to copy argv.");
  CHECK(parse({"-p"}).result.outcome == Outcome::error);
  CHECK(parse({"-cc"}).result.outcome == Outcome::usage);
}

TEST_CASE("what is no flag gets the usage") {
  CHECK(parse({"-Z"}).result.outcome == Outcome::usage);
  CHECK(parse({"extra"}).result.outcome == Outcome::usage);
  CHECK(parse({"-"}).result.outcome == Outcome::usage);
  CHECK(parse({"--bogus"}).result.outcome == Outcome::usage);
}

TEST_CASE("old pids end at the next flag") {
  const auto parsed = parse({"-sf", "1", "22", "-f", "x"});
  CHECK(parsed.options.old_pids == std::vector<pid_t>{1, 22});
  CHECK_FALSE(parsed.options.terminate_old);
  CHECK(parse({"-f", "x", "-st", "5"}).options.terminate_old);
  CHECK(parse({"-f", "x", "-sf"}).result.outcome == Outcome::run);
  CHECK(parse({"-sf", "1x"}).result.message == "-sf option: some bytes unconsumed in PID list {x}");
}

TEST_CASE("-W asks for a master, -Ws for one that speaks to systemd") {
  CHECK(parse({"-W", "-f", "x"}).options.master_worker);
  CHECK_FALSE(parse({"-W", "-f", "x"}).options.notify_systemd);
  CHECK(parse({"-Wsfoo", "-f", "x"}).options.master_worker);
  CHECK(parse({"-Wsfoo", "-f", "x"}).options.notify_systemd);
  CHECK(parse({"-S", "a", "-S", "b,level,user"}).options.master_sockets ==
        std::vector<std::string>{"a", "b,level,user"});
}
