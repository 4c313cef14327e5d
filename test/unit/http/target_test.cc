// The parts of targets, each as haproxy 2.6 tells it.
#include "http/target.h"

#include <catch2/catch.hpp>

namespace ddbproxy::http {

TEST_CASE("a path begins with a slash, or behind the host") {
  CHECK(path_of("/a/b?c?d") == "/a/b");
  CHECK(path_and_query("/a/b?c?d") == "/a/b?c?d");
  CHECK(path_of("http://host:80/a?b") == "/a");
  CHECK(path_of("h+t.p-1://a/b") == "/b");
  CHECK(path_of("http:///x") == "/x");
  CHECK(path_of("//host/a") == "//host/a");
  for (const char* none : {"", "*", "a", "host:80", "a:b/c", "http://host", "http://host?a/b", "http:/a", "://a/b",
                           "1h://a/b", "h_p://a/b"}) {
    CAPTURE(none);
    CHECK(path_of(std::string_view(none).substr(0, std::string_view(none).find('?'))).empty());
  }
  CHECK(query_of("/a?b?c") == "b?c");
  CHECK(query_of("/a?") == "");
  CHECK(query_of("/a") == std::nullopt);
}

TEST_CASE("a target and a Host header name the same host and port") {
  const auto fits = [](std::string_view target, std::string_view host) { return fits_host("GET", target, host); };
  for (const char* any : {"/", "*", "//x/", "http:///"}) CHECK(fits(any, "whatever"));
  for (const char* host : {"h", "H", "h:", "h:80"}) {
    CAPTURE(host);
    CHECK(fits("http://h/", host));
    CHECK(fits("http://h:/", host));
    CHECK(fits("http://u:p@h:80/x", host));
    CHECK_FALSE(fits("http://g/", host));
    CHECK_FALSE(fits("http://h?x", host));
    CHECK_FALSE(fits("http:/h", host));
  }
  CHECK(fits("https://h:443/", "h"));
  CHECK_FALSE(fits("https://h:80/", "h"));
  CHECK_FALSE(fits("http://h/", ""));
  CHECK(fits("http://[::1]:80/", "[::1]"));
  CHECK_FALSE(fits("ftp://h:80/", "h"));
  CHECK(fits("ftp://h:80/", "h:80"));
  CHECK(fits("h/x", "h"));
  CHECK_FALSE(fits("h", "h:80"));
}

TEST_CASE("CONNECT names a port, and that of its Host may be left out when it is a usual one") {
  const auto fits = [](std::string_view target, std::string_view host) { return fits_host("CONNECT", target, host); };
  CHECK(fits("h:80", "h"));
  CHECK(fits("h:443", "h:"));
  CHECK(fits("h:81", "h:81"));
  CHECK_FALSE(fits("h:81", "h"));
  CHECK_FALSE(fits("h:80", "h:443"));
  for (const char* none : {"h", "h:", "/", "*", "http://h/"}) CHECK_FALSE(fits(none, "h"));
}

TEST_CASE("parameters are told apart by '&', ';' and the mark that they begin with") {
  const auto value = [](std::string_view target, std::string_view name, char mark = '?') {
    return Parameters(target, mark).next(name);
  };
  CHECK(value("/?b=1&a=2", "a") == "2");
  CHECK(value("/?b=1;a=2?c", "a") == "2");
  CHECK(value("/?a==1", "a") == "=1");
  CHECK(value("/?a=", "a") == "");
  CHECK(value("/?a&ab=1&A=2", "a") == std::nullopt);
  CHECK(value("/?a&=1", "") == "1");
  CHECK(value("/x;a=1?a=2", "a", ';') == "1?a=2");
  CHECK(value("/x?b=1&a=2", "a", '&') == "2");
  CHECK(value("/x", "", '?') == std::nullopt);
  CHECK(value("", "") == std::nullopt);
  Parameters all("/?a=1&b=2&a=3", '?');
  CHECK(all.next("a") == "1");
  CHECK(all.next("a") == "3");
  CHECK(all.next("a") == std::nullopt);
}

TEST_CASE("a target without the host in front of it") {
  CHECK(without_host("/stats?a=http://x/y") == "/stats?a=http://x/y");
  CHECK(without_host("http://host:80/stats?a") == "/stats?a");
  CHECK(without_host("*") == "*");
  // As in haproxy 2.6: where there is no path, there is no page at "/".
  CHECK(without_host("http://host").empty());
}

}  // namespace ddbproxy::http
