// The processes of a master: itself, its workers of several generations, and its programs.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace ddbproxy::app {

struct Child {
  enum class Kind : char { worker = 'w', program = 'e' };

  Kind kind = Kind::worker;
  int link = -1;  ///< The master's end of the pair of sockets to a worker.
  pid_t pid = -1;
  int reloads = 0;  ///< that it has lived through
  time_t started = 0;
  std::string name;     ///< of a program
  std::string version;  ///< of a worker
};

/// What a master knows of itself and of its processes. It outlives the master's re-execution as a text, in the format
/// of haproxy's HAPROXY_PROCESSES, so that each of the two programs can go on where the other has stopped.
class Children {
 public:
  Children(pid_t own_pid, time_t now) : pid_(own_pid), started_(now) {}
  /// What it does not understand it leaves out.
  static Children from_text(std::string_view text, pid_t own_pid, time_t now);
  std::string to_text() const;

  /// The newest generation first.
  const std::vector<Child>& all() const { return all_; }
  void add(Child child);
  /// Gives what it was; none when there is none of this pid.
  std::optional<Child> remove(pid_t pid);
  /// The worker that is not told to go; null when there is none.
  const Child* current_worker() const;
  /// Of the last generation that could be loaded.
  bool is_current(const Child& child) const { return child.reloads <= failed_reloads_; }

  /// A reload begins: everybody has lived through one more.
  void count_reload();
  void reload_failed() { ++failed_reloads_; }
  /// The current ones have gone on by the new configuration: it is as if they had been started with it.
  void reloaded_in_place();
  /// Makes those of before former ones.
  void reload_succeeded() { failed_reloads_ = 0; }

  /// The answer to `show proc`.
  std::string show(time_t now) const;
  /// Who is meant by "@1", "@!4711", "@master" or "@": a pid, 0 for the master, -1 for nobody.
  pid_t find_target(std::string_view prefix) const;

 private:
  pid_t pid_;
  time_t started_;
  int reloads_ = 0, failed_reloads_ = 0;
  std::vector<Child> all_;
};

/// "Current worker (4711) exited with code 137 (Killed)"
std::string describe_end(const Child& child, bool current, int status);
/// As a shell has it: 128 and the signal's number for who died by one. From wait().
int exit_status(int wait_status);

}  // namespace ddbproxy::app
