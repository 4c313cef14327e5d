// Clients of an HTTP listener, the well-behaved and the others, each on a real connection.
#include "http/http_stream.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <thread>

#include "../stream/proxy_fixture.h"
#include "base/text.h"

using namespace ddbproxy;

namespace {

constexpr size_t piece_size = 10'000, pieces = 2000;

/// A body of twenty megabytes that counts how many of its pieces were asked for.
class LongBody : public http::Body {
 public:
  explicit LongBody(std::atomic<size_t>& made) : made_(made) {}
  bool next(std::string& out) override {
    out.append(piece_size, 'x');
    return ++made_ < pieces;
  }

 private:
  std::atomic<size_t>& made_;
};

/// Answers "/long" with a long body and everything else below "/" with the request's own words.
class Echo : public http::Responder {
 public:
  const model::Proxy* wants(const live::FrontendConfig& frontend, const http::Request& request) const override {
    return request.target() == "/nobody" ? nullptr : &frontend.proxy;
  }
  http::Response respond(const model::Proxy&, const http::Request& request) override {
    http::Response response;
    if (request.target() == "/long") {
      response.body = std::make_unique<LongBody>(made);
      return response;
    }
    response.text = fmt::format("{} {} {}", request.method(), request.target(), request.body);
    response.headers = {{"content-length", std::to_string(response.text.size())}};
    return response;
  }
  std::atomic<size_t> made{0};
};

struct HttpFixture : test::ProxyFixture {
  HttpFixture() {
    proxy.mode = model::Mode::http;
    proxy.timeouts.http_request = model::Milliseconds{20'000};
    factories[static_cast<size_t>(model::Mode::http)] = http::http_streams({control, {&echo}});
  }
  ~HttpFixture() {
    if (workers) workers->stop();
    control.stop();
    control_thread.join();
  }
  test::Peer client_after(std::string_view words) {
    if (!state) start();
    test::Peer peer = client();
    REQUIRE(peer.say(words));
    return peer;
  }
  bool nobody_left() {
    return test::eventually([this] { return workers->sessions() == 0; });
  }
  Echo echo;
  net::Loop control;
  std::thread control_thread{[this] { control.run(); }};
};

bool closes(const std::string& answer) { return answer.find("onnection: close\r\n") != std::string::npos; }

}  // namespace

TEST_CASE_METHOD(HttpFixture, "a request that comes letter by letter is answered like any other") {
  const test::Peer peer = client_after("");
  for (char c : std::string_view("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) REQUIRE(peer.say({&c, 1}));
  const std::string answer = peer.hear();
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(answer.ends_with("\r\n\r\nGET /a "));
  CHECK(nobody_left());
}

TEST_CASE_METHOD(HttpFixture, "requests sent at once are answered in their order, on one connection") {
  const test::Peer peer = client_after(
      "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
      "GET /3 HTTP/1.1\r\nConnection: close\r\n\r\n");
  const std::string answer = peer.hear();
  const size_t first = answer.find("GET /1 "), second = answer.find("POST /2 abc"), third = answer.find("GET /3 ");
  REQUIRE(third != std::string::npos);
  CHECK(first < second);
  CHECK(second < third);
  CHECK(base::split(answer, '\n').front() == "HTTP/1.1 200 OK\r");
  CHECK(nobody_left());
}

TEST_CASE_METHOD(HttpFixture, "an answer to HEAD has the length of the body and no body") {
  const std::string answer = client_after("HEAD /a HTTP/1.1\r\nConnection: close\r\n\r\n").hear();
  CHECK(answer.find("content-length: 8\r\n") != std::string::npos);
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE_METHOD(HttpFixture, "a request that nobody wants gets 503") {
  const std::string answer = client_after("GET /nobody HTTP/1.1\r\nConnection: close\r\n\r\n").hear();
  CHECK(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
}

TEST_CASE_METHOD(HttpFixture, "garbage gets 400 and a close") {
  const std::string answer = client_after(std::string("\x16\x03\x01\0\xff\xfe\r\n\r\n", 10)).hear();
  CHECK(answer.starts_with("HTTP/1.1 400 Bad request\r\n"));
  CHECK(closes(answer));
  CHECK(nobody_left());
}

TEST_CASE_METHOD(HttpFixture, "a header longer than a buffer gets 400, and is not kept") {
  const test::Peer peer = client_after("GET / HTTP/1.1\r\nX: " + std::string(100'000, 'a'));
  const std::string answer = peer.hear();
  CHECK(answer.starts_with("HTTP/1.1 400 Bad request\r\n"));
  CHECK(closes(answer));
  CHECK(nobody_left());
}

TEST_CASE_METHOD(HttpFixture, "half a request gets 408 once its time is over") {
  proxy.timeouts.http_request = model::Milliseconds{50};
  const std::string answer = client_after("GET / HT").hear();
  CHECK(answer.starts_with("HTTP/1.1 408 Request Time-out\r\n"));
  CHECK(closes(answer));
  CHECK(nobody_left());
}

TEST_CASE_METHOD(HttpFixture, "half a request and an end gets 400") {
  const test::Peer peer = client_after("GET / HT");
  peer.end();
  CHECK(peer.hear().starts_with("HTTP/1.1 400 Bad request\r\n"));
  CHECK(nobody_left());
}

TEST_CASE_METHOD(HttpFixture,
                 "a connection kept for the next request is closed without a word when that does not come") {
  proxy.timeouts.http_keep_alive = model::Milliseconds{50};
  const std::string answer = client_after("GET /a HTTP/1.1\r\n\r\n").hear();
  CHECK(answer.ends_with("\r\n\r\nGET /a "));
  CHECK_FALSE(closes(answer));
  CHECK(nobody_left());
}

TEST_CASE_METHOD(HttpFixture, "of a long answer only what the client takes is made") {
  const test::Peer peer = client_after("GET /long HTTP/1.1\r\nConnection: close\r\n\r\n");
  // What the two sockets hold, and then nothing more until somebody reads.
  REQUIRE(test::eventually([&] { return echo.made > 0; }));
  size_t before = 0;
  REQUIRE(test::eventually([&] { return std::exchange(before, echo.made) == echo.made; }));
  CHECK(echo.made < pieces);
  const std::string answer = peer.hear();
  CHECK(echo.made == pieces);
  CHECK(answer.size() > pieces * piece_size);
  CHECK(answer.ends_with("\r\n0\r\n\r\n"));
  CHECK(nobody_left());
}

TEST_CASE_METHOD(HttpFixture, "a client that goes in the middle of a long answer takes everything of it along") {
  test::Peer peer = client_after("GET /long HTTP/1.1\r\n\r\n");
  REQUIRE(peer.hear(50'000).size() == 50'000);
  peer.reset();
  CHECK(nobody_left());
  CHECK(echo.made < pieces);
}

TEST_CASE_METHOD(HttpFixture, "a client that takes nothing of an answer is left when its time is over") {
  proxy.timeouts.client = model::Milliseconds{50};
  const test::Peer peer = client_after("GET /long HTTP/1.1\r\n\r\n");
  CHECK(nobody_left());
  CHECK(echo.made < pieces);
}
