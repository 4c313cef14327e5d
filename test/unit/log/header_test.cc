// The header of each log format, byte for byte as haproxy 2.6.12 sends it.
#include "log/header.h"

#include <catch2/catch.hpp>
#include <stdlib.h>
#include <time.h>

using namespace ddbproxy;
using Format = model::LogTarget::Format;

namespace {

std::string header(Format format, const std::string& hostname, std::string_view structured_data = {}) {
  setenv("TZ", "UTC", 1);
  tzset();
  const log::Identity identity{hostname, "haproxy"};
  const base::WallTime now(std::chrono::microseconds(1795393294690894));
  model::LogTarget target;
  target.format = format;
  target.facility = 16;
  std::string out;
  log::append_header(out, target, log::info, {identity, 11040, now, structured_data});
  return out;
}

}  // namespace

TEST_CASE("each format has haproxy's header") {
  CHECK(header(Format::rfc3164, "") == "<134>Nov 23 00:21:34 localhost haproxy[11040]: ");
  CHECK(header(Format::rfc3164, "vm") == "<134>Nov 23 00:21:34 vm haproxy[11040]: ");
  CHECK(header(Format::local, "vm") == "<134>Nov 23 00:21:34 haproxy[11040]: ");
  CHECK(header(Format::rfc5424, "") == "<134>1 2026-11-23T00:21:34.690894+00:00 - haproxy 11040 - - ");
  CHECK(header(Format::rfc5424, "vm") == "<134>1 2026-11-23T00:21:34.690894+00:00 vm haproxy 11040 - - ");
  CHECK(header(Format::priority, "vm") == "<134>");
  CHECK(header(Format::short_, "vm") == "<6>");
  CHECK(header(Format::timed, "vm") == "<6>2026-11-23T00:21:34.690894+00:00 ");
  CHECK(header(Format::iso, "vm") == "2026-11-23T00:21:34.690894+00:00 ");
  CHECK(header(Format::raw, "vm").empty());
}

TEST_CASE("without a format the host name shows only with log-send-hostname") {
  CHECK(header(Format::unset, "") == "<134>Nov 23 00:21:34 haproxy[11040]: ");
  CHECK(header(Format::unset, "vm") == "<134>Nov 23 00:21:34 vm haproxy[11040]: ");
}

TEST_CASE("structured data stands in RFC 5424 messages only") {
  CHECK(header(Format::rfc5424, "", "[ex@1 a=\"b\"]") ==
        "<134>1 2026-11-23T00:21:34.690894+00:00 - haproxy 11040 - [ex@1 a=\"b\"] ");
  CHECK(header(Format::rfc3164, "", "[ex@1 a=\"b\"]") == "<134>Nov 23 00:21:34 localhost haproxy[11040]: ");
}
