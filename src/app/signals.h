// Signals as events of the control loop.
#pragma once

#include <initializer_list>

#include "base/fd.h"
#include "net/loop.h"

namespace ddbproxy::app {

/// Blocks the signals in every thread (made before there are others) and has them read by the control loop.
class Signals {
 public:
  using Handler = void (*)(void* owner, int signal);
  Signals(std::initializer_list<int> signals, Handler handler, void* owner);
  /// They wait until somebody reads them.
  static void block(std::initializer_list<int> signals);
  void start(net::Loop& control);

 private:
  void arrived(short);

  base::Fd fd_;
  net::Event event_;
  Handler handler_;
  void* owner_;
};

/// Ends the process by the signal itself, with its default action, so that whoever waits sees it.
[[noreturn]] void die_by(int signal);

}  // namespace ddbproxy::app
