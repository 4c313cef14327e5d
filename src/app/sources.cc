#include "app/sources.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

namespace ddbproxy::app {
namespace {

base::Result<std::vector<std::string>> list_directory(const std::string& path) {
  DIR* directory = opendir(path.c_str());
  if (!directory)
    return base::Error{errno,
                       fmt::format("config : Cannot open configuration directory {} : {}", path, std::strerror(errno))};
  std::vector<std::string> names;
  while (const dirent* entry = readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name.starts_with('.') || !name.ends_with(".cfg")) continue;
    const std::string file = fmt::format("{}/{}", path, name);
    struct stat status;
    if (stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode)) names.push_back(file);
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

base::Result<std::vector<SourceFile>> load_sources(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    struct stat status;
    if (stat(path.c_str(), &status) < 0)
      return base::Error{
          errno, fmt::format("config : Cannot open configuration file/directory {} : {}", path, std::strerror(errno))};
    if (!S_ISDIR(status.st_mode)) {
      files.push_back(path);
      continue;
    }
    auto names = list_directory(path);
    if (!names) return names.error();
    files.insert(files.end(), names->begin(), names->end());
  }
  std::vector<SourceFile> sources;
  for (const std::string& file : files) {
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
      return base::Error{errno,
                         fmt::format("config : Could not open configuration file {} : {}", file, std::strerror(errno))};
    std::ostringstream text;
    text << stream.rdbuf();
    sources.push_back({file, std::move(text).str()});
  }
  return sources;
}

}  // namespace ddbproxy::app
