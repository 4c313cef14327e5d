// The number that hashing algorithms choose a server by: pure arithmetic, the same as haproxy's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <ddbproxy/address.h>
#include <ddbproxy/model.h>

namespace ddbproxy::live {

struct PickRequest;

/// The words of an IPv4 or IPv6 address folded into one.
uint32_t hash_address(const Address& address);
/// By the function of `hash-type`.
uint32_t hash_text(std::string_view text, model::HashFunction function);

/// What `balance source` and `balance rdp-cookie` choose by (manual 4.2 "hash-type").
class ClientHash {
 public:
  explicit ClientHash(const model::Balance& settings)
      : of_source_(settings.algorithm == model::Algorithm::source), avalanche_(settings.avalanche) {}
  /// Nothing: the client has no IP address, or no cookie.
  std::optional<uint32_t> operator()(const PickRequest& request) const;

 private:
  bool of_source_, avalanche_;
};

}  // namespace ddbproxy::live
