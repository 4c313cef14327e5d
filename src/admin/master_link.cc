#include "admin/master_link.h"

#include <fmt/format.h>

#include "net/socket_passing.h"

namespace ddbproxy::admin {

void MasterLink::open(base::Fd pair, std::function<void()> gone) {
  pair_ = std::move(pair);
  gone_ = std::move(gone);
  server_.add_name({fmt::format("sockpair@{}", pair_.get()), model::CliLevel::admin});
  event_.watch<&MasterLink::readable>(loop_, pair_.get(), EV_READ | EV_PERSIST, *this);
}

void MasterLink::readable(short) {
  bool gone = false;
  while (base::Fd connection = net::receive_connection(pair_.get(), gone)) server_.admit_master(std::move(connection));
  if (!gone) return;
  event_.remove();
  gone_();
}

}  // namespace ddbproxy::admin
