// Which question comes next, and how long an old answer lasts.
#include "live/names/resolution.h"

#include <catch2/catch.hpp>

#include "live/names/address_choice.h"

using namespace ddbproxy;
using namespace ddbproxy::live;
using std::chrono::milliseconds;

namespace {

const base::Instant start = base::Instant() + std::chrono::hours(1);

NameAnswer addresses(std::initializer_list<const char*> texts) {
  NameAnswer answer{AnswerStatus::valid, {}, {}};
  for (const char* text : texts) answer.addresses.push_back(Address::parse_ip(text));
  return answer;
}

NameAnswer service(const char* target, uint16_t port, uint16_t weight) {
  return {AnswerStatus::valid, {}, {{1, weight, port, target, {}}}};
}

}  // namespace

TEST_CASE("silence is asked again, resolve_retries times in all") {
  model::Resolvers settings;
  Resolution resolution("a.test", RecordType::aaaa, settings, start);
  resolution.begin(1);
  CHECK(resolution.expired() == NextStep::ask);
  CHECK(resolution.expired() == NextStep::ask);
  CHECK(resolution.question().type == RecordType::aaaa);
  CHECK(resolution.expired() == NextStep::give_up);
  CHECK(resolution.status() == AnswerStatus::silence);
  CHECK_FALSE(resolution.running());
}

TEST_CASE("an error has the other family asked for at once, and then waits for the next try") {
  model::Resolvers settings;
  settings.resolve_retries = 2;
  Resolution resolution("a.test", RecordType::aaaa, settings, start);
  resolution.begin(1);
  CHECK(resolution.failed(AnswerStatus::nonexistent) == NextStep::ask);
  CHECK(resolution.question().type == RecordType::a);
  CHECK(resolution.failed(AnswerStatus::empty) == NextStep::wait);
  CHECK(resolution.expired() == NextStep::ask);
  CHECK(resolution.question().type == RecordType::aaaa);
  CHECK(resolution.failed(AnswerStatus::nonexistent) == NextStep::ask);
  CHECK(resolution.failed(AnswerStatus::refused) == NextStep::give_up);
  CHECK(resolution.status() == AnswerStatus::refused);
}

TEST_CASE("the last of several name servers decides") {
  model::Resolvers settings;
  Resolution resolution("a.test", RecordType::a, settings, start);
  resolution.begin(2);
  CHECK(resolution.failed(AnswerStatus::nonexistent) == NextStep::wait);
  CHECK(resolution.failed(AnswerStatus::refused) == NextStep::ask);
  CHECK(resolution.question().type == RecordType::aaaa);
}

TEST_CASE("when one is silent, the time has to run out") {
  model::Resolvers settings;
  Resolution resolution("a.test", RecordType::a, settings, start);
  resolution.begin(2);
  CHECK(resolution.failed(AnswerStatus::nonexistent) == NextStep::wait);
  CHECK(resolution.expired() == NextStep::ask);
  CHECK(resolution.question().type == RecordType::aaaa);
}

TEST_CASE("services have no other family") {
  model::Resolvers settings;
  Resolution resolution("_x.test", RecordType::srv, settings, start);
  resolution.begin(1);
  for (int tries = 0; tries < 2; ++tries) {
    CHECK(resolution.failed(AnswerStatus::nonexistent) == NextStep::wait);
    CHECK(resolution.expired() == NextStep::ask);
  }
  CHECK(resolution.failed(AnswerStatus::nonexistent) == NextStep::wait);
  CHECK(resolution.expired() == NextStep::give_up);
  CHECK(resolution.status() == AnswerStatus::nonexistent);
}

TEST_CASE("each kind of failure has its time to hold") {
  model::Resolvers settings;
  settings.hold.nx = milliseconds(10);
  settings.hold.timeout = milliseconds(20);
  settings.resolve_retries = 1;
  Resolution resolution("_x.test", RecordType::srv, settings, start);
  resolution.begin(1);
  CHECK(resolution.expired() == NextStep::give_up);
  CHECK(resolution.holds(start + milliseconds(19)));
  CHECK_FALSE(resolution.holds(start + milliseconds(20)));
  resolution.succeeded(addresses({"127.0.0.1"}), start + milliseconds(50));
  resolution.begin(1);
  resolution.failed(AnswerStatus::nonexistent);
  CHECK(resolution.holds(start + milliseconds(59)));
  CHECK_FALSE(resolution.holds(start + milliseconds(60)));
}

