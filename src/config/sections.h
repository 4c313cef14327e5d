// The words that open a section, and who reads its lines.
#pragma once

#include <memory>
#include <string_view>

#include "config/context.h"
#include "config/line.h"

namespace ddbproxy::config {

/// The sections of one reading: opens them at their words and hands each other line to the tables of the open one.
/// One instance for all sources: a section may go on in the next file only as haproxy lets it.
class SectionReader {
 public:
  explicit SectionReader(Context& context) : context_(context) {}

  void read(Line& line);
  /// The end of a file closes its section.
  void end_of_file();

 private:
  using Open = void (SectionReader::*)(Line&);
  struct Opener {
    std::string_view word;
    uint8_t section;  ///< 0: a section of haproxy's that is not supported yet
    Open open;
  };
  static const Opener openers[];

  void open_global(Line& line);
  void open_defaults(Line& line);
  void open_proxy(Line& line);
  void open_planned(Line& line);
  void read_global(Line& line);
  void read_proxy(Line& line);

  Context& context_;
  bool skipping_ = false;            // the lines of a section that is not supported, or could not be opened
  std::unique_ptr<Draft> defaults_;  // the last `defaults` section
  std::unique_ptr<Draft> draft_;     // the proxy that is read
};

}  // namespace ddbproxy::config
