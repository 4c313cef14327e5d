// Feeds arbitrary bytes to the reader of log messages, as a datagram and as a stream, and writes them in every format.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <ddbproxy/model.h>

#include "log/frames.h"
#include "log/received.h"

using namespace ddbproxy;

namespace {

bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void handle(std::string_view message) {
  const log::Received read = log::read_received(message);
  for (const std::string_view part : {read.time, read.host, read.tag, read.pid, read.id, read.data, read.text})
    if (part != "-" && !lies_in(part, message)) std::abort();
  if (read.level() < 0 || read.level() > 7) std::abort();
  static std::string out;
  using enum model::LogTarget::Format;
  for (const auto format : {rfc3164, rfc5424, priority, short_, timed, iso, raw, local, unset}) {
    model::LogTarget target;
    target.format = format;
    target.length = 100;
    out.clear();
    log::append_received(out, target, read, {});
    if (out.size() > target.length) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  handle(rest);
  log::Frames frames(64);
  const size_t piece = data[0] ? data[0] : 1;
  while (!rest.empty()) {
    const size_t now = std::min({piece, rest.size(), frames.room()});
    if (now == 0) std::abort();  // It asks for more, and takes nothing.
    frames.append(rest.substr(0, now));
    rest.remove_prefix(now);
    std::string_view message;
    log::Frames::Next next;
    while ((next = frames.next(message)) == log::Frames::Next::message) handle(message);
    if (next == log::Frames::Next::broken) break;
  }
  return 0;
}
