// The words that open a section, and who reads its lines.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/context.h"
#include "config/inherited_rules.h"
#include "config/line.h"

namespace ddbproxy::config {

/// The sections of one reading, over all its files: opens them at their words and hands each other line to the tables
/// of the open one.
class SectionReader {
 public:
  explicit SectionReader(Context& context) : context_(context) {}
  /// A line that begins with the word begins a section, be it one that is not supported yet.
  static bool opens(std::string_view word);

  void read(Line& line);
  /// The end of a file closes its section.
  void close();

 private:
  struct Opener {
    std::string_view word;
    uint16_t section;  // 0: one that is not supported yet
    void (SectionReader::*open)(Line&);
    void (SectionReader::*read)(Line&);  // each line behind it
  };
  static const Opener openers[];

  /// A `defaults` section and how later sections have taken it as theirs.
  struct Defaults {
    Draft draft;
    bool named_by_others = false, taken_as_last = false;
    Heirs heirs = {};
  };

  void open_global(Line& line);
  void open_defaults(Line& line);
  void open_proxy(Line& line);
  void open_resolvers(Line& line);
  void open_program(Line& line);
  void open_peers(Line& line);
  void open_userlist(Line& line);
  void open_http_errors(Line& line);
  void open_mailers(Line& line);
  void open_ring(Line& line);
  void close_ring();
  void read_global(Line& line);
  void read_resolvers(Line& line);
  void read_program(Line& line);
  void read_ring(Line& line);
  void read_mailers(Line& line);
  void read_http_errors(Line& line);
  void read_userlist(Line& line);
  void skip(Line&) {}
  void open_log_forward(Line& line);
  void read_log_forward(Line& line);
  void open_planned(Line& line);
  void open(Line& line, const Opener& opener);
  void read_proxy(Line& line);
  void read_peers(Line& line);
  /// `default`, or `default <name>`, where `defaults` was meant: haproxy takes the word for a prefix, and the lines
  /// behind it for those of the section before.
  bool is_lone_default(const Line& line) const;

  /// What stands behind `from`, or the last one; null when there is none, and the reading aborted if it was named.
  Defaults* base_of(Line& line, size_t from, const model::Proxy& proxy);
  void report_duplicate(Line& line, const model::Proxy& proxy);

  /// The one that is read.
  model::UserList& open_list();

  Context& context_;
  const Opener* opener_ = nullptr;  // of the open section
  bool skipping_ = false;           // the lines of a section that is not supported
  std::vector<std::unique_ptr<Defaults>> defaults_;
  std::unordered_map<std::string, std::vector<Defaults*>> defaults_by_name_;
  // For the lines of sections that were not opened.
  model::UserList no_list_;
  model::ErrorPages no_pages_;
  model::ErrorPages* pages_ = nullptr;
  model::Mailers no_mailers_;
  model::Mailers* mailers_ = nullptr;
  std::shared_ptr<model::Ring> ring_;
  std::shared_ptr<model::LogForward> log_forward_;
  std::unique_ptr<Draft> draft_;  // of the proxy that is read; null when it could not be opened
};

}  // namespace ddbproxy::config
