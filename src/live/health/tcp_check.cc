#include "live/health/tcp_check.h"

#include <cstring>
#include <sys/socket.h>

#include "live/backend.h"
#include "live/health/check_status.h"
#include "net/connector.h"
#include "net/proxy_protocol.h"
#include "net/socket.h"

namespace ddbproxy::live {

Address TcpCheck::target() const {
  const Server::CheckPlace& check = server_.check_place();
  const Address server = server_.address();
  Address to = check.address.empty() ? server : check.address;
  if (check.port)
    to.set_port(check.port);
  else if (to.is_ip() && to.port() == 0)
    to.set_port(server.port());
  return to;
}

// The server's own port expects from a check what it expects from a session.
bool TcpCheck::sends_proxy_header() const {
  const model::Server& config = server_.config();
  const bool own_place = server_.check_place().port == 0 && server_.check_place().address.empty();
  return config.check.send_proxy || (own_place && config.send_proxy != model::ProxyProtocol::none);
}

std::optional<CheckResult> TcpCheck::start() {
  const model::Backend& settings = server_.backend().settings();
  net::ConnectOptions options;
  options.source = server_.config().source ? &*server_.config().source : settings.source ? &*settings.source : nullptr;
  options.smart_connect = true;
  base::Result<base::Fd> fd = net::start_connect(target(), options);
  if (!fd) {
    const bool local = net::is_local_failure(fd.error().code);
    return CheckResult{
        .status = local ? CheckStatus::socket_error : CheckStatus::l4_connection,
        .description = std::strerror(fd.error().code),
    };
  }
  socket_ = std::move(*fd);
  event_.watch<&TcpCheck::on_decided>(loop_, socket_.get(), EV_WRITE, *this);
  return std::nullopt;
}

void TcpCheck::on_decided(short) {
  CheckResult result;
  if (const int error = net::take_error(socket_.get())) {
    result = {.status = CheckStatus::l4_connection, .description = std::strerror(error)};
  } else {
    result = {.status = CheckStatus::l4_ok, .passed = true};
    if (sends_proxy_header()) {
      const bool v2 = server_.config().send_proxy == model::ProxyProtocol::v2;
      const std::string header =
          v2 ? net::proxy_header_v2({}, {})
             : net::proxy_header_v1(net::local_address(socket_.get()), net::peer_address(socket_.get()));
      // Nothing was sent before, so it goes as a whole or the connection is gone.
      if (send(socket_.get(), header.data(), header.size(), MSG_NOSIGNAL) < 0)
        result = {.status = CheckStatus::l4_connection, .description = std::strerror(errno)};
    }
  }
  cancel();
  listener_.ended(result);
}

CheckResult TcpCheck::time_out() {
  cancel();
  return {.status = CheckStatus::l4_timeout};
}

void TcpCheck::cancel() {
  event_.remove();
  if (socket_) net::reset_on_close(socket_.get());
  socket_.reset();
}

}  // namespace ddbproxy::live
