// Retries and redispatches happen when haproxy 2.6 makes them; each row was observed on it.
#include "stream/retry.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;
using stream::Retry;

namespace {

model::Backend backend(model::Algorithm algorithm, int retries, bool redispatch, int interval) {
  model::Backend made;
  made.balance.algorithm = algorithm;
  made.retries = retries;
  made.redispatch = redispatch;
  made.redispatch_interval = interval;
  return made;
}

/// One letter a retry after refusals: s same server, a any server; upper case with a pause before.
std::string plan(const model::Backend& settings, uint32_t active_servers, bool refused = true, bool tied = false) {
  std::string text;
  for (int number = 1;; ++number) {
    const Retry retry = stream::plan_retry(settings, number, refused, active_servers, tied);
    if (retry.where == Retry::Where::nowhere) return text;
    const char letter = retry.where == Retry::Where::same_server ? 's' : 'a';
    text += static_cast<char>(retry.pause ? letter - 'a' + 'A' : letter);
  }
}

constexpr auto rr = model::Algorithm::roundrobin, source = model::Algorithm::source;

}  // namespace

TEST_CASE("without redispatch every retry goes to the same server, after a pause") {
  CHECK(plan(backend(rr, 0, false, 0), 1) == "");
  CHECK(plan(backend(rr, 3, false, 0), 1) == "SSS");
  CHECK(plan(backend(rr, 3, false, 0), 2) == "SSS");
}

TEST_CASE("a timeout is its own pause") { CHECK(plan(backend(rr, 3, false, 0), 1, false) == "sss"); }

TEST_CASE("with redispatch and several servers another one is tried at once") {
  CHECK(plan(backend(rr, 3, true, -1), 2) == "aaa");
  CHECK(plan(backend(model::Algorithm::leastconn, 3, true, 2), 2) == "aaa");
  CHECK(plan(backend(model::Algorithm::first, 3, true, -2), 2) == "aaa");
}

TEST_CASE("a server that the balancer did not choose is kept to until the interval is over") {
  CHECK(plan(backend(rr, 3, true, -1), 2, true, true) == "SSa");
  CHECK(plan(backend(rr, 3, true, 1), 2, true, true) == "aaa");
}

TEST_CASE("with one server the interval says when the balancer is asked again") {
  CHECK(plan(backend(rr, 3, true, -1), 1) == "SSA");
  CHECK(plan(backend(rr, 3, true, 1), 1) == "AAA");
  CHECK(plan(backend(rr, 3, true, 2), 1) == "SAS");
  CHECK(plan(backend(rr, 3, true, -2), 1) == "SAS");
}

TEST_CASE("an algorithm that would choose the same server again keeps to the interval") {
  CHECK(plan(backend(source, 3, true, -1), 2) == "SSa");
  CHECK(plan(backend(source, 3, true, 2), 2) == "SaS");
  CHECK(plan(backend(source, 3, true, -2), 2) == "SaS");
}

TEST_CASE("the pause is a second, or the connect timeout if that is shorter") {
  model::Timeouts timeouts;
  CHECK(stream::retry_pause(timeouts).count() == 1000);
  timeouts.connect = model::Milliseconds{200};
  CHECK(stream::retry_pause(timeouts).count() == 200);
  timeouts.connect = model::Milliseconds{5000};
  CHECK(stream::retry_pause(timeouts).count() == 1000);
}
