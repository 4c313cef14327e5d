// The parts of a request's target (RFC 9112, 3.2), as haproxy 2.6 tells them apart.
#pragma once

#include <optional>
#include <string_view>

namespace ddbproxy::http {

/// "http" of "http://host/path"; empty when it has none.
std::string_view scheme_of(std::string_view target);
/// From the path on, to the end; empty when there is no path: "*", "host:80", "http://host?query".
std::string_view path_and_query(std::string_view target);
/// Without a scheme and a host in front of the path, if there are any.
std::string_view without_host(std::string_view target);
/// Without the query.
std::string_view path_of(std::string_view target);
/// What stands behind the first '?'.
std::optional<std::string_view> query_of(std::string_view target);
/// Whether a Host header may stand beside this target: both name the same host and port, where the target names any.
bool fits_host(std::string_view method, std::string_view target, std::string_view host);

/// Goes over the parameters behind the first `mark` ('?'; any other stands for itself) in a target.
class Parameters {
 public:
  Parameters(std::string_view target, char mark);
  /// The next one of this name that has a value, or of any name when it is empty; nothing: that was the last.
  std::optional<std::string_view> next(std::string_view name);
  /// Where it goes on in the target; 0: at the beginning.
  size_t position() const { return at_; }
  void seek(size_t position) { at_ = position; }

 private:
  std::string_view target_;
  char separators_[3];
  size_t at_;
};

}  // namespace ddbproxy::http
