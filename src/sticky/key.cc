#include "sticky/key.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>

#include <ddbproxy/address.h>

#include "sample/cast.h"

namespace ddbproxy::sticky {
namespace {

using KeyType = model::StickTable::KeyType;
using sample::Type;

Type type_of(KeyType key_type) {
  switch (key_type) {
    case KeyType::ip: return Type::ipv4;
    case KeyType::ipv6: return Type::ipv6;
    case KeyType::integer: return Type::integer;
    case KeyType::string: return Type::string;
    case KeyType::binary: break;
  }
  return Type::binary;
}

std::string_view bytes_of(uint32_t number, char* room) {
  std::memcpy(room, &number, sizeof number);
  return {room, sizeof number};
}

}  // namespace

bool can_be_key(Type type, KeyType key_type) { return sample::can_cast(type, type_of(key_type)); }

std::optional<std::string_view> key_of(sample::Value value, const model::StickTable& table, sample::Scratch& scratch) {
  const bool nothing =
      value.text.empty() && (value.type == Type::string || value.type == Type::binary || value.type == Type::method);
  if (!can_be_key(value.type, table.key_type) || !sample::cast(value, type_of(table.key_type), scratch)) return {};
  switch (table.key_type) {
    case KeyType::ip:
    case KeyType::ipv6: return scratch.copy({reinterpret_cast<const char*>(value.ip.data()), table.key_size});
    case KeyType::integer: return bytes_of(static_cast<uint32_t>(value.number), scratch.take(sizeof(uint32_t)));
    case KeyType::string: {
      if (nothing) return {};
      // As in haproxy, it ends at a zero, be that the first of its bytes.
      return value.text.substr(0, std::min<size_t>(value.text.find('\0'), table.key_size));
    }
    case KeyType::binary: break;
  }
  if (nothing) return {};
  if (value.text.size() >= table.key_size) return value.text.substr(0, table.key_size);
  char* padded = scratch.take(table.key_size);
  std::memset(padded, 0, table.key_size);
  std::memcpy(padded, value.text.data(), value.text.size());
  return std::string_view(padded, table.key_size);
}

KeyReading read_key(const std::string& text, const model::StickTable& table) {
  switch (table.key_type) {
    case KeyType::ip: {
      // As in haproxy, what is no address is the address of nobody.
      in_addr address{};
      if (inet_pton(AF_INET, text.c_str(), &address) != 1) address = {};
      return {std::string(reinterpret_cast<const char*>(&address), sizeof address), {}};
    }
    case KeyType::ipv6: {
      in6_addr address{};
      if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return {{}, "Invalid key\n"};
      return {std::string(reinterpret_cast<const char*>(&address), sizeof address), {}};
    }
    case KeyType::integer: {
      errno = 0;
      const unsigned long number = std::strtoul(text.c_str(), nullptr, 0);
      if (errno || text.empty() || text[0] < '0' || text[0] > '9' || number > UINT32_MAX) return {{}, "Invalid key\n"};
      char room[sizeof(uint32_t)];
      return {std::string(bytes_of(static_cast<uint32_t>(number), room)), {}};
    }
    case KeyType::string: return {text.substr(0, table.key_size), {}};
    case KeyType::binary: break;
  }
  return {{}, " keys into tables of type other than ip, ipv6, string and integer is not supported\n"};
}

void append_key(std::string& out, std::string_view key, const model::StickTable& table) {
  char text[INET6_ADDRSTRLEN];
  switch (table.key_type) {
    case KeyType::ip: out += inet_ntop(AF_INET, key.data(), text, sizeof text); return;
    case KeyType::ipv6: out += inet_ntop(AF_INET6, key.data(), text, sizeof text); return;
    case KeyType::integer: {
      uint32_t number;
      std::memcpy(&number, key.data(), sizeof number);
      fmt::format_to(std::back_inserter(out), "{}", number);
      return;
    }
    case KeyType::string:
      for (const char c : key) {
        const auto byte = static_cast<unsigned char>(c);
        constexpr std::string_view shorthands = "\t\n\r\033\\ =", letters = "tnre\\ =";
        if (const size_t at = shorthands.find(c); at != shorthands.npos)
          (out += '\\') += letters[at];
        else if (byte > ' ' && byte < 0x7f)
          out += c;
        else
          fmt::format_to(std::back_inserter(out), "\\x{:02X}", byte);
      }
      return;
    case KeyType::binary:
      for (const char c : key) fmt::format_to(std::back_inserter(out), "{:02X}", static_cast<unsigned char>(c));
      return;
  }
}

}  // namespace ddbproxy::sticky
