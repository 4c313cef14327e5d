// Variables and their names (manual 2.8 and 7.3.1, set-var).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ddbproxy::sample {

/// How long a variable lives; as names begin: "proc", "sess", "txn", "req", "res", "check".
enum class Scope : uint8_t { process, session, transaction, request, response, check };

struct Variable {
  Scope scope = Scope::process;
  std::string name;  ///< Without its scope.
  bool operator==(const Variable&) const = default;
};

/// Reads "txn.name". Empty: it names none, and `error` says why in haproxy's words.
std::optional<Variable> parse_variable(std::string_view text, std::string& error);

}  // namespace ddbproxy::sample
