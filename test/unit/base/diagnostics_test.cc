#include <catch2/catch.hpp>
#include <string>

#include <ddbproxy/diagnostics.h>

#include "base/display.h"

using namespace ddbproxy;

namespace {

/// The caret's line of an excerpt, behind its frame.
std::string caret_under(const std::string& line, uint32_t column, uint32_t length) {
  Diagnostics diagnostics;
  const SourceFile& file = diagnostics.keep({"f.cfg", line + "\n"});
  const std::string text =
      render(diagnostics.add(Severity::alert, {&file, 1, column, length}, "text"), {.source_line = true});
  const size_t frame = text.rfind("| ");
  return text.substr(frame + 2);
}

}  // namespace

TEST_CASE("a caret stands under its word behind tabs, wide characters and bytes that are none") {
  CHECK(caret_under("  word", 3, 4) == "  ^^^^\n");
  CHECK(caret_under("\tword", 2, 4) == " ^^^^\n");
  CHECK(caret_under("\xe4\xb8\xad\xe6\x96\x87 word", 8, 4) == "     ^^^^\n");
  CHECK(caret_under("\xc3\xa9 \xe4\xb8\xad", 4, 3) == "  ^^\n");
  CHECK(caret_under("\xff word", 3, 4) == "  ^^^^\n");
  CHECK(caret_under("word", 5, 1) == "    ^\n");
  CHECK(base::displayed("a\x1b[1m\tb\xff\xe4\xb8\xad\xe2\x80\x8b") == "a?[1m b?\xe4\xb8\xad?");
}

TEST_CASE("the column and what may help stand behind the sentence, which stays as it is") {
  Diagnostics diagnostics;
  const SourceFile& file = diagnostics.keep({"f.cfg", "one two\n"});
  Diagnostic& placed = diagnostics.add(Severity::alert, {&file, 1, 5, 3}, "parsing [f.cfg:1] : no 'two'.");
  CHECK(render(placed, {}) == "parsing [f.cfg:1] : no 'two'.\n");
  CHECK(render(placed, {.column = true}) == "parsing [f.cfg:1] : no 'two'. (column 5)\n");
  placed.suggestion = "tow";
  placed.hint = "a hint";
  CHECK(render(placed, {.column = true}) == "parsing [f.cfg:1] : no 'two'. (column 5; did you mean 'tow' ?; a hint)\n");
  Diagnostic& elsewhere = diagnostics.add(Severity::warning, {&file, 1, 1, 3}, "missing timeouts.");
  CHECK(render(elsewhere, {.column = true}) == "missing timeouts. (f.cfg:1, column 1)\n");
  Diagnostic& whole = diagnostics.add(Severity::alert, {&file}, "Error(s) found.");
  CHECK(render(whole, {.column = true}) == "Error(s) found.\n");
}

TEST_CASE("JSON has sentences without places, no summaries, and no bytes that are not UTF-8") {
  Diagnostics diagnostics;
  const SourceFile& file = diagnostics.keep({"f.cfg", "one \xff\n"});
  diagnostics.add(Severity::alert, {&file, 1, 5, 1}, "parsing [f.cfg:1] : parsing [f.cfg:1] : no '\xff'.");
  diagnostics.add(Severity::alert, {&file, 1}, "[f.cfg:1] : a line:\n  one\n    ^").sentence = 18;
  diagnostics.add(Severity::alert, {&file}, "Error(s) found in configuration file : f.cfg");
  diagnostics.add(Severity::alert, {}, "Fatal errors found in configuration.");
  CHECK(to_json(diagnostics) ==
        "{\"valid\":false,\"diagnostics\":[\n"
        "{\"severity\":\"alert\",\"file\":\"f.cfg\",\"line\":1,\"column\":5,\"length\":1,\"message\":\"no "
        "'\\ufffd'.\",\"suggestion\":\"\",\"hint\":\"\",\"notes\":[]},\n"
        "{\"severity\":\"alert\",\"file\":\"f.cfg\",\"line\":1,\"column\":1,\"length\":5,\"message\":\"a line\","
        "\"suggestion\":\"\",\"hint\":\"\",\"notes\":[]}]}\n");
}
