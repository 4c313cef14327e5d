#include "config/suggest.h"

#include <catch2/catch.hpp>

using namespace ddbproxy::config;

namespace {

std::string_view nearest(std::string_view word) {
  Suggestion suggestion(word);
  for (const char* candidate : {"bind", "default_backend", "maxconn", "mode", "node", "server", "timeout", "user"})
    suggestion.consider(candidate);
  return suggestion.best();
}

}  // namespace

TEST_CASE("a misspelt word is near what it was meant to be") {
  CHECK(nearest("maxcon") == "maxconn");
  CHECK(nearest("bnd") == "bind");
  CHECK(nearest("tiemout") == "timeout");
  CHECK(nearest("default_backnd") == "default_backend");
  CHECK(nearest("usr") == "user");
}

TEST_CASE("a word like no other has no suggestion") {
  CHECK(nearest("xyzzy").empty());
  CHECK(nearest("no").empty());
  CHECK(nearest("").empty());
  CHECK(nearest(std::string(3000, 'x')).empty());
}
