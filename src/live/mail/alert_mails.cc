#include "live/mail/alert_mails.h"

#include <algorithm>
#include <numeric>

#include "base/host_name.h"
#include "live/backend.h"

namespace ddbproxy::live {
void AlertMails::send(const Backend& backend, log::Level level, std::string_view text) {
  const model::EmailAlerts& alerts = backend.config().email_alerts;
  if (!alerts.sent() || level > alerts.level) return;
  const model::Mailers& mailers = backend.current().generation.model().mailers[static_cast<size_t>(alerts.section)];
  for (const model::Mailer& mailer : mailers.mailers) {
    Line& line = lines_.try_emplace({backend.name(), mailer.name}, loop_, *this).first->second;
    if (line.waiting.size() >= longest_line) continue;
    Mail mail{.server = mailer.address,
              .timeout = mailers.timeout,
              .host_name = alerts.host_name.empty() ? base::host_name() : alerts.host_name,
              .from = alerts.from,
              .to = alerts.to,
              .text = std::string(text)};
    if (line.busy) {
      line.waiting.push_back(std::move(mail));
    } else {
      line.busy = true;
      line.delivery.start(std::move(mail));
    }
  }
}

size_t AlertMails::waiting() const {
  return std::accumulate(lines_.begin(), lines_.end(), size_t{0},
                         [](size_t sum, const auto& line) { return sum + line.second.waiting.size(); });
}

// An empty line stays: there are no more of them than backends have had mailers.
void AlertMails::delivered(Delivery& delivery, bool) {
  const auto found = std::ranges::find_if(lines_, [&](const auto& line) { return &line.second.delivery == &delivery; });
  Line& line = found->second;
  line.busy = !line.waiting.empty();
  if (!line.busy) return;
  Mail next = std::move(line.waiting.front());
  line.waiting.pop_front();
  line.delivery.start(std::move(next));
}

}  // namespace ddbproxy::live
