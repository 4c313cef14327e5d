// What clients and servers see through the proxy, and what the log and the counters say afterwards.
#include "stream/tcp_stream.h"

#include <catch2/catch.hpp>

#include "net/proxy_protocol.h"
#include "proxy_fixture.h"
#include "stream/census.h"

using namespace ddbproxy;
using namespace ddbproxy::test;

namespace {

/// A proxy before one server.
struct Fixture : ProxyFixture {
  Fixture() { add_server(server.address()); }
  Server server;
};

std::string pattern(size_t size) {
  std::string text(size, '\0');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i * 31 % 23);
  return text;
}

// Half of an idle client's memory is libevent's; the stream's own part must stay small.
static_assert(sizeof(stream::TcpStream) <= 800);

}  // namespace

TEST_CASE_METHOD(Fixture, "bytes pass both ways, and are counted once") {
  start();
  Peer client = this->client(), behind = server.accept();
  REQUIRE(client.say("question"));
  CHECK(behind.hear(8) == "question");
  REQUIRE(behind.say("answer"));
  CHECK(client.hear(6) == "answer");
  client.close();
  CHECK(behind.ended());
  behind.close();
  CHECK(log_line() == "p/s -- 1/1/0/0/0 0/0");
  CHECK(backend_count(&live::BackendCounters::bin) == 8);
  CHECK(backend_count(&live::BackendCounters::bout) == 6);
  CHECK(backend_count(&live::BackendCounters::stot) == 1);
  CHECK(backend_count(&live::BackendCounters::connect) == 1);
  CHECK(frontend().counters.sum(&live::FrontendCounters::stot) == 1);
  CHECK(eventually([&] { return frontend().current_sessions() == 0 && workers->sessions() == 0; }));
}

TEST_CASE_METHOD(Fixture, "a half-closed client still receives the server's answer") {
  start();
  Peer client = this->client(), behind = server.accept();
  client.say("question");
  client.end();
  CHECK(behind.hear() == "question");
  behind.say("answer");
  behind.close();
  CHECK(client.hear() == "answer");
  CHECK(log_line() == "p/s -- 1/1/0/0/0 0/0");
}

TEST_CASE_METHOD(Fixture, "a half-closed server still receives what the client sends") {
  start();
  Peer client = this->client(), behind = server.accept();
  behind.say("goodbye");
  behind.end();
  CHECK(client.hear() == "goodbye");
  client.say("wait, more");
  client.close();
  CHECK(behind.hear() == "wait, more");
  CHECK(log_line() == "p/s -- 1/1/0/0/0 0/0");
}

TEST_CASE_METHOD(Fixture, "a large transfer arrives to the byte in both directions at once") {
  start();
  Peer client = this->client(), behind = server.accept();
  const std::string up = pattern(5'000'000), down = pattern(7'000'001);
  std::thread talker([&] { client.say(up), client.end(); });
  std::thread answerer([&] { behind.say(down), behind.end(); });
  std::string heard_up, heard_down;
  std::thread listener([&] { heard_up = behind.hear(); });
  heard_down = client.hear();
  for (std::thread* thread : {&talker, &answerer, &listener}) thread->join();
  CHECK((heard_up == up));
  CHECK((heard_down == down));
  CHECK(log_line() == "p/s -- 1/1/0/0/0 0/0");
  CHECK(backend_count(&live::BackendCounters::bout) == down.size());
}

