// Notices that the configuration's files are others than those that were read.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ddbproxy/diagnostics.h>

#include "base/fd.h"
#include "base/result.h"
#include "net/loop.h"

namespace ddbproxy::app {

/// Tells one state of the files that -f names from another without reading them: which they are, how long, and when
/// they were written. What cannot be looked at is a state, too.
std::string mark_of(const std::vector<std::string>& paths);

/// The mark under which the files say what was read; empty when they say something else by now. An error when they
/// cannot be read any more.
base::Result<std::string> mark_of_read(const std::vector<std::string>& paths,
                                       const std::vector<std::shared_ptr<const SourceFile>>& read);

/// "Cannot watch the configuration's files (reload-on-change): ..."
std::string cannot_watch(const base::Error& error);

/// The directories in which something happens when a file or a directory becomes another, by whatever way: written,
/// renamed into its place, or behind a link on the way to it that leads elsewhere now.
std::vector<std::string> places_of(const std::string& path);

/// Watches the files and directories that -f names, for `reload-on-change`. Lives on one loop's thread.
class FileWatch {
 public:
  /// `changed` is called when the files are others than those that were read, and have stayed as they are for a second:
  /// who writes one in pieces is not interrupted. All must outlive it.
  FileWatch(net::Loop& loop, const std::vector<std::string>& paths, std::function<void()> changed);

  /// `mark`: what was read, as mark_of_read() gives it; none: as they are now. Why it cannot watch, in words for a
  /// person.
  base::Status start(std::optional<std::string> mark);
  void stop();
  bool watching() const { return static_cast<bool>(fd_); }
  /// The files are about to be read: as they are now they are no news.
  void note();

 private:
  base::Status watch();
  void happened(short);
  void settled();

  net::Loop& loop_;
  const std::vector<std::string>& paths_;
  std::function<void()> changed_;
  std::string read_, seen_;  // marks
  base::Fd fd_;
  net::Event event_;  // after the descriptor it watches
  net::Timer calm_;
};

}  // namespace ddbproxy::app
