#include "app/signals.h"

#include <csignal>
#include <cstdlib>
#include <sys/signalfd.h>
#include <unistd.h>

namespace ddbproxy::app {

namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

}  // namespace

void Signals::block(std::initializer_list<int> signals) {
  const sigset_t set = set_of(signals);
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

Signals::Signals(std::initializer_list<int> signals, Handler handler, void* owner) : handler_(handler), owner_(owner) {
  block(signals);
  const sigset_t set = set_of(signals);
  fd_.reset(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  // SIGUSR2 and SIGALRM mean something to a master only; what is sent to another process by mistake does not end it.
  for (const int signal : {SIGPIPE, SIGUSR2, SIGALRM}) std::signal(signal, SIG_IGN);
}

void Signals::start(net::Loop& control) {
  event_.watch<&Signals::arrived>(control, fd_.get(), EV_READ | EV_PERSIST, *this);
}

void Signals::arrived(short) {
  signalfd_siginfo info;
  while (read(fd_.get(), &info, sizeof info) == sizeof info) handler_(owner_, static_cast<int>(info.ssi_signo));
}

void die_by(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
  raise(signal);
  std::abort();
}

}  // namespace ddbproxy::app
