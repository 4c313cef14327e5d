// Reads the words behind `tcp-check expect` and `http-check expect`.
#pragma once

#include <optional>

#include "config/check_reader.h"

namespace ddbproxy::config {

class ExpectReader {
 public:
  ExpectReader(Line& line, ScriptKind kind) : line_(line), kind_(kind) {}
  /// Empty after a report.
  std::optional<model::CheckStep> read();

 private:
  bool read_word();
  bool read_match(std::string_view word, size_t at);
  bool read_pattern(model::CheckExpect::Match match);
  bool read_codes(std::string_view text);
  bool read_header(std::string_view word);
  bool read_header_pattern(std::string_view word, model::CheckHeaderPattern& pattern, bool format);
  bool read_status(std::string_view word);
  bool read_words(model::CheckWords& words);
  bool compile(std::string_view pattern, std::shared_ptr<const base::Regex>& regex, bool ignore_case = false);
  /// Reports "'tcp-check expect' : text"; always false.
  bool fail(std::string_view text, size_t at = Line::last_taken);
  bool missing(std::string_view word, std::string_view what);

  Line& line_;
  ScriptKind kind_;
  model::CheckStep step_{.kind = model::CheckStep::Kind::expect};
  bool has_pattern_ = false;
};

}  // namespace ddbproxy::config
