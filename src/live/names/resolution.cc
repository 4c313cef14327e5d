#include "live/names/resolution.h"

#include <algorithm>

namespace ddbproxy::live {

Resolution::Resolution(std::string name, RecordType preferred, const model::Resolvers& settings, base::Instant now)
    : question_{std::move(name), preferred}, preferred_(preferred), settings_(settings), last_valid_(now) {
  // Name servers mind no case, but what stands between may.
  for (char& c : question_.name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
}

void Resolution::begin(size_t servers) {
  running_ = true;
  servers_ = servers;
  answers_ = 0;
  tries_ = std::max(1, settings_.resolve_retries);
  question_.type = preferred_;
}

void Resolution::ask_other_family() {
  question_.type = preferred_ == RecordType::a ? RecordType::aaaa : RecordType::a;
  answers_ = 0;
}

NextStep Resolution::failed(AnswerStatus status) {
  status_ = status;
  if (++answers_ < servers_) return NextStep::wait;
  if (has_other_family()) {
    ask_other_family();
    return NextStep::ask;
  }
  // Names of services wait for the time to run out, even on the last try.
  if (tries_ > 1 || preferred_ == RecordType::srv) return NextStep::wait;
  running_ = false;
  return NextStep::give_up;
}

NextStep Resolution::expired() {
  if (tries_ <= 1) {
    if (preferred_ != RecordType::srv || !answers_) status_ = AnswerStatus::silence;
    running_ = false;
    return NextStep::give_up;
  }
  if (has_other_family() && answers_) {
    ask_other_family();
  } else {
    --tries_;
    question_.type = preferred_;
    answers_ = 0;
  }
  return NextStep::ask;
}

void Resolution::succeeded(NameAnswer answer, base::Instant now) {
  running_ = false;
  status_ = AnswerStatus::valid;
  last_valid_ = now;
  for (const Address& address : answer.addresses) {
    const auto known = std::find_if(addresses_.begin(), addresses_.end(),
                                    [&](const KnownAddress& other) { return other.address == address; });
    if (known == addresses_.end()) {
      addresses_.push_back({address, now});
      ++changes_;
    } else {
      known->seen = now;
    }
  }
  for (ServiceRecord& service : answer.services) {
    const auto known = std::find_if(services_.begin(), services_.end(), [&](const KnownService& other) {
      return other.record.port == service.port && same_name(other.record.target, service.target);
    });
    if (known == services_.end())
      services_.push_back({std::move(service), now});
    else
      *known = {std::move(service), now};
  }
  forget_obsolete(now);
}

void Resolution::forget_obsolete(base::Instant now) {
  const auto obsolete = [&](const auto& known) {
    return known.seen != now && base::milliseconds_between(known.seen, now) >= settings_.hold.obsolete.count();
  };
  if (std::erase_if(addresses_, obsolete)) ++changes_;
  std::erase_if(services_, obsolete);
}

bool Resolution::holds(base::Instant now) const {
  std::chrono::milliseconds period = settings_.hold.other;
  if (status_ == AnswerStatus::nonexistent) period = settings_.hold.nx;
  if (status_ == AnswerStatus::refused) period = settings_.hold.refused;
  if (status_ == AnswerStatus::silence) period = settings_.hold.timeout;
  return base::milliseconds_between(last_valid_, now) < period.count();
}

}  // namespace ddbproxy::live
