// Lines that begin with a dot (manual 2.4): conditional blocks and messages of the configuration itself.
#pragma once

#include <vector>

#include "config/context.h"
#include "config/line.h"

namespace ddbproxy::config {

/// One file's conditional blocks: they may not cross its end.
class Directives {
 public:
  /// What becomes of the file after a directive.
  enum class Next : uint8_t {
    go_on,
    stop,      ///< no further line is read; other files are
    stop_all,  ///< no further line of any file is read
    abort,     ///< the same, and what is still open is not reported
  };

  explicit Directives(Context& context) : context_(context) {}

  static bool is_directive(const Line& line) { return line.peek().starts_with('.'); }
  Next read(Line& line);
  /// Whether the lines here stand in a branch that is not taken.
  bool skipping() const { return !blocks_.empty() && blocks_.back() != Block::taking; }
  /// Whether a `.if` still waits for its `.endif`.
  bool open() const { return !blocks_.empty(); }

 private:
  enum class Block : uint8_t {
    taking,   // this branch is the one
    waiting,  // none was yet
    taken,    // an earlier one was, or the block stands in a branch that is not taken
  };
  struct Row;
  static const Row rows[];

  Next if_(Line& line);
  Next elif (Line& line);
  Next else_(Line& line);
  Next endif(Line& line);
  Next notice(Line& line);
  Next warning(Line& line);
  Next alert(Line& line);
  Next diag(Line& line);

  Next say(Line& line, Severity severity);
  Next fail(Line& line, std::string_view text, Next next, size_t index = 0);
  /// False, after a report, when words stand behind a directive that takes none.
  bool takes_no_words(Line& line);
  /// Reads the line's condition and sets the innermost block.
  Next decide(Line& line);

  Context& context_;
  std::vector<Block> blocks_;
  std::vector<bool> else_seen_;
};

}  // namespace ddbproxy::config
