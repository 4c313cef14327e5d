#include "base/hashes.h"

#include <array>
#include <bit>

namespace ddbproxy::base {
namespace {

using CrcTable = std::array<uint32_t, 256>;

constexpr CrcTable crc_table(uint32_t polynomial) {
  CrcTable table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
    table[byte] = crc;
  }
  return table;
}

constexpr CrcTable ethernet = crc_table(0xedb88320), castagnoli = crc_table(0x82f63b78);

uint32_t crc(std::string_view bytes, const CrcTable& table) {
  uint32_t crc = ~0u;
  for (const char c : bytes) crc = crc >> 8 ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return ~crc;
}

}  // namespace

uint32_t crc32(std::string_view bytes) { return crc(bytes, ethernet); }
uint32_t crc32c(std::string_view bytes) { return crc(bytes, castagnoli); }

uint32_t djb2(std::string_view bytes) {
  uint32_t hash = 5381;
  for (const char c : bytes) hash = hash * 33 + static_cast<unsigned char>(c);
  return hash;
}

uint32_t sdbm(std::string_view bytes) {
  uint32_t hash = 0;
  for (const char c : bytes) hash = static_cast<unsigned char>(c) + (hash << 6) + (hash << 16) - hash;
  return hash;
}

uint32_t wt6(std::string_view bytes) {
  uint32_t a = 0xa53c965a, b = 0x5ca6953a;
  int turn_a = 6, turn_b = 18;
  for (const char c : bytes) {
    const uint32_t byte = static_cast<unsigned char>(c);
    a = ~(a ^ byte);
    b = ~(b + byte);
    const uint32_t turned = std::rotl(b, turn_a);
    b = std::rotl(a, turn_b);
    a = turned;
    const uint32_t turns = (a >> 16 ^ b) & 0xffff;
    turn_a = static_cast<int>(turns & 31);
    turn_b = static_cast<int>(turns >> 11);
  }
  return a ^ b;
}

uint32_t scatter(uint32_t number) {
  uint32_t a = number;
  a = (a + 0x7ed55d16) + (a << 12);
  a = (a ^ 0xc761c23c) ^ (a >> 19);
  a = (a + 0x165667b1) + (a << 5);
  a = (a + 0xd3a2646c) ^ (a << 9);
  a = (a + 0xfd7046c5) + (a << 3);
  a = (a ^ 0xb55a4f09) ^ (a >> 16);
  return a * 3221225473u;
}

}  // namespace ddbproxy::base
