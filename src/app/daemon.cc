#include "app/daemon.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ddbproxy::app {

base::Status Daemon::go_background() {
  null_.reset(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null_) return base::Error{errno, "[haproxy.main()] Cannot open /dev/null."};
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return base::Error::from_errno(errno);
  const pid_t child = fork();
  if (child < 0) return base::Error{errno, "[haproxy.main()] Cannot fork."};
  if (child > 0) {
    close(ends[1]);
    char done;
    if (read(ends[0], &done, 1) == 1) _exit(0);
    int status = 0;
    waitpid(child, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  }
  close(ends[0]);
  waiting_.reset(ends[1]);
  setsid();
  return base::ok();
}

void Daemon::ready() {
  if (null_)
    for (int fd = 0; fd <= 2; ++fd) dup2(null_.get(), fd);
  null_.reset();
  if (!waiting_) return;
  [[maybe_unused]] const ssize_t told = write(waiting_.get(), "", 1);
  waiting_.reset();
}

}  // namespace ddbproxy::app
