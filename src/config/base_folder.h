// Where the relative paths of a configuration begin (manual 3.1 "default-path").
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/diagnostics.h>

namespace ddbproxy::config {

/// What the process opens instead of a path that a line names. From the line that sets it on, in the files behind it,
/// too.
class BaseFolder {
 public:
  enum class Mode : uint8_t {
    current,  ///< where the process runs
    config,   ///< the folder of the file that is read
    parent,   ///< the one above that
    origin,   ///< one that is named
  };

  void set(Mode mode, std::string_view origin = {}) {
    mode_ = mode;
    origin_ = origin;
  }
  /// `path` as a line at `where` names it.
  std::string path(std::string_view path, const Location& where) const;

 private:
  Mode mode_ = Mode::current;
  std::string origin_;
};

}  // namespace ddbproxy::config
