// The patterns of `acl` lines: words, or files (manual 7.1).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/context.h"
#include "sample/pattern.h"

namespace ddbproxy::sample {
class PatternList;
class PatternSet;
}  // namespace ddbproxy::sample

namespace ddbproxy::config {

/// The flags of a line.
struct PatternOptions {
  bool ignore_case = false;  ///< -i
  bool no_names = false;     ///< -n
  bool map = false;          ///< -M: a file is a map, of which the keys count
};

class PatternReader {
 public:
  PatternReader(Context& context, sample::Match match, const PatternOptions& options)
      : context_(context), match_(match), options_(options) {}

  /// Null, and why in haproxy's words.
  std::shared_ptr<const sample::PatternSet> file(std::string_view name, std::string& error);
  /// The same, of the words behind an ACL's keyword; `wrong` is then the word's place. `id`: -u.
  std::shared_ptr<const sample::PatternSet> words(std::span<const std::string_view> words, std::string_view keyword,
                                                  std::optional<uint32_t> id, std::string& error, size_t& wrong);
  /// What the file has that was read last.
  std::vector<std::string> patterns() const;

 private:
  std::shared_ptr<const sample::PatternSet> compile(sample::PatternList& list, std::string& error);

  Context& context_;
  sample::Match match_;
  PatternOptions options_;
  std::shared_ptr<sample::PatternList> file_;
};

}  // namespace ddbproxy::config
