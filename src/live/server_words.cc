#include "live/server_words.h"

#include <fmt/format.h>

#include "live/backend.h"
#include "live/health/check_status.h"

namespace ddbproxy::live {

std::string server_title(const Server& server) {
  return fmt::format("{}Server {}/{}", server.config().backup ? "Backup " : "", server.backend().name(), server.name());
}

namespace {

/// As haproxy writes a stranger's words into a quoted place: what could end it, or a line, by its number.
std::string escaped(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) {
    if (c < ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>')
      out += fmt::format("<{:02X}>", c);
    else
      out += static_cast<char>(c);
  }
  return out;
}

}  // namespace

std::string short_description(const CheckResult& result) { return result.description.substr(0, 127); }

std::string check_words(const CheckResult& result) {
  const CheckStatusRow& row = check_status_row(result.status);
  std::string text = fmt::format(", reason: {}", row.words);
  if (row.has_code) text += fmt::format(", code: {}", result.code);
  if (!result.description.empty()) text += fmt::format(", info: \"{}\"", escaped(short_description(result)));
  if (result.duration_ms >= 0) text += fmt::format(", check duration: {}ms", result.duration_ms);
  return text;
}

std::string reason_words(const Server& server, const Why& why) {
  std::string text;
  const Server* tracked = server.tracked();
  if (tracked && why.words.empty()) text += fmt::format(" via {}/{}", tracked->backend().name(), tracked->name());
  if (!why.words.empty()) text += fmt::format(", {}", why.words);
  if (why.check) text += check_words(*why.check);
  return text;
}

std::string balance_words(const Server& server, uint32_t moved) {
  const Backend& backend = server.backend();
  const bool down = server.oper_state() == OperState::stopped;
  const uint32_t active = backend.active_servers(), backup = backend.backup_servers();
  std::string text = fmt::format(". {} active and {} backup servers {}.{}", active, backup, down ? "left" : "online",
                                 backup && !active ? " Running on backup." : "");
  if (down)
    text += fmt::format(" {} sessions active, {} requeued, {} remaining in queue", server.current_sessions(), moved,
                        server.current_queue());
  else
    text += fmt::format(" {} sessions requeued, {} total in queue", moved, server.current_queue());
  return text;
}

}  // namespace ddbproxy::live
