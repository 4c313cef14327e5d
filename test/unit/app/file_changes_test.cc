#include "app/file_changes.h"

#include <catch2/catch.hpp>

#include "app/restart_needs.h"

using ddbproxy::SourceFile;
using namespace ddbproxy::app;

namespace {

std::vector<std::string> changes(const char* before, const char* after,
                                 const std::vector<ddbproxy::live::ServerChanges>& servers = {}) {
  const auto file = [](const char* text) {
    return Sources{std::make_shared<const SourceFile>(SourceFile{"haproxy.cfg", text})};
  };
  return file_changes(file(before), file(after), servers);
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("lines are compared and not how they are written") {
  CHECK(changes("frontend fe # main\n\tmode   tcp\n\n  bind :80", "frontend fe\n  bind :80\n  mode tcp # as ever\n")
            .empty());
  CHECK(changes("listen l\n bind :80\n", "listen l\n bind :80\n bind :81") == Texts{"listen l: bind :81 added"});
  CHECK(changes("listen l\n bind :80\n bind :80\n", "listen l\n bind :80") == Texts{"listen l: bind :80 removed"});
}

TEST_CASE("a comment's sign in quotes begins none") {
  CHECK(changes("listen l\n description 'a # b'", "listen l\n description 'a # c'") ==
        Texts{"listen l: description 'a # b' -> 'a # c'"});
  CHECK(changes("listen l\n description \"it's # b\"", "listen l\n description \"it's # b\" # more").empty());
}

TEST_CASE("a value that is another is shown with the one before") {
  CHECK(changes("frontend fe\n timeout client 1m\n maxconn 5", "frontend fe\n timeout client 1h\n maxconn 6") ==
        Texts{"frontend fe: timeout client 1m -> 1h, maxconn 5 -> 6"});
  CHECK(changes("backend be\n option tcpka", "backend be\n no option tcpka") ==
        Texts{"backend be: no option tcpka added, option tcpka removed"});
}

TEST_CASE("servers are told by their names") {
  const std::vector<ddbproxy::live::ServerChanges> moved{
      {.backend = "be", .added = {"two"}, .removed = {{.name = "one", .sessions = 12}}}};
  CHECK(changes("backend be\n server one :1 check", "backend be\n server two :2", moved) ==
        Texts{"backend be: server two added, server one removed (12 sessions go on)"});
  CHECK(changes("backend be\n server one :1 check", "backend be\n server one :2 check") ==
        Texts{"backend be: server one :1 check -> :2 check"});
}

TEST_CASE("a section may say more than its name, and stand in several places") {
  CHECK(changes("frontend fe from a\n bind :1", "frontend fe from b\n bind :1") ==
        Texts{"frontend fe: frontend fe from a -> fe from b"});
  CHECK(changes("global\n daemon\nlisten l\n bind :1\nglobal\n maxconn 5",
                "global\n daemon\n maxconn 6\nlisten l\n bind :1") == Texts{"global: maxconn 5 -> 6"});
}

TEST_CASE("sections come and go") {
  CHECK(changes("listen a\n bind :1\nlisten b\n bind :2", "listen b\n bind :2\nlisten c\n bind :3") ==
        Texts{"listen c added", "listen a removed"});
  CHECK(changes("defaults\n retries 1\ndefaults\n retries 2", "defaults\n retries 1\ndefaults\n retries 3") ==
        Texts{"defaults (2): retries 2 -> 3"});
}

TEST_CASE("passwords are not shown") {
  CHECK(changes("userlist u\n user a password x", "userlist u\n user a password y") ==
        Texts{"userlist u: user changed"});
  CHECK(changes("listen s\n stats auth a:x", "listen s\n stats auth a:y") == Texts{"listen s: stats auth changed"});
  CHECK(changes("global\n nbthread 1", "global\n nbthread 1\n setenv KEY secret") == Texts{"global: setenv added"});
}

TEST_CASE("what only a new process can change is named") {
  ddbproxy::model::Model before, after;
  CHECK(restart_needs(before, after, true).empty());
  after.global.nbthread = 3;
  after.global.uid = 5;
  after.global.maxconn = 7;  // this can be changed
  CHECK(restart_needs(before, after, true) == Texts{"nbthread", "user"});
  after.global.reload_on_change = true;
  CHECK(restart_needs(before, after, true) == Texts{"nbthread", "user", "reload-on-change"});
  CHECK(restart_needs(before, after, false) == Texts{"nbthread", "user"});
}