TEST_CASE("what answers lack goes after hold obsolete") {
  model::Resolvers settings;
  settings.hold.obsolete = milliseconds(100);
  Resolution resolution("a.test", RecordType::a, settings, start);
  resolution.succeeded(addresses({"127.0.0.1", "127.0.0.2"}), start);
  const uint64_t changes = resolution.changes();
  resolution.succeeded(addresses({"127.0.0.2"}), start + milliseconds(99));
  CHECK(resolution.addresses().size() == 2);
  CHECK(resolution.changes() == changes);
  resolution.succeeded(addresses({"127.0.0.2"}), start + milliseconds(100));
  CHECK(resolution.addresses().size() == 1);
  CHECK(resolution.changes() == changes + 1);
}

TEST_CASE("a service is its host and its port; its weight may change") {
  model::Resolvers settings;
  Resolution resolution("_x.test", RecordType::srv, settings, start);
  resolution.succeeded(service("h.test", 80, 1), start);
  resolution.succeeded(service("H.test", 80, 9), start + milliseconds(1));
  REQUIRE(resolution.services().size() == 1);
  CHECK(resolution.services()[0].record.weight == 9);
  resolution.succeeded(service("h.test", 81, 9), start + milliseconds(2));
  REQUIRE(resolution.services().size() == 1);
  CHECK(resolution.services()[0].record.port == 81);
}

TEST_CASE("the choice of an address") {
  model::Resolvers settings;
  Resolution resolution("a.test", RecordType::a, settings, start);
  resolution.succeeded(addresses({"127.0.0.1", "127.0.0.2", "::1", "10.0.0.9"}), start);
  model::NameResolution wishes;
  wishes.prefer = AF_INET;
  const auto choose = [&](const char* current, std::vector<Address> taken) {
    const auto chosen = choose_address(resolution.addresses(), Address::parse_ip(current), taken, wishes);
    return chosen ? chosen->host() : "none";
  };
  const auto ip = [](const char* text) { return Address::parse_ip(text); };
  CHECK(choose("", {}) == "127.0.0.1");
  CHECK(choose("127.0.0.2", {}) == "127.0.0.2");
  CHECK(choose("", {ip("127.0.0.1")}) == "127.0.0.2");
  CHECK(choose("", {ip("127.0.0.1"), ip("127.0.0.2"), ip("10.0.0.9")}) == "::1");
  CHECK(choose("", {ip("127.0.0.1"), ip("127.0.0.2"), ip("10.0.0.9"), ip("::1")}) == "none");
  wishes.allow_duplicates = true;
  CHECK(choose("", {ip("127.0.0.1"), ip("127.0.0.2"), ip("10.0.0.9"), ip("::1")}) == "127.0.0.1");
  wishes.prefer = AF_INET6;
  CHECK(choose("127.0.0.2", {}) == "::1");
  wishes.nets = {{ip("10.0.0.0"), 8}};
  CHECK(choose("127.0.0.2", {}) == "10.0.0.9");
}

TEST_CASE("a network holds the addresses that begin as it does") {
  const model::Network v4{Address::parse_ip("10.1.0.0"), 20}, v6{Address::parse_ip("fe80::"), 10};
  CHECK(v4.contains(Address::parse_ip("10.1.15.255")));
  CHECK_FALSE(v4.contains(Address::parse_ip("10.1.16.0")));
  CHECK(v6.contains(Address::parse_ip("febf::1")));
  CHECK_FALSE(v6.contains(Address::parse_ip("fec0::1")));
  CHECK_FALSE(v6.contains(Address::parse_ip("10.1.0.1")));
  CHECK(model::Network{Address::parse_ip("0.0.0.0"), 0}.contains(Address::parse_ip("1.2.3.4")));
}
