// A flow moves every byte, holds back its source while its sink is blocked, and keeps no buffer when there is nothing
// to move.
#include "net/flow.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

#include "base/fd.h"
#include "net/pump_pool.h"
#include "net/socket.h"

using namespace ddbproxy;
using Outcome = net::Flow::Outcome;

namespace {

/// Two connected sockets; `ours` is non-blocking.
struct Pair {
  Pair() {
    int fds[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
    ours.reset(fds[0]);
    theirs.reset(fds[1]);
  }
  void say(const std::string& text) const {
    REQUIRE(send(theirs.get(), text.data(), text.size(), 0) == ssize_t(text.size()));
  }
  std::string hear() const {
    std::string all(1 << 20, '\0');
    const ssize_t n = recv(theirs.get(), all.data(), all.size(), 0);
    all.resize(n > 0 ? static_cast<size_t>(n) : 0);
    return all;
  }
  base::Fd ours, theirs;
};

struct Fixture {
  Outcome run() { return flow.run(pool, source.ours.get(), sink.ours.get(), base::now()); }
  net::PipeBudget pipes;
  net::Sent counts;
  net::PumpPool pool{1024, pipes, counts};
  net::Flow flow;
  Pair source, sink;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "bytes go through unchanged, and nothing is held afterwards") {
  source.say("hello");
  flow.source_ready();
  CHECK(run() == Outcome::waiting);
  CHECK(sink.hear() == "hello");
  CHECK(flow.total() == 5);
  CHECK_FALSE(flow.holding());
}

TEST_CASE_METHOD(Fixture, "a source that was not announced is not read") {
  source.say("hello");
  CHECK(run() == Outcome::waiting);
  CHECK(flow.total() == 0);
}

TEST_CASE_METHOD(Fixture, "more than a buffer goes through in one turn") {
  source.say(std::string(10'000, 'x'));
  flow.source_ready();
  CHECK(run() == Outcome::waiting);
  CHECK(sink.hear().size() == 10'000);
}

TEST_CASE_METHOD(Fixture, "the end of the source is told once all is written") {
  source.say("last words");
  shutdown(source.theirs.get(), SHUT_WR);
  flow.source_closing();
  CHECK(run() == Outcome::ended);
  CHECK(sink.hear() == "last words");
}

TEST_CASE_METHOD(Fixture, "a blocked sink holds back the source, and all arrives once it is ready again") {
  net::set_option(sink.ours.get(), SOL_SOCKET, SO_SNDBUF, 4096);
  const std::string text(200'000, 'y');
  size_t sent = 0;
  std::string heard;
  // Fills everything up: our sink's buffer, one pump, the source's buffer.
  for (ssize_t n = 0; n >= 0 && sent < text.size();) {
    n = send(source.theirs.get(), text.data() + sent, std::min<size_t>(4000, text.size() - sent), MSG_DONTWAIT);
    if (n > 0) sent += static_cast<size_t>(n);
    flow.source_ready();
    run();
  }
  REQUIRE(sent < text.size());
  CHECK(flow.holding());
  const uint64_t read = flow.total();
  flow.source_ready();
  CHECK(run() == Outcome::waiting);
  CHECK(flow.total() == read);
  for (int turns = 0; turns < 10'000 && heard.size() < sent; ++turns) {
    heard += sink.hear();
    flow.sink_ready();
    flow.source_ready();
    run();
  }
  CHECK(heard.size() == sent);
  CHECK_FALSE(flow.holding());
}

TEST_CASE_METHOD(Fixture, "without a sink one buffer is read ahead, and goes out first") {
  source.say(std::string(1500, 'a'));
  flow.source_ready();
  CHECK(flow.run(pool, source.ours.get(), -1, base::now()) == Outcome::waiting);
  CHECK(flow.total() == 1024);
  CHECK(run() == Outcome::waiting);
  CHECK(sink.hear() == std::string(1500, 'a'));
}

TEST_CASE_METHOD(Fixture, "a sink that is gone is told apart from a source that is gone") {
  SECTION("sink") {
    sink.theirs.reset();
    source.say("x");
    flow.source_ready();
    CHECK(run() == Outcome::sink_failed);
  }
  SECTION("source") {
    source.ours.reset(open("/", O_RDONLY));
    flow.source_ready();
    CHECK(run() == Outcome::source_failed);
  }
}

TEST_CASE_METHOD(Fixture, "bulk goes through a pipe, small messages through a buffer, and nothing is lost between") {
  pipes.limit = 1;
  std::string sent, heard;
  const auto move = [&](size_t size) {
    const std::string text(size, static_cast<char>('a' + sent.size() % 26));
    source.say(text);
    sent += text;
    flow.source_ready();
    run();
    heard += sink.hear();
  };
  for (int i = 0; i < 10; ++i) move(100);
  CHECK(pipes.open == 0);
  for (int i = 0; i < 10; ++i) move(100'000);
  CHECK(pipes.open == 1);
  for (int i = 0; i < 10; ++i) move(100);
  CHECK((heard == sent));
  CHECK(counts.all.get() == sent.size());
  CHECK(counts.spliced.get() > 500'000);
  CHECK(counts.spliced.get() < counts.all.get());
  CHECK(pipes.idle == 1);
  // The pipe went back to the pool: nobody else needs to open one.
  CHECK(pool.borrow(true, true)->spliced());
}

TEST_CASE_METHOD(Fixture, "a flow that is told so goes through a pipe from its first byte on, or never") {
  pipes.limit = 1;
  const auto move = [&](size_t size) {
    source.say(std::string(size, 'x'));
    flow.source_ready();
    run();
    CHECK(sink.hear().size() == size);
  };
  SECTION("always") {
    flow.splice(net::Splicing::always);
    for (int i = 0; i < 10; ++i) move(10);
    CHECK(pipes.open == 1);
    CHECK(pool.borrow(true, true)->spliced());
  }
  SECTION("never") {
    flow.splice(net::Splicing::never);
    for (int i = 0; i < 10; ++i) move(50'000);
    CHECK(pipes.open == 0);
  }
}

TEST_CASE_METHOD(Fixture, "a pipe whose slots are full of small pieces leaves nothing behind") {
  pipes.limit = 1;
  pipes.size = 65536;  // 16 slots, and each piece takes one
  flow.splice(net::Splicing::always);
  for (int i = 0; i < 200; ++i) source.say(std::string(100, 'x'));
  flow.source_ready();
  run();
  CHECK(counts.spliced.get() == 20'000);
  CHECK(sink.hear().size() == 20'000);
}

TEST_CASE_METHOD(Fixture, "without pipes left bulk is copied") {
  pipes.limit = 0;
  for (int i = 0; i < 10; ++i) {
    source.say(std::string(50'000, 'x'));
    flow.source_ready();
    run();
    CHECK(sink.hear().size() == 50'000);
  }
  CHECK(pipes.open == 0);
}

namespace {

/// Two connected TCP sockets, since only such can be reset.
struct TcpPair {
  TcpPair() {
    base::Fd listening(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(listening.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(listening.get(), 1) == 0);
    REQUIRE(getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    theirs.reset(socket(AF_INET, SOCK_STREAM, 0));
    REQUIRE(connect(theirs.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    ours.reset(accept4(listening.get(), nullptr, nullptr, SOCK_NONBLOCK));
    REQUIRE(ours);
  }
  base::Fd ours, theirs;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a reset right behind the bytes is found by looking again, after the bytes are through") {
  TcpPair tcp;
  REQUIRE(send(tcp.theirs.get(), "last words", 10, 0) == 10);
  net::reset_on_close(tcp.theirs.get());
  tcp.theirs.reset();
  // The one event that there is for both.
  flow.source_ready_or_failed();
  CHECK(flow.run(pool, tcp.ours.get(), sink.ours.get(), base::now()) == Outcome::waiting);
  CHECK(sink.hear() == "last words");
  CHECK(flow.in_doubt());
  flow.source_ready();
  CHECK(flow.run(pool, tcp.ours.get(), sink.ours.get(), base::now()) == Outcome::source_failed);
  CHECK(flow.source_failed());
  CHECK_FALSE(flow.source_ended());
  CHECK_FALSE(flow.in_doubt());
}

TEST_CASE_METHOD(Fixture, "what a source said before it failed is held until the sink takes it") {
  TcpPair tcp;
  REQUIRE(send(tcp.theirs.get(), "last words", 10, 0) == 10);
  net::reset_on_close(tcp.theirs.get());
  tcp.theirs.reset();
  flow.source_closing();
  CHECK(flow.run(pool, tcp.ours.get(), -1, base::now()) == Outcome::waiting);
  CHECK(flow.source_failed());
  CHECK(flow.holding());
  CHECK(flow.run(pool, tcp.ours.get(), sink.ours.get(), base::now()) == Outcome::source_failed);
  CHECK(sink.hear() == "last words");
}

TEST_CASE_METHOD(Fixture, "an end that is only decided is no end that was read") {
  flow.end_source();
  CHECK(run() == Outcome::ended);
  CHECK(flow.source_ended());
  CHECK_FALSE(flow.source_closed());
}
