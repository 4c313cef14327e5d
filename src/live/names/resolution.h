// One name that is asked for again and again: which question comes next, and what is known so far. Pure.
#pragma once

#include <chrono>
#include <vector>

#include <ddbproxy/resolvers.h>

#include "base/clock.h"
#include "live/names/message.h"

namespace ddbproxy::live {

/// What to do after something has happened.
enum class NextStep : uint8_t {
  wait,     ///< for another answer, or for the time to run out
  ask,      ///< send question() to all name servers
  give_up,  ///< failed: status() says why
};

/// All name servers are asked at once and the first valid answer counts. When all have answered, and none well, the
/// other family of addresses is asked for; when the time is up, the whole again, resolve_retries times in all
/// (manual 5.3.1, and what 2.6 is seen to do).
class Resolution {
 public:
  /// `preferred` is what is asked for first: a, aaaa or srv. `now` counts as the last valid answer.
  Resolution(std::string name, RecordType preferred, const model::Resolvers& settings, base::Instant now);

  const Question& question() const { return question_; }
  RecordType preferred() const { return preferred_; }
  bool running() const { return running_; }
  AnswerStatus status() const { return status_; }

  /// Starts over; question() is to be sent to `servers` name servers.
  void begin(size_t servers);
  /// A name server has answered, and not well.
  NextStep failed(AnswerStatus status);
  /// `timeout retry` has passed since the question was sent.
  NextStep expired();
  /// A valid answer: ends this round. Addresses and services that it lacks are kept for `hold obsolete`.
  void succeeded(NameAnswer answer, base::Instant now);

  /// Whether what is known may still be used after a round that failed.
  bool holds(base::Instant now) const;

  struct KnownAddress {
    Address address;
    base::Instant seen;
  };
  struct KnownService {
    ServiceRecord record;
    base::Instant seen;
  };
  const std::vector<KnownAddress>& addresses() const { return addresses_; }
  /// How often the set of addresses has changed.
  uint64_t changes() const { return changes_; }
  const std::vector<KnownService>& services() const { return services_; }

 private:
  void forget_obsolete(base::Instant now);
  bool has_other_family() const { return preferred_ != RecordType::srv && question_.type == preferred_; }
  void ask_other_family();

  Question question_;
  const RecordType preferred_;
  const model::Resolvers& settings_;
  bool running_ = false;
  int tries_ = 0;
  size_t servers_ = 0, answers_ = 0;
  AnswerStatus status_ = AnswerStatus::silence;
  base::Instant last_valid_;
  uint64_t changes_ = 0;
  std::vector<KnownAddress> addresses_;
  std::vector<KnownService> services_;
};

}  // namespace ddbproxy::live