TEST_CASE_METHOD(Fixture, "a server that does not read holds back its client, and gets all in the end") {
  start();
  Peer client = this->client(), behind = server.accept();
  const std::string chunk = pattern(65536);
  const timeval soon{0, 300'000};
  setsockopt(client.fd.get(), SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
  size_t sent = 0;
  for (ssize_t n = 0; n >= 0;) {
    n = send(client.fd.get(), chunk.data(), chunk.size(), 0);
    if (n > 0) sent += static_cast<size_t>(n);
    REQUIRE(sent < 100'000'000);
  }
  client.end();
  CHECK(behind.hear().size() == sent);
}

TEST_CASE_METHOD(Fixture, "resets are told apart by side") {
  start();
  Peer client = this->client(), behind = server.accept();
  client.say("x");
  behind.hear(1);
  SECTION("client") {
    client.reset();
    CHECK(log_line() == "p/s CD 1/1/0/0/0 0/0");
    CHECK(backend_count(&live::BackendCounters::cli_abrt) == 1);
  }
  SECTION("server") {
    behind.reset();
    CHECK(log_line() == "p/s SD 1/1/0/0/0 0/0");
    CHECK(backend_count(&live::BackendCounters::srv_abrt) == 1);
  }
  SECTION("client, after its end, while the server is silent") {
    client.end();
    CHECK(behind.ended());
    client.reset();
    CHECK(log_line() == "p/s CD 1/1/0/0/0 0/0");
  }
}

TEST_CASE_METHOD(Fixture, "what the server said before it reset still reaches the client") {
  start();
  Peer client = this->client(), behind = server.accept();
  behind.say("last words");
  CHECK(client.hear(10) == "last words");
  behind.reset();
  CHECK(client.ended());
}

TEST_CASE_METHOD(Fixture, "silence ends a session by the shorter time, and says whose") {
  SECTION("client") {
    proxy.timeouts.client = model::Milliseconds{100};
    start();
    Peer client = this->client(), behind = server.accept();
    CHECK(behind.ended());
    behind.close();
    CHECK(client.ended());
    CHECK(log_line() == "p/s cD 1/1/0/0/0 0/0");
  }
  SECTION("server") {
    proxy.timeouts.server = model::Milliseconds{100};
    start();
    Peer client = this->client(), behind = server.accept();
    CHECK(client.ended());
    client.close();
    CHECK(behind.ended());
    CHECK(log_line() == "p/s sD 1/1/0/0/0 0/0");
  }
  SECTION("tunnel takes the place of both") {
    proxy.timeouts.client = proxy.timeouts.server = model::Milliseconds{1};
    proxy.timeouts.tunnel = model::Milliseconds{100};
    start();
    Peer client = this->client(), behind = server.accept();
    CHECK(client.ended());
    CHECK(log_line() == "p/s cD 1/1/0/0/0 0/0");
  }
}

TEST_CASE_METHOD(Fixture, "activity postpones the end") {
  proxy.timeouts.client = proxy.timeouts.server = model::Milliseconds{300};
  start();
  Peer client = this->client(), behind = server.accept();
  const base::Instant begin = base::now();
  while (base::now() - begin < std::chrono::milliseconds{700}) {
    REQUIRE(client.say("x"));
    REQUIRE(behind.hear(1) == "x");
  }
  client.close();
  CHECK(behind.ended());
}

TEST_CASE_METHOD(Fixture, "a peer that does not take its bytes is given up") {
  SECTION("client") {
    proxy.timeouts.client = model::Milliseconds{200};
    start();
    Peer client = this->client(), behind = server.accept();
    std::thread flood([&] { behind.say(pattern(30'000'000)); });
    CHECK(log_line() == "p/s cD 1/1/0/0/0 0/0");
    flood.join();
  }
  SECTION("server") {
    proxy.timeouts.server = model::Milliseconds{200};
    start();
    Peer client = this->client(), behind = server.accept();
    std::thread flood([&] { client.say(pattern(30'000'000)); });
    CHECK(log_line() == "p/s sD 1/1/0/0/0 0/0");
    flood.join();
  }
}

TEST_CASE_METHOD(Fixture, "after an end was passed on, the -fin time counts") {
  SECTION("client-fin, for a client that stays") {
    proxy.timeouts.client_fin = model::Milliseconds{100};
    start();
    Peer client = this->client(), behind = server.accept();
    behind.end();
    CHECK(client.ended());
    CHECK(log_line() == "p/s cD 1/1/0/0/0 0/0");
  }
  SECTION("server-fin, for a server that stays") {
    proxy.timeouts.server_fin = model::Milliseconds{100};
    start();
    Peer client = this->client(), behind = server.accept();
    client.end();
    CHECK(client.ended());
    CHECK(log_line() == "p/s sD 1/1/0/0/0 0/0");
  }
}

TEST_CASE_METHOD(Fixture, "a refused connection is retried, and counted once as an error") {
  server.stop();
  proxy.backend->retries = 2;
  proxy.timeouts.connect = model::Milliseconds{50};
  start();
  Peer client = this->client();
  client.say("x");
  CHECK(client.ended());
  CHECK(log_line() == "p/s SC 1/1/0/0/2 0/0");
  CHECK(backend_count(&live::BackendCounters::econ) == 1);
  CHECK(backend_count(&live::BackendCounters::wretr) == 2);
  CHECK(backend_count(&live::BackendCounters::connect) == 3);
  CHECK(backend_count(&live::BackendCounters::lbtot) == 1);
}

TEST_CASE_METHOD(Fixture, "with redispatch another server takes over at once") {
  Server other;
  server.stop();
  add_server(other.address(), "t");
  proxy.backend->redispatch = true;
  proxy.backend->redispatch_interval = -1;
  start();
  Peer client = this->client();
  client.say("hello");
  Peer behind = other.accept();
  CHECK(behind.hear(5) == "hello");
  client.close();
  behind.close();
  CHECK(log_line() == "p/t -- 1/1/0/0/+1 0/0");
  CHECK(backend_count(&live::BackendCounters::wredis) == 1);
  CHECK(backend().find("s")->counters.sum(&live::ServerCounters::wredis) == 1);
  CHECK(backend_count(&live::BackendCounters::lbtot) == 2);
}

TEST_CASE_METHOD(ProxyFixture, "a server that does not answer costs the connect timeout, each time") {
  Server busy(0);
  std::vector<Peer> fill;
  for (int i = 0; i < 2; ++i) {
    fill.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    ::connect(fill.back().fd.get(), busy.address().data(), busy.address().size());
  }
  add_server(busy.address());
  proxy.timeouts.connect = model::Milliseconds{100};
  proxy.backend->retries = 1;
  start();
  SECTION("until the retries are used up") {
    CHECK(client().ended());
    CHECK(log_line() == "p/s sC 1/1/0/0/1 0/0");
  }
  SECTION("unless the client is gone") {
    Peer impatient = client();
    CHECK(eventually([&] { return backend_count(&live::BackendCounters::connect) == 1; }));
    impatient.reset();
    CHECK(log_line() == "p/s CD 1/1/0/0/0 0/0");
  }
  SECTION("or has ended without a word") {
    Peer quiet = client();
    CHECK(eventually([&] { return backend_count(&live::BackendCounters::connect) == 1; }));
    quiet.end();
    CHECK(log_line() == "p/s CC 1/1/0/0/0 0/0");
  }
}

TEST_CASE_METHOD(ProxyFixture, "without a server to choose the client is turned away") {
  start();
  Peer client = this->client();
  CHECK(client.ended());
  CHECK(log_line() == "p/<NOSRV> SC 1/1/0/0/0 0/0");
}

TEST_CASE_METHOD(Fixture, "who finds a server full waits for a slot") {
  proxy.backend->servers[0].maxconn = 1;
  SECTION("and gets it") {
    start();
    Peer first = client(), behind = server.accept(), second = client();
    second.say("me too");
    CHECK(eventually([&] { return backend().total_queue() == 1; }));
    first.close();
    behind.close();
    Peer next = server.accept();
    CHECK(next.hear(6) == "me too");
    CHECK(log_line().starts_with("p/s --"));
    second.close();
    next.close();
    CHECK(log_line().starts_with("p/s --"));
  }
  SECTION("or gives up after the queue timeout") {
    proxy.timeouts.queue = model::Milliseconds{50};
    start();
    Peer first = client(), behind = server.accept(), second = client();
    CHECK(second.ended());
    CHECK(log_line().starts_with("p/<NOSRV> sQ 2/2/1/0/0"));
    CHECK(backend().total_queue() == 0);
  }
}

TEST_CASE_METHOD(Fixture, "a session can be ended from outside") {
  start();
  Peer client = this->client(), behind = server.accept();
  client.say("x");
  behind.hear(1);
  SECTION("all that match") {
    stream::Census(*workers).kill_where(
        [&](const stream::Stream& each) { return each.server() == backend().find("s"); }, stream::Kill::server_down);
    CHECK(client.ended());
    CHECK(log_line() == "p/s D- 1/1/0/0/0 0/0");
  }
  SECTION("by its id, as described") {
    net::Loop control;
    std::vector<stream::StreamDescription> all;
    bool answered = false;
    stream::Census(*workers).describe_all({}, control, [&](std::vector<stream::StreamDescription> found) {
      all = std::move(found);
      answered = true;
    });
    while (!answered) control.run_once(base::Milliseconds{100});
    REQUIRE(all.size() == 1);
    CHECK(all[0].state == "established");
    CHECK(all[0].server == "s");
    bool found = false;
    answered = false;
    stream::Census(*workers).kill(all[0].id, stream::Kill::operator_, control, [&](bool it) { found = answered = it; });
    while (!answered) control.run_once(base::Milliseconds{100});
    CHECK(found);
    CHECK(client.ended());
    CHECK(log_line() == "p/s K- 1/1/0/0/0 0/0");
  }
}

TEST_CASE_METHOD(Fixture, "a client's PROXY header names it to the server in turn") {
  proxy.frontend->binds[0].accept_proxy = true;
  proxy.backend->servers[0].proxy_header.bits = model::ProxyHeaderOptions::v1;
  start();
  Peer client = this->client();
  SECTION("when it is good") {
    client.say("PROXY TCP4 1.2.3.4 5.6.7.8 1000 2000\r\nhello");
    CHECK(server.accept().hear(43) == "PROXY TCP4 1.2.3.4 5.6.7.8 1000 2000\r\nhello");
  }
  SECTION("and without a good one there is no session") {
    client.say("hello world, no header");
    CHECK(client.ended());
    CHECK(eventually([&] { return workers->sessions() == 0; }));
    CHECK(frontend().counters.sum(&live::FrontendCounters::conn_tot) == 1);
    CHECK(frontend().counters.sum(&live::FrontendCounters::stot) == 0);
    CHECK(frontend().current_sessions() == 0);
  }
}
