#include "admin/command_line.h"

#include <catch2/catch.hpp>

using namespace ddbproxy::admin;

TEST_CASE("a line is cut into commands at semicolons and into words at blanks") {
  CHECK(split_line("show  stat\t-1 ;show info") == std::vector<Words>{{"show", "stat", "-1"}, {"show", "info"}});
  CHECK(split_line("") == std::vector<Words>{{}});
  CHECK(split_line(";show info;") == std::vector<Words>{{}, {"show", "info"}, {}});
}

TEST_CASE("a backslash takes blanks, semicolons and backslashes into a word") {
  CHECK(split_line(R"(a\ b c\;d e\\f)") == std::vector<Words>{{"a b", "c;d", R"(e\f)"}});
  CHECK(split_line(R"(a\)") == std::vector<Words>{{"a"}});
}

TEST_CASE("quotes and comment signs mean nothing in a line of the runtime API") {
  CHECK(split_line(R"("a b" #c)") == std::vector<Words>{{"\"a", "b\"", "#c"}});
}

TEST_CASE("a line ends at a newline that no backslash hides") {
  CHECK(end_of_line("ab\ncd") == 2);
  CHECK(end_of_line("ab\\\ncd\n") == 6);
  CHECK(end_of_line("ab") == std::string_view::npos);
  CHECK(end_of_line("ab\\") == std::string_view::npos);
}

TEST_CASE("a zero byte ends the line, and words beyond the limit are left out") {
  CHECK(split_line(std::string_view("ab\0cd", 5)) == std::vector<Words>{{"ab"}});
  std::string line;
  for (size_t i = 0; i < most_words + 10; ++i) line += "x ";
  CHECK(split_line(line)[0].size() == most_words);
}

TEST_CASE("only a << at the very end announces a payload") {
  std::string_view with = "add map x <<", apart = "add map x << ", named = "add map x <<EOF";
  CHECK(take_payload_mark(with));
  CHECK(with == "add map x ");
  CHECK_FALSE(take_payload_mark(apart));
  CHECK_FALSE(take_payload_mark(named));
}
