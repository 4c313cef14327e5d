// The dates of log lines, for given moments and zones.
#include "sample/log_date.h"

#include <catch2/catch.hpp>
#include <stdlib.h>
#include <time.h>

using namespace ddbproxy;

namespace {

base::WallTime at(int64_t seconds, int microseconds = 0) {
  return base::WallTime(std::chrono::seconds(seconds) + std::chrono::microseconds(microseconds));
}

/// Sets the zone of the process for one test.
struct Zone {
  explicit Zone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  ~Zone() {
    unsetenv("TZ");
    tzset();
  }
};

}  // namespace

TEST_CASE("a day of one digit is padded as each format wants it") {
  const Zone utc("UTC");
  CHECK(sample::syslog_date(at(951782400 + 86400 * 2)) == "Mar  2 00:00:00");
  CHECK(sample::local_date(at(951782400 + 86400 * 2)) == "02/Mar/2000:00:00:00");
  CHECK(sample::gmt_date(at(951782400)) == "29/Feb/2000:00:00:00 +0000");
}

TEST_CASE("local dates carry their distance from UTC") {
  const Zone nepal("<+0545>-5:45");
  CHECK(sample::local_date(at(1000000000)) == "09/Sep/2001:07:31:40");
  CHECK(sample::local_offset(at(1000000000)) == "+0545");
  CHECK(sample::gmt_date(at(1000000000)) == "09/Sep/2001:01:46:40 +0000");
  std::string iso;
  sample::append_iso_date(iso, at(1000000000, 123));
  CHECK(iso == "2001-09-09T07:31:40.000123+05:45");
}

TEST_CASE("west of Greenwich the distance is negative") {
  const Zone newfoundland("<-0330>3:30");
  CHECK(sample::local_offset(at(1000000001)) == "-0330");
}

TEST_CASE("a second that was written before is not mistaken for another") {
  const Zone utc("UTC");
  CHECK(sample::local_date(at(1000000002)) == "09/Sep/2001:01:46:42");
  CHECK(sample::local_date(at(1000000003)) == "09/Sep/2001:01:46:43");
  CHECK(sample::local_date(at(1000000002)) == "09/Sep/2001:01:46:42");
}
