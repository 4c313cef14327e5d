// DNS messages as bytes (RFC 1035, 2782, 6891): pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <ddbproxy/address.h>

namespace ddbproxy::live {

enum class RecordType : uint16_t { a = 1, cname = 5, aaaa = 28, srv = 33 };

struct Question {
  std::string name;
  RecordType type = RecordType::a;
};

/// How haproxy sorts answers; each has a counter of its own in `show resolvers`.
enum class AnswerStatus : uint8_t {
  valid,
  empty,        ///< no error, and no record ("any_err")
  nonexistent,  ///< NXDOMAIN
  refused,
  other,         ///< another error of the server
  invalid,       ///< not an answer to the question, or not a message
  truncated,     ///< more than the server could send
  broken_alias,  ///< aliases that lead to no record ("cname_error")
  silence,       ///< none came in time; only said by who waits
};

/// An SRV record.
struct ServiceRecord {
  uint16_t priority = 0, weight = 0, port = 0;
  std::string target;
  /// Of the target, when the answer has it as an additional record.
  std::vector<Address> addresses;
};

struct NameAnswer {
  AnswerStatus status = AnswerStatus::invalid;
  std::vector<Address> addresses;  ///< For a and aaaa; their port is 0.
  std::vector<ServiceRecord> services;
};

/// A whole question, with EDNS when more than 0 bytes are accepted; empty when the name cannot be asked for.
std::optional<std::vector<unsigned char>> encode_question(uint16_t id, const Question& question, uint16_t accepted);

/// The id of a message; empty when it is too short for one.
std::optional<uint16_t> message_id(std::span<const unsigned char> message);

NameAnswer read_answer(std::span<const unsigned char> message, const Question& question);

/// Names are the same whatever their case, and with or without a dot at the end.
bool same_name(std::string_view one, std::string_view other);

}  // namespace ddbproxy::live
