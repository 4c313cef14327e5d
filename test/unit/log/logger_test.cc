// Loggers with real targets on loopback: what is sent, to whom, at which level, and what is counted as lost.
#include "log/logger.h"

#include <fcntl.h>
#include <unistd.h>

#include "sockets.h"

using namespace ddbproxy;
using log::Logger;

namespace {

Address loopback() { return Address::ipv4(0x7f000001, 0); }

model::LogTarget target(const Address& address) {
  model::LogTarget target;
  target.address = address;
  target.format = model::LogTarget::Format::priority;
  target.facility = 16;
  return target;
}

std::shared_ptr<const sample::LogFormat> compiled(const std::string& format) {
  return std::make_shared<const sample::LogFormat>(*sample::LogFormat::parse(format, {.http = true}));
}

model::LogSettings settings(const model::LogTarget& target, const std::string& format = "%ts %B") {
  model::LogSettings settings;
  settings.targets = {target};
  settings.style = model::LogStyle::custom;
  settings.format = format;
  settings.compiled = compiled(format);
  return settings;
}

/// A stream that ended well.
sample::StreamFacts good_stream() {
  sample::StreamFacts facts;
  facts.client = Address::ipv4(0x7f000001, 4711);
  facts.frontend = "f";
  facts.bytes_in = facts.bytes_out = 5;
  facts.t_queue = facts.t_connect = facts.t_total = 0;
  return facts;
}

sample::StreamFacts failed_stream() {
  sample::StreamFacts facts = good_stream();
  facts.termination[0] = 'S';
  facts.termination[1] = 'C';
  return facts;
}

const model::Global global;

}  // namespace

TEST_CASE("a message goes to every target whose level lets it pass") {
  test::SyslogServer all(loopback()), grave(loopback());
  model::LogSettings both = settings(target(all.address()));
  both.targets.push_back(target(grave.address()));
  both.targets[1].level = log::notice;
  Logger logger(both, global);
  logger.write(log::info, "a");
  logger.write(log::notice, "b");
  CHECK(all.receive() == "<134>a\n");
  CHECK(all.receive() == "<133>b\n");
  CHECK(grave.receive() == "<133>b\n");
  CHECK(grave.silent());
}

TEST_CASE("a message graver than the minimum level is sent at that level") {
  test::SyslogServer server(loopback());
  model::LogSettings calm = settings(target(server.address()));
  calm.targets[0].minimum_level = log::err;
  Logger logger(calm, global);
  logger.write(log::emerg, "a");
  logger.write(log::info, "b");
  CHECK(server.receive() == "<131>a\n");
  CHECK(server.receive() == "<134>b\n");
}

TEST_CASE("a message is cut at the target's length, and keeps its newline") {
  test::SyslogServer server(loopback());
  model::LogSettings narrow = settings(target(server.address()));
  narrow.targets[0].length = 80;
  Logger(narrow, global).write(log::info, std::string(200, 'x'));
  CHECK(server.receive() == "<134>" + std::string(75, 'x') + "\n");
}

TEST_CASE("a sample takes the messages with its numbers") {
  test::SyslogServer server(loopback());
  model::LogSettings few = settings(target(server.address()));
  few.targets[0].sample_size = 6;
  few.targets[0].sample_ranges = {{2, 3}, {5, 5}};
  Logger logger(few, global);
  for (int i = 1; i <= 8; ++i) logger.write(log::info, std::to_string(i));
  for (const char* expected : {"2", "3", "5", "8"}) CHECK(server.receive() == "<134>" + std::string(expected) + "\n");
  CHECK(server.silent());
}

TEST_CASE("IPv6 and UNIX targets take messages too") {
  test::SyslogServer six(Address::parse_ip("::1"));
  Logger(settings(target(six.address())), global).write(log::info, "six");
  CHECK(six.receive() == "<134>six\n");

  test::SyslogServer local(Address::abstract("ddbproxy-log-test-" + std::to_string(getpid())));
  Logger(settings(target(local.address())), global).write(log::info, "local");
  CHECK(local.receive() == "<134>local\n");
}

TEST_CASE("a log socket that is gone costs messages, and is found again when it is back") {
  const std::string path = "/tmp/ddbproxy-log-test-" + std::to_string(getpid());
  const model::LogSettings there = settings(target(Address::unix_path(path)));
  Logger logger(there, global);
  const uint64_t before = log::dropped();
  logger.write(log::info, "lost");
  CHECK(log::dropped() == before + 1);
  {
    test::SyslogServer server(Address::unix_path(path));
    logger.write(log::info, "taken");
    CHECK(server.receive() == "<134>taken\n");
  }
  unlink(path.c_str());
  CHECK(log::dropped() == before + 1);
}

