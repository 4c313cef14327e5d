#include "config/base_folder.h"

#include <fmt/format.h>

namespace ddbproxy::config {

std::string BaseFolder::path(std::string_view path, const Location& where) const {
  if (mode_ == Mode::current || path.empty() || path.starts_with('/')) return std::string(path);
  if (mode_ == Mode::origin) return fmt::format("{}/{}", origin_, path);
  const std::string_view file = where.file ? std::string_view(where.file->name) : "";
  const size_t slash = file.rfind('/');
  const std::string_view folder = slash == file.npos ? "." : slash == 0 ? "/" : file.substr(0, slash);
  return fmt::format("{}/{}{}", folder, mode_ == Mode::parent ? "../" : "", path);
}

}  // namespace ddbproxy::config
