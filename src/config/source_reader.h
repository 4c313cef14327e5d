// Reads one file line by line: lexer, then directives, then sections; what is wrong with the file as such is said here.
#pragma once

#include <vector>

#include "config/context.h"
#include "config/directives.h"
#include "config/sections.h"

namespace ddbproxy::config {

/// One file's reading; the sections outlive it.
class SourceReader {
 public:
  SourceReader(const SourceFile& file, Context& context, SectionReader& sections)
      : file_(file), context_(context), sections_(sections), directives_(context) {}

  void run();

 private:
  /// False when no further line is to be read.
  bool read_line(std::string_view text);
  /// A byte order mark is an error; the line is read without it, so that the error is the only one.
  bool read_behind_mark(std::string_view text);
  /// `[name]` on a line of its own, which begins at `begin`, has no effect on anything that is read here: it may stand
  /// anywhere, even in a branch that is skipped, and is only judged.
  void read_scope(std::string_view text, size_t begin);
  void alert(std::string text, uint32_t column = 0);
  std::string place() const;

  const SourceFile& file_;
  Context& context_;
  SectionReader& sections_;
  Directives directives_;
  std::vector<Word> words_;  // reused from line to line
  uint32_t number_ = 0;      // of the line, from 1
  int bad_lines_ = 0;
  bool stop_all_ = false;  // no file after this one is read
};

}  // namespace ddbproxy::config
