// Hands one mail in.
#pragma once

#include <string>

#include "base/fd.h"
#include "live/mail/mail.h"
#include "net/loop.h"

namespace ddbproxy::live {

/// One try, and no more, as in haproxy: who does not answer as awaited, or in time, gets the mail no second time. Lives
/// on the control loop.
class Delivery {
 public:
  class Listener {
   public:
    /// Called from the loop, once for each start(); another may begin at once.
    virtual void delivered(Delivery& delivery, bool well) = 0;

   protected:
    ~Listener() = default;
  };

  Delivery(net::Loop& loop, Listener& listener);

  void start(Mail mail);
  void out_of_memory(base::Memory) { end(false); }

 private:
  void begin();
  void on_decided(short);
  void on_readable(short);
  void on_writable(short);
  void say();
  void send();
  void listen();
  void timed_out() { end(false); }
  void end(bool well);

  net::Loop& loop_;
  Listener& listener_;
  Mail mail_;
  size_t at_ = 0;  // of the steps
  bool closed_ = false, under_way_ = false;
  std::string answer_, unsent_;
  base::Fd socket_;
  net::Event event_;
  net::Timer timer_, begin_;
};

}  // namespace ddbproxy::live
