#include "app/file_watch.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fmt/format.h>
#include <set>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/sources.h"

namespace ddbproxy::app {
namespace {

constexpr auto calm = base::Milliseconds(1000);
constexpr int most_links = 40;  // as the kernel has it
constexpr uint32_t happenings = IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO |
                                IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

bool is(const std::string& path, mode_t type) {
  struct stat status;
  return lstat(path.c_str(), &status) == 0 && (status.st_mode & S_IFMT) == type;
}

std::string absolute(const std::string& path) {
  char here[PATH_MAX];
  return path.starts_with('/') || !getcwd(here, sizeof here) ? path : fmt::format("{}/{}", here, path);
}

/// Goes the way from the root, step by step, and by each link that is on it.
void walk(const std::string& path, std::set<std::string>& places, int links) {
  std::string at = "/";
  for (size_t from = 0; from < path.size();) {
    from = path.find_first_not_of('/', from);
    if (from == path.npos) break;
    const size_t to = std::min(path.find('/', from), path.size());
    const std::string parent = at;
    at = fmt::format("{}{}{}", parent, parent.ends_with('/') ? "" : "/", path.substr(from, to - from));
    from = to;
    struct stat status;
    const bool there = lstat(at.c_str(), &status) == 0;
    const bool link = there && S_ISLNK(status.st_mode);
    const bool last = path.find_first_not_of('/', from) == path.npos;
    if (!there || link || last) places.insert(parent);
    if (!there) return;
    if (!link) continue;
    char target[PATH_MAX];
    const ssize_t size = readlink(at.c_str(), target, sizeof target);
    if (size <= 0 || !links) return;
    const std::string_view way(target, static_cast<size_t>(size));
    return walk(fmt::format("{}/{}{}", way.starts_with('/') ? "" : parent, way, path.substr(from)), places, links - 1);
  }
  if (is(at, S_IFDIR)) places.insert(at);
}

}  // namespace

std::string mark_of(const std::vector<std::string>& paths) {
  std::string culprit, mark = "read:\n";
  const auto files = configuration_files(paths, culprit);
  if (!files) return files.error().text;
  for (const std::string& file : *files) {
    struct stat status {};
    const int reason = stat(file.c_str(), &status) ? errno : 0;
    mark += fmt::format("{} {} {} {} {} {}.{}\n", file, reason, status.st_dev, status.st_ino, status.st_size,
                        status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
  }
  return mark;
}

base::Result<std::string> mark_of_read(const std::vector<std::string>& paths,
                                       const std::vector<std::shared_ptr<const SourceFile>>& read) {
  std::string mark = mark_of(paths), culprit;
  const auto now = load_sources(paths, culprit);
  if (!now) return now.error();
  const bool same = std::equal(
      now->begin(), now->end(), read.begin(), read.end(),
      [](const SourceFile& file, const auto& other) { return file.name == other->name && file.text == other->text; });
  return same ? mark : std::string();
}

std::string cannot_watch(const base::Error& error) {
  return fmt::format("Cannot watch the configuration's files (reload-on-change): {}", error.text);
}

std::vector<std::string> places_of(const std::string& path) {
  std::set<std::string> places;
  walk(absolute(path), places, most_links);
  return {places.begin(), places.end()};
}

FileWatch::FileWatch(net::Loop& loop, const std::vector<std::string>& paths, std::function<void()> changed)
    : loop_(loop), paths_(paths), changed_(std::move(changed)) {
  calm_.bind<&FileWatch::settled>(loop_, *this);
}

base::Status FileWatch::start(std::optional<std::string> mark) {
  read_ = seen_ = mark ? std::move(*mark) : mark_of(paths_);
  if (base::Status watched = watch(); !watched) return watched;
  happened(0);
  return base::ok();
}

void FileWatch::stop() {
  calm_.cancel();
  event_.remove();
  fd_.reset();
}

void FileWatch::note() {
  if (!watching()) return;
  calm_.cancel();
  (void)watch();
  read_ = seen_ = mark_of(paths_);
}

/// Made anew each time: a directory of this name may be another one by now. When that fails, the one of before goes on.
/// What happened meanwhile is seen by the mark.
base::Status FileWatch::watch() {
  base::Fd fd(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd) return base::Error::from_errno(errno);
  std::set<std::string> places;
  std::vector<std::string> paths = paths_;
  std::string culprit;
  if (auto files = configuration_files(paths_, culprit)) paths.insert(paths.end(), files->begin(), files->end());
  for (const std::string& path : paths) walk(absolute(path), places, most_links);
  for (const std::string& place : places)
    if (inotify_add_watch(fd.get(), place.c_str(), happenings) < 0 && errno != ENOENT && errno != ENOTDIR)
      return base::Error{errno, fmt::format("{} ({})", std::strerror(errno), place)};
  event_.remove();
  fd_ = std::move(fd);
  event_.watch<&FileWatch::happened>(loop_, fd_.get(), EV_READ | EV_PERSIST, *this);
  return base::ok();
}

void FileWatch::happened(short) {
  alignas(inotify_event) char events[4096];
  while (read(fd_.get(), events, sizeof events) > 0) {
  }
  // Others may write into the same directories all the time.
  std::string now = mark_of(paths_);
  if (now == seen_) return;
  seen_ = std::move(now);
  seen_ == read_ ? calm_.cancel() : calm_.arm(calm);
}

void FileWatch::settled() {
  (void)watch();
  if (std::string now = mark_of(paths_); now != seen_) {
    seen_ = std::move(now);
    return calm_.arm(calm);
  }
  read_ = seen_;
  changed_();
}

}  // namespace ddbproxy::app
