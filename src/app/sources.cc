#include "app/sources.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/limits.h"
#include "base/fd.h"

namespace ddbproxy::app {
namespace {

/// More than any configuration; what never ends must not take all memory.
constexpr size_t most_bytes = size_t{256} << 20;

base::Result<std::vector<std::string>> list_directory(const std::string& path, std::string& culprit) {
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
    if (stat(file.c_str(), &status) < 0) {  // a link that leads nowhere
      const int reason = errno;
      closedir(directory);
      culprit = file;
      // haproxy's words name the directory.
      return base::Error{reason, fmt::format("config : Cannot open configuration file {} : {} ({})", path,
                                             std::strerror(reason), file)};
    }
    if (S_ISREG(status.st_mode)) names.push_back(file);
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

base::Error cannot_open(const std::string& file, int reason) {
  return {reason, fmt::format("config : Could not open configuration file {} : {}", file, std::strerror(reason))};
}

/// The whole file, or as much of it as is ever looked at: reading ends at a zero byte.
base::Result<std::string> read_file(const std::string& file) {
  const base::Fd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return cannot_open(file, errno);
  std::string text;
  std::vector<char> chunk(64 << 10);
  size_t zero = text.npos;
  for (;;) {
    const ssize_t got = read(fd.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;  // a directory, too, is read as nothing
    if (zero != text.npos) {
      // Whether the file goes on behind the zero byte is all that matters.
      text.resize(zero + 1);
      return text + "\n\n";
    }
    text.append(chunk.data(), static_cast<size_t>(got));
    zero = text.find('\0', text.size() - static_cast<size_t>(got));
    if (text.size() > most_bytes)
      return base::Error{EFBIG,
                         fmt::format("config : Could not open configuration file {} : {}", file, std::strerror(EFBIG))};
  }
}

}  // namespace

base::Result<std::vector<std::string>> configuration_files(const std::vector<std::string>& paths,
                                                           std::string& culprit) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    culprit = path;
    struct stat status;
    if (stat(path.c_str(), &status) < 0)
      return base::Error{
          errno, fmt::format("config : Cannot open configuration file/directory {} : {}", path, std::strerror(errno))};
    if (!S_ISDIR(status.st_mode)) {
      files.push_back(path);
      continue;
    }
    auto names = list_directory(path, culprit);
    if (!names) return names.error();
    files.insert(files.end(), names->begin(), names->end());
  }
  return files;
}

base::Result<std::vector<SourceFile>> load_sources(const std::vector<std::string>& paths, std::string& culprit) {
  auto files = configuration_files(paths, culprit);
  if (!files) return files.error();
  std::vector<SourceFile> sources;
  for (const std::string& file : *files) {
    culprit = file;
    auto text = read_file(file);
    if (!text) return text.error();
    sources.push_back({file, std::move(*text)});
  }
  return sources;
}

ParseOptions parse_options_of(const Options& options) {
  return {.local_peer = options.local_peer,
          .diagnose = options.diagnose,
          .ignore_unresolved = options.ignore_unresolved,
          .nosplice = options.no_splice,
          .master_worker = options.master_worker,
          .default_maxconn = options.default_maxconn,
          .environment = options.environment,
          .maxconn = [&options](const model::Model& model) { return limits_of(model, options).maxconn; }};
}

}  // namespace ddbproxy::app
