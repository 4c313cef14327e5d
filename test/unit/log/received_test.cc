// Messages that others have sent: their headers, and what is none.
#include "log/received.h"

#include <catch2/catch.hpp>

using namespace ddbproxy;
using log::Received;

namespace {

std::string forwarded(std::string_view message, model::LogTarget::Format format) {
  model::LogTarget target;
  target.format = format;
  target.facility = 19;
  std::string out;
  const base::WallTime now{std::chrono::seconds(1'795'974'794)};
  log::append_received(out, target, log::read_received(message), now);
  return out;
}

}  // namespace

TEST_CASE("a header of RFC 3164 is read") {
  const Received read = log::read_received("<34>Oct 11 22:14:15 host su[12]: text: of it\n");
  CHECK(read.header == Received::Header::rfc3164);
  CHECK(read.priority == 34);
  CHECK(read.time == "Oct 11 22:14:15");
  CHECK(read.host == "host");
  CHECK(read.tag == "su");
  CHECK(read.pid == "12");
  CHECK(read.text == "text: of it");
}

TEST_CASE("a header of RFC 5424 is read") {
  const Received read = log::read_received("<165>1 2026-10-11T22:14:15.003Z host app - ID47 [a b=\"c\"][d] text");
  CHECK(read.header == Received::Header::rfc5424);
  CHECK(read.time == "2026-10-11T22:14:15.003Z");
  CHECK(read.tag == "app");
  CHECK(read.pid.empty());
  CHECK(read.id == "ID47");
  CHECK(read.data == "[a b=\"c\"][d]");
  CHECK(read.text == "text");
}

TEST_CASE("nothing of a message is lost whose header cannot be read") {
  for (const char* text :
       {"1 bad host app - - - x", "1 2026-10-11T22:14:15Z host app - - [a x", "1 2026-10-11T22:14:15Z host", "1 ", "1",
        "Oct 11 22:14:15", "Oct 11 22:14:15 ", "Oct 11 22:14:15 host", "Oct  1 2:14:15 h t: x"}) {
    const std::string message = "<14>" + std::string(text);
    const Received read = log::read_received(message);
    CHECK(read.header == Received::Header::priority);
    CHECK(read.text == text);
  }
  for (const char* text : {"<", "<14", "<14 >x", "<x>", "", "x"}) {
    const Received read = log::read_received(text);
    CHECK(read.header == Received::Header::none);
    CHECK(read.level() == 0);
    CHECK(read.text == text);
  }
}

TEST_CASE("every beginning of a message can be forwarded in every format") {
  using Format = model::LogTarget::Format;
  for (const std::string_view whole :
       {std::string_view("<165>1 2026-10-11T22:14:15.003+01:00 host app 1 ID47 [a b=\"c\"] text"),
        std::string_view("<34>Oct  1 22:14:15 host su[12]: text"),
        std::string_view("<999999999999999999999>\0\0x", 26)})
    for (size_t size = 0; size <= whole.size(); ++size)
      for (const Format format : {Format::rfc3164, Format::rfc5424, Format::priority, Format::short_, Format::timed,
                                  Format::iso, Format::raw, Format::local, Format::unset})
        CHECK(forwarded(whole.substr(0, size), format).size() < 200);
}

TEST_CASE("times go from one header to the other") {
  using Format = model::LogTarget::Format;
  CHECK(forwarded("<34>Oct  1 22:14:15 h t: x", Format::rfc5424) == "<34>1 2026-10-01T22:14:15-00:00 h t - - - x");
  CHECK(forwarded("<34>Dec  1 22:14:15 h t: x", Format::rfc5424) == "<34>1 2025-12-01T22:14:15-00:00 h t - - - x");
  CHECK(forwarded("<34>1 2026-10-01T22:14:15Z h t - - - x", Format::rfc3164) == "<34>Oct  1 22:14:15 h t: x");
}
