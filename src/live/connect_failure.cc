#include "live/connect_failure.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>

#include "live/backend.h"
#include "log/console.h"

namespace ddbproxy::live {

using net::ConnectFailure;

std::string shortage_words(int error, uint32_t maxsock) {
  const char* what = error == EMFILE   ? "process FD limit (maxsock={}). Please check 'ulimit-n' and restart."
                     : error == ENFILE ? "system FD limit (maxsock={}). Please check system tunables."
                                       : "system memory limit (maxsock={}). Please check system tunables.";
  return fmt::format(fmt::runtime(what), maxsock);
}

void report_connect_failure(Backend& backend, const Address& to, const net::ConnectStart& start, uint32_t maxsock) {
  switch (start.failure) {
    case ConnectFailure::no_socket:
      backend.logger().write(log::emerg,
                             fmt::format("Proxy {} reached {}", backend.name(), shortage_words(start.error, maxsock)));
      return log::console_text("Cannot get a server socket.");
    case ConnectFailure::source: {
      const std::string text =
          fmt::format("Cannot bind to source address before connect() for backend {}.", backend.name());
      backend.logger().write(log::emerg, text);
      return log::console(log::ConsoleLevel::alert, text + " Aborting.");
    }
    case ConnectFailure::foreign: {
      const std::string text =
          fmt::format("Cannot bind to tproxy source address before connect() for backend {}.", backend.name());
      backend.logger().write(log::emerg, text);
      return log::console(log::ConsoleLevel::alert, text + " Aborting.");
    }
    case ConnectFailure::no_port: {
      const std::string text =
          fmt::format("Connect() failed for backend {}: {}.", backend.name(),
                      to.is_unix() ? "can't connect to destination unix socket, check backlog size on the server"
                                   : "no free ports");
      backend.logger().write(log::err, text);
      return log::console_text(text);
    }
    case ConnectFailure::refused: return;
  }
}

CheckResult connect_failure_result(const Address& to, const net::ConnectStart& start) {
  const char* error = std::strerror(start.error);
  CheckResult result{.status = to.is_unix() ? CheckStatus::socket_error : CheckStatus::l4_connection};
  switch (start.failure) {
    case ConnectFailure::no_socket:
      result.status = CheckStatus::socket_error;
      result.description = error;
      break;
    case ConnectFailure::foreign:
    case ConnectFailure::source: result.description = fmt::format("Can't bind to source address ({})", error); break;
    case ConnectFailure::no_port:
      result.description = "Out of local source ports on the system";
      if (!to.is_unix()) result.description += fmt::format(" ({})", error);
      break;
    case ConnectFailure::refused: result.description = fmt::format("General socket error ({})", error); break;
  }
  return result;
}

}  // namespace ddbproxy::live
