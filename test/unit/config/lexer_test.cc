#include "config/lexer.h"

#include <catch2/catch.hpp>

using namespace ddbproxy::config;

namespace {

using Texts = std::vector<std::string>;

const ddbproxy::Environment environment{
    {"DDB_TEST_A", "value"}, {"DDB_TEST_EMPTY", ""}, {"DDB_TEST_LIST", "one  two three"}};

Texts texts_of(std::string_view line) {
  std::vector<Word> words;
  REQUIRE_FALSE(lex(line, words, environment));
  Texts texts;
  for (const Word& word : words) texts.push_back(word.text);
  return texts;
}

LexError error_of(std::string_view line) {
  std::vector<Word> words;
  return lex(line, words, environment);
}

}  // namespace

TEST_CASE("words stand between blanks, tabs and carriage returns") {
  CHECK(texts_of("  bind\t:80  \tname x\r") == Texts{"bind", ":80", "name", "x"});
  CHECK(texts_of(" \t\r").empty());
}

TEST_CASE("a comment begins anywhere outside quotes, even glued to a word") {
  CHECK(texts_of("maxconn 4#four") == Texts{"maxconn", "4"});
  CHECK(texts_of("# all").empty());
  CHECK(texts_of("a \\# '#' \"#\" # b") == Texts{"a", "#", "#", "#"});
}

TEST_CASE("quotes keep blanks, and words may be quoted in part") {
  CHECK(texts_of(R"(a"b c"d 'e f'"g")") == Texts{"ab cd", "e fg"});
  CHECK(texts_of(R"("" '')") == Texts{"", ""});
  CHECK(texts_of(R"('a\nb' "it's" 'say "x"')") == Texts{"a\\nb", "it's", "say \"x\""});
}

TEST_CASE("escapes stand for characters; any other backslash stands for itself") {
  CHECK(texts_of(R"(a\ b a\\b a\"b a\'b)") == Texts{"a b", "a\\b", "a\"b", "a'b"});
  CHECK(texts_of(R"(a\tb a\x41b a\zb a\)") == Texts{"a\tb", "aAb", "a\\zb", "a\\"});
  CHECK(texts_of(R"(a\$b "a\$b")") == Texts{"a\\$b", "a$b"});
  CHECK(texts_of(R"(a\x00b)") == Texts{"a"});
}

TEST_CASE("variables are replaced within weak quotes only") {
  CHECK(texts_of(R"($DDB_TEST_A '$DDB_TEST_A' "$DDB_TEST_A" "x${DDB_TEST_A}y")") ==
        Texts{"$DDB_TEST_A", "$DDB_TEST_A", "value", "xvaluey"});
  CHECK(texts_of(R"("${DDB_TEST_NONE-a b}" "${DDB_TEST_A-no}" "${DDB_TEST_EMPTY-no}" "$DDB_TEST_NONE")") ==
        Texts{"a b", "value", "", ""});
}

TEST_CASE("a list makes a word of each of its words, where they all stand in the line") {
  std::vector<Word> words;
  REQUIRE_FALSE(lex(R"(a "<${DDB_TEST_LIST[*]}>" b)", words, environment));
  REQUIRE(words.size() == 5);
  CHECK(words[1].text == "<one");
  CHECK(words[2].text == "two");
  CHECK(words[3].text == "three>");
  CHECK(words[2].column == 3);
  CHECK(words[2].length == 23);
  CHECK(texts_of(R"("${DDB_TEST_NONE[*]-x y}")") == Texts{"x", "y"});
}

TEST_CASE("each word knows its place in the line") {
  std::vector<Word> words;
  REQUIRE_FALSE(lex("  bind \"a b\"  x", words, environment));
  CHECK(words[0].column == 3);
  CHECK(words[0].length == 4);
  CHECK(words[1].column == 8);
  CHECK(words[1].length == 5);
  CHECK(words[2].column == 15);
}

TEST_CASE("an error tells where it is") {
  using Kind = LexError::Kind;
  CHECK(error_of(R"(a "b)").kind == Kind::quote);
  CHECK(error_of(R"(a "b)").at == 2);
  CHECK(error_of("a 'b").at == 2);
  CHECK(error_of(R"("${A")").kind == Kind::brace);
  CHECK(error_of(R"("${A")").at == 2);
  CHECK(error_of(R"("$1")").kind == Kind::first_char);
  CHECK(error_of(R"("$1")").at == 2);
  CHECK(error_of(R"("${A[1]}")").kind == Kind::expansion);
  CHECK(error_of(R"(a\x4g)").kind == Kind::hexadecimal);
  CHECK(error_of(R"(a\x4g)").at == 1);
}

TEST_CASE("64 words are a line, and blanks behind them are one too many") {
  std::string line = "w1";
  for (int i = 2; i <= 64; ++i) line += " w" + std::to_string(i);
  CHECK_FALSE(error_of(line));
  CHECK(error_of(line + " ").kind == LexError::Kind::too_many);
  line += " w65";
  std::vector<Word> words;  // the error names one of them
  const LexError error = lex(line, words, environment);
  CHECK(describe(error, line, "a.cfg:1") ==
        "parsing [a.cfg:1]: too many words, truncating after word 64, position 244: <w64>.");
}

TEST_CASE("a message shows the line around the error") {
  const std::string line = "\t log \"x\ty\xc3\xa9";
  CHECK(describe(error_of(line), line, "a.cfg:2") ==
        "parsing [a.cfg:2]: unmatched quote at position 7:\n  log \"x y??\n      ^");
  const std::string far = "log " + std::string(100, 'a') + "\"" + std::string(100, 'b');
  CHECK(describe(error_of(far), far, "a.cfg:2") == "parsing [a.cfg:2]: unmatched quote at position 105:\n  ..." +
                                                       std::string(37, 'a') + "\"" + std::string(36, 'b') + "...\n" +
                                                       std::string(42, ' ') + "^");
}
