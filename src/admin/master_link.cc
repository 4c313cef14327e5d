#include "admin/master_link.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include "net/socket_passing.h"

namespace ddbproxy::admin {

void MasterLink::open(base::Fd pair, std::function<void()> gone) {
  pair_ = std::move(pair);
  gone_ = std::move(gone);
  server_.add_name({fmt::format("sockpair@{}", pair_.get()), model::CliLevel::admin});
  event_.watch<&MasterLink::readable>(loop_, pair_.get(), EV_READ | EV_PERSIST, *this);
}

void MasterLink::ask_for_reload(bool only_check) {
  const char word = only_check ? wants_check : wants_reload;
  // Who cannot be told is about to end, or has been told often enough.
  static_cast<void>(send(pair_.get(), &word, 1, MSG_NOSIGNAL | MSG_DONTWAIT));
}

void MasterLink::readable(short) {
  bool gone = false;
  while (base::Fd connection = net::receive_connection(pair_.get(), gone)) server_.admit_master(std::move(connection));
  if (!gone) return;
  event_.remove();
  gone_();
}

}  // namespace ddbproxy::admin
