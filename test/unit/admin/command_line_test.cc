#include "admin/command_line.h"

#include <catch2/catch.hpp>

using namespace ddbproxy::admin;

TEST_CASE("a command is cut into words at blanks") {
  CHECK(split_command("show  stat\t-1 ") == Words{"show", "stat", "-1"});
  CHECK(split_command("") == Words{});
}

TEST_CASE("a backslash takes blanks, semicolons and backslashes into a word") {
  CHECK(split_command(R"(a\ b c\;d e\\f)") == Words{"a b", "c;d", R"(e\f)"});
  CHECK(split_command(R"(a\)") == Words{"a"});
}

TEST_CASE("quotes and comment signs mean nothing in a command of the runtime API") {
  CHECK(split_command(R"("a b" #c)") == Words{"\"a", "b\"", "#c"});
}

TEST_CASE("a command ends at a newline or a semicolon that no backslash hides") {
  CHECK(end_of_command("ab\ncd") == 2);
  CHECK(end_of_command("ab;cd\n") == 2);
  CHECK(end_of_command("ab\\\ncd\n") == 6);
  CHECK(end_of_command("ab\\;cd;") == 6);
  CHECK(end_of_command("ab") == std::string_view::npos);
  CHECK(end_of_command("ab\\") == std::string_view::npos);
}

TEST_CASE("a zero byte ends the command, and words beyond the limit are left out") {
  CHECK(split_command(std::string_view("ab\0cd", 5)) == Words{"ab"});
  std::string command;
  for (size_t i = 0; i < most_words + 10; ++i) command += "x ";
  CHECK(split_command(command).size() == most_words);
}

TEST_CASE("only a << at the very end announces a payload") {
  std::string_view with = "add map x <<", apart = "add map x << ", named = "add map x <<EOF";
  CHECK(take_payload_mark(with));
  CHECK(with == "add map x ");
  CHECK_FALSE(take_payload_mark(apart));
  CHECK_FALSE(take_payload_mark(named));
}
