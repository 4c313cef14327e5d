// Rows that say how a backend chooses among its servers: balance, hash-type, hash-balance-factor (manual 4.2).
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "config/readers.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Algorithm;
using model::Balance;
using model::HashFunction;
using model::HashMethod;
using model::Proxy;

/// One row an algorithm. Those that hash HTTP need an HTTP proxy and fall back to roundrobin elsewhere, as in haproxy.
struct AlgorithmName {
  std::string_view name;
  Algorithm algorithm;
  std::string_view doc;
};
constexpr AlgorithmName algorithms[] = {
    {"roundrobin", Algorithm::roundrobin, "In turns, by weights that may change while running."},
    {"static-rr", Algorithm::static_rr, "In turns, by fixed weights."},
    {"leastconn", Algorithm::leastconn, "The server with the fewest connections."},
    {"first", Algorithm::first, "The first server that has a free place, in the order of ids."},
    {"source", Algorithm::source, "By a hash of the client's address."},
    {"uri", Algorithm::uri, "By a hash of the request's URI."},
};

constexpr std::pair<std::string_view, HashFunction> functions[] = {{"sdbm", HashFunction::sdbm},
                                                                   {"djb2", HashFunction::djb2},
                                                                   {"wt6", HashFunction::wt6},
                                                                   {"crc32", HashFunction::crc32}};

void refuse_algorithm(Line& line) {
  line.alert(
      "balance only supports 'roundrobin', 'static-rr', 'leastconn', 'source', 'uri', 'url_param', 'hdr(name)' and "
      "'rdp-cookie(name)' options.");
}

/// What stands between the brackets of "random(2)"; empty without any.
std::string_view bracketed(std::string_view word) {
  const size_t open = word.find('(');
  if (open == word.npos) return {};
  return word.substr(open + 1, word.find(')', open) - open - 1);
}

/// The same, and empty without the closing one.
std::string_view closed_bracket(std::string_view word) {
  return word.find(')') == word.npos ? std::string_view() : bracketed(word);
}

bool is_word(std::string_view word, std::string_view name) {
  return word == name || (word.starts_with(name) && word.substr(name.size()).starts_with('('));
}

bool read_random(Line& line, std::string_view word, Balance& balance) {
  balance.algorithm = Algorithm::random;
  balance.random_draws = 2;
  const std::string draws(bracketed(word));
  if (draws.empty()) return true;
  char* end = nullptr;
  const long value = std::strtol(draws.c_str(), &end, 10);
  if (*end)
    line.alert(fmt::format("balance random : unexpected character '{}' after argument.", *end));
  else if (value < 1)
    line.alert("balance random : number of draws must be at least 1.");
  else
    balance.random_draws = static_cast<int>(std::min<long>(value, INT16_MAX));
  return !*end && value >= 1;
}

void read_balance(Line& line, Proxy& proxy) {
  Balance& balance = proxy.backend->balance;
  const std::string_view word = line.take();
  balance.argument.clear();
  balance.said = true;
  if (word.empty()) {  // haproxy takes it as roundrobin
    balance.algorithm = Algorithm::roundrobin;
  } else if (is_word(word, "random")) {
    if (!read_random(line, word, balance)) return;
  } else if (is_word(word, "hdr") && word != "hdr") {
    balance.algorithm = Algorithm::hdr;
    balance.argument = bracketed(word);
    if (balance.argument.empty()) return void(line.alert("balance hdr requires an http header field name."));
  } else if (word == "url_param") {
    balance.algorithm = Algorithm::url_param;
    balance.argument = line.take();
    if (balance.argument.empty()) return void(line.alert("balance url_param requires an URL parameter name."));
  } else if (word.starts_with("rdp-cookie")) {
    balance.algorithm = Algorithm::rdp_cookie;
    balance.argument = word == "rdp-cookie" ? "mstshash" : closed_bracket(word);
    if (balance.argument.empty()) return void(line.alert("balance rdp-cookie : missing cookie name."));
  } else {
    for (const AlgorithmName& row : algorithms)
      if (row.name == word) {
        balance.algorithm = row.algorithm;
        balance.text = row.name;
        return;
      }
    return refuse_algorithm(line);
  }
  balance.text = word.empty() ? "roundrobin" : word.substr(0, word.find('('));
}

void read_hash_type(Line& line, Proxy& proxy) {
  Balance& balance = proxy.backend->balance;
  const std::string_view method = line.take();
  if (method == "consistent")
    balance.method = HashMethod::consistent;
  else if (method == "map-based")
    balance.method = HashMethod::map_based;
  else if (method == "avalanche")
    return void(
        line.alert("experimental feature 'hash-type avalanche' is not supported anymore, please use "
                   "'hash-type map-based sdbm avalanche' instead."));
  else
    return void(line.alert("'hash-type' only supports 'consistent' and 'map-based'."));

  // Without a function haproxy takes sdbm, and for a consistent hash mixes it.
  balance.function = HashFunction::sdbm;
  balance.avalanche = balance.method == HashMethod::consistent;
  const std::string_view function = line.take();
  if (function.empty()) return;
  balance.avalanche = false;
  const auto* found =
      std::find_if(std::begin(functions), std::end(functions), [&](auto& row) { return row.first == function; });
  if (found == std::end(functions))
    return void(line.alert("'hash-type' only supports 'sdbm', 'djb2', 'crc32', or 'wt6' hash functions."));
  balance.function = found->second;
  const std::string_view modifier = line.take();
  if (modifier == "avalanche")
    balance.avalanche = true;
  else if (!modifier.empty())
    line.alert("'hash-type' only supports 'avalanche' as a modifier for hash functions.");
}

void read_factor(Line& line, Proxy& proxy) {
  const auto value = read_integer(line);
  if (!value) return;
  if (*value != 0 && *value <= 100)
    line.alert("'hash-balance-factor' must be 0 or greater than 100.");
  else
    proxy.backend->balance.hash_balance_factor = static_cast<int>(*value);
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "balance",
     .syntax = "<algorithm> [<argument>...]",
     .sections = server_side,
     .parse = read_balance,
     .doc = "How a backend chooses a server: roundrobin, static-rr, leastconn, first, source, rdp-cookie or random."},
    {.name = "hash-balance-factor",
     .syntax = "<percent>",
     .sections = server_side,
     .parse = read_factor,
     .doc = "Most load of a server against the mean, for consistent hashing.",
     .misplaced = Misplaced::silent},
    {.name = "hash-type",
     .syntax = "<method> [<function> [avalanche]]",
     .sections = server_side,
     .parse = read_hash_type,
     .doc = "How hashes choose servers: map-based or consistent, and by which function."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> balance_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
