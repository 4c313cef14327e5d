// Mails about servers that change their state (`email-alert`, manual 4.2).
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "live/mail/delivery.h"
#include "log/header.h"

namespace ddbproxy::live {

class Backend;

/// Control thread only. Each mailer of each backend has a line of its own, and one mail at a time; what it is to say
/// and where it goes was settled when the server changed, whatever a reload makes of it.
class AlertMails final : public Delivery::Listener {
 public:
  explicit AlertMails(net::Loop& loop) : loop_(loop) {}
  AlertMails(const AlertMails&) = delete;
  AlertMails& operator=(const AlertMails&) = delete;

  /// Hands `text` to all mailers of the backend, if it has any and wants to know of this level.
  void send(const Backend& backend, log::Level level, std::string_view text);
  /// Mails that wait for those before them.
  size_t waiting() const;

  /// More of them wait for nobody: nobody would read them. The next ones are dropped.
  static constexpr size_t longest_line = 1000;

 private:
  struct Line {
    Line(net::Loop& loop, Delivery::Listener& listener) : delivery(loop, listener) {}
    std::deque<Mail> waiting;
    bool busy = false;
    Delivery delivery;
  };

  void delivered(Delivery& delivery, bool well) override;

  net::Loop& loop_;
  std::map<std::pair<std::string, std::string>, Line> lines_;  // by backend and mailer
};

}  // namespace ddbproxy::live
