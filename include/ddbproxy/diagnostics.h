// What a configuration's reader has to say: each message with its severity and its place.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ddbproxy {

/// As haproxy prints them, least grave first. An alert makes the configuration invalid, unless it is tolerated.
enum class Severity : uint8_t { diag, notice, warning, alert };

/// A file as it was read; kept for messages. Lines count from 1.
struct SourceFile {
  std::string name;  ///< As given on the command line.
  std::string text;
  /// Line `number` without its newline; empty when there is no such line.
  std::string_view line(uint32_t number) const;
};

/// A place in a source. Line 0 means the file as a whole; no file means no place at all.
struct Location {
  const SourceFile* file = nullptr;
  uint32_t line = 0;    ///< From 1.
  uint32_t column = 0;  ///< In bytes, from 1; 0 means the line as a whole.
  uint32_t length = 0;  ///< In bytes.

  /// "file:line", as the messages name a place.
  std::string file_and_line() const;
};

/// A second place that explains the first: "first defined here".
struct Note {
  Location where;
  std::string text;
};

struct Diagnostic {
  Severity severity = Severity::alert;
  Location where;
  /// Whole, as haproxy prints it behind "config : ", e.g. "parsing [f.cfg:3] : unknown keyword ...". May have several
  /// lines.
  std::string text;
  /// How much of the text is the sentence, when haproxy shows the line below it; 0: all.
  size_t sentence = 0;
  /// A word to write instead, or empty.
  std::string suggestion;
  /// What else may help, in a few words: "the server's name is missing"; or empty.
  std::string hint;
  std::vector<Note> notes;
  /// An alert after which haproxy goes on all the same, such as "already specified. Continuing."
  bool tolerated = false;
  bool hushed = false;  ///< Came after `quiet`: counts, and is shown only to those who ask for everything.

  bool is_error() const { return severity == Severity::alert && !tolerated; }
};

/// The messages of one reading, in their order, and the files they point into.
class Diagnostics {
 public:
  Diagnostic& add(Severity severity, Location where, std::string text);
  const std::vector<Diagnostic>& all() const { return all_; }
  /// Those behind the first `count`, for what their reader has to add.
  std::span<Diagnostic> since(size_t count) { return std::span(all_).subspan(count); }
  size_t count(Severity severity) const;
  bool failed() const;

  /// What is added from here on is not for the eyes of a quiet configuration's user.
  void hush() { hushed_ = true; }

  /// Keeps a file for as long as the diagnostics live; the reference stays valid.
  const SourceFile& keep(SourceFile file);
  /// All that were kept; who keeps a Location longer than the diagnostics keeps its file, too.
  const std::vector<std::shared_ptr<const SourceFile>>& files() const { return files_; }

 private:
  bool hushed_ = false;
  std::vector<Diagnostic> all_;
  std::vector<std::shared_ptr<const SourceFile>> files_;
};

/// How to render a diagnostic for a person or a program.
struct RenderOptions {
  bool source_line = false;  ///< Show the line itself with a caret under the word, the suggestion and the notes.
  bool column = false;       ///< Without source_line: say the column, the suggestion and the hint behind the sentence.
  bool colour = false;
};
/// `text` first, then with source_line the excerpt. Ends with a newline; has no "[ALERT]" prefix.
std::string render(const Diagnostic& diagnostic, const RenderOptions& options);
/// One JSON document:
/// {"valid":bool,"diagnostics":[{"severity","file","line","column","length","message","suggestion","hint","notes"}]}.
/// A message is its sentence alone: without its place, which stands beside it, and without the lines that haproxy
/// shows. What only counts others ("Fatal errors found in configuration.") is left out, and every line is 1 or more.
std::string to_json(const Diagnostics& diagnostics);

}  // namespace ddbproxy
