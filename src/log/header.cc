// The formats of `log`, byte for byte as haproxy 2.6 sends them.
#include "log/header.h"

#include <fmt/format.h>
#include <iterator>

#include "sample/log_date.h"

namespace ddbproxy::log {
namespace {

using Format = model::LogTarget::Format;

void append_rfc5424(std::string& out, const Envelope& envelope) {
  out += "1 ";
  sample::append_iso_date(out, envelope.now);
  fmt::format_to(std::back_inserter(out), " {} {} {} - ",
                 envelope.identity.hostname.empty() ? "-" : envelope.identity.hostname, envelope.identity.tag,
                 envelope.pid);
  out += envelope.structured_data.empty() ? "-" : envelope.structured_data;
  out += ' ';
}

void append_rfc3164(std::string& out, const Envelope& envelope, std::string_view hostname) {
  out += sample::syslog_date(envelope.now);
  out += ' ';
  if (!hostname.empty()) {
    out += hostname;
    out += ' ';
  }
  fmt::format_to(std::back_inserter(out), "{}[{}]: ", envelope.identity.tag, envelope.pid);
}

}  // namespace

void append_header(std::string& out, const model::LogTarget& target, Level level, const Envelope& envelope) {
  const std::string& hostname = envelope.identity.hostname;
  const auto priority = [&](int value) { fmt::format_to(std::back_inserter(out), "<{}>", value); };
  const int full = target.facility * 8 + level;
  switch (target.format) {
    case Format::rfc3164:
      priority(full);
      return append_rfc3164(out, envelope, hostname.empty() ? "localhost" : hostname);
    case Format::unset: priority(full); return append_rfc3164(out, envelope, hostname);
    case Format::local: priority(full); return append_rfc3164(out, envelope, {});
    case Format::rfc5424: priority(full); return append_rfc5424(out, envelope);
    case Format::priority: return priority(full);
    case Format::short_: return priority(level);
    case Format::timed:
      priority(level);
      sample::append_iso_date(out, envelope.now);
      out += ' ';
      return;
    case Format::iso:
      sample::append_iso_date(out, envelope.now);
      out += ' ';
      return;
    case Format::raw: return;
  }
}

}  // namespace ddbproxy::log