TEST_CASE("a descriptor that is full loses messages instead of blocking") {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  const base::Fd reading(ends[0]), writing(ends[1]);
  model::LogTarget line;
  line.kind = model::LogTarget::Kind::fd;
  line.fd = writing.get();
  line.format = model::LogTarget::Format::raw;
  const model::LogSettings raw = settings(line);
  Logger logger(raw, global);
  const uint64_t before = log::dropped();
  for (int i = 0; i < 2000 && log::dropped() == before; ++i) logger.write(log::info, std::string(500, 'x'));
  CHECK(log::dropped() > before);
  char text[501];
  REQUIRE(::read(reading.get(), text, sizeof text) == 501);
  CHECK(std::string_view(text, 501) == std::string(500, 'x') + "\n");
}

TEST_CASE("a stream's line is sent at info, at err when it failed and errors are separate") {
  test::SyslogServer server(loopback());
  model::LogSettings separate = settings(target(server.address()));
  separate.separate_errors = true;
  Logger logger(separate, global);
  logger.session(good_stream());
  logger.session(failed_stream());
  CHECK(server.receive() == "<134>-- 5\n");
  CHECK(server.receive() == "<131>SC 5\n");

  sample::StreamFacts retried = good_stream();
  retried.retries = 1;
  logger.session(retried);
  CHECK(server.receive() == "<131>-- 5\n");

  sample::StreamFacts local = good_stream();
  local.termination[0] = 'L';
  local.termination[1] = 'R';
  logger.session(local);
  CHECK(server.receive() == "<134>LR 5\n");
}

TEST_CASE("dontlognull hides streams whose client sent nothing, once they have ended") {
  test::SyslogServer server(loopback());
  model::LogSettings quiet = settings(target(server.address()));
  quiet.dontlognull = true;
  Logger logger(quiet, global);
  sample::StreamFacts null = failed_stream();
  null.bytes_in = 0;
  logger.session(null);
  CHECK(server.silent());

  null.received = true;
  logger.session(null);
  CHECK(server.receive() == "<134>SC 5\n");

  null.received = false;
  null.partial = true;
  logger.session(null);
  CHECK(server.receive() == "<134>SC 5\n");
}

TEST_CASE("dontlog-normal keeps only what went wrong, but never hides the default line") {
  test::SyslogServer server(loopback());
  model::LogSettings quiet = settings(target(server.address()));
  quiet.dontlog_normal = true;
  Logger logger(quiet, global);
  logger.session(good_stream());
  CHECK(server.silent());
  logger.session(failed_stream());
  CHECK(server.receive() == "<134>SC 5\n");

  quiet.style = model::LogStyle::default_;
  Logger(quiet, global).session(good_stream());
  CHECK(server.receive().starts_with("<134>Connect from 127.0.0.1:4711"));
}

TEST_CASE("an empty line is not sent") {
  test::SyslogServer server(loopback());
  Logger(settings(target(server.address()), "%hr"), global).session(good_stream());
  CHECK(server.silent());
}

TEST_CASE("the frontend's lines are counted") {
  test::SyslogServer server(loopback());
  const model::LogSettings counting = settings(target(server.address()), "%lc");
  Logger logger(counting, global);
  logger.session(good_stream());
  logger.session(good_stream());
  CHECK(server.receive() == "<134>0\n");
  CHECK(server.receive() == "<134>1\n");
}

TEST_CASE("a failed handshake has its own line, or the one of error-log-format") {
  test::SyslogServer server(loopback());
  model::LogSettings errors = settings(target(server.address()));
  sample::StreamFacts facts = good_stream();
  facts.bind_name = "foo";
  facts.accepted = base::WallTime(std::chrono::seconds(0));
  Logger(errors, global).connection_error(facts, "Connection closed while waiting for PROXY protocol header");
  const std::string line = server.receive();
  CHECK(line.starts_with("<134>127.0.0.1:4711 [01/Jan/1970:"));
  CHECK(line.ends_with("] f/foo: Connection closed while waiting for PROXY protocol header\n"));

  errors.compiled_error = compiled("ERR %ci");
  Logger(errors, global).connection_error(facts, "whatever");
  CHECK(server.receive() == "<134>ERR 127.0.0.1\n");
}

TEST_CASE("structured data is written for RFC 5424 targets") {
  test::SyslogServer server(loopback());
  model::LogSettings structured = settings(target(server.address()), "hello");
  structured.targets[0].format = model::LogTarget::Format::rfc5424;
  structured.compiled_sd = compiled("%{+Q,+E}o [ex@1 ci=%ci]");
  Logger(structured, global).session(good_stream());
  CHECK(server.receive().ends_with(" - [ex@1 ci=\"127.0.0.1\"] hello\n"));
}

TEST_CASE("a line waits for the moment at which its values are known") {
  model::LogSettings early;
  CHECK(Logger(early, global).moment() == sample::Moment::accepted);
  early.style = model::LogStyle::tcp;
  CHECK(Logger(early, global).moment() == sample::Moment::ended);
  early.logasap = true;
  CHECK(Logger(early, global).moment() == sample::Moment::connected);
}
