// Feeds arbitrary bytes to the reader of what peers say: a hello, then messages about two tables.
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "sticky/peer_message.h"

using namespace ddbproxy;

namespace {

model::StickTable settings(model::StickTable::KeyType type, uint32_t key_size) {
  model::StickTable table;
  table.size = 100;
  table.key_type = type;
  table.key_size = key_size;
  table.expire = std::chrono::seconds(10);
  for (size_t i = 0; i < model::stick_data_rows.size(); ++i)
    table.data[i] = {model::stick_data_rows[i].several ? 3u : 1u, std::chrono::seconds(10)};
  return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const sticky::PeerHello hello = sticky::read_peer_hello(rest);
  if (hello.state == sticky::PeerHello::State::read) rest.remove_prefix(hello.size);
  sticky::Table addresses("t", settings(model::StickTable::KeyType::ip, 4), true),
      texts("u", settings(model::StickTable::KeyType::string, 20), true);
  std::optional<sticky::PeerTable> theirs;
  sticky::Table* table = nullptr;
  sticky::ReceivedNames names;
  uint32_t number = 0;
  sticky::PeerMessage message;
  while (sticky::take_peer_message(rest, 16384, message) == sticky::PeerReading::message) {
    if (message.type == sticky::PeerMessage::definition) {
      theirs = sticky::read_definition(message.body);
      table = nullptr;
      if (theirs && theirs->understood)
        for (sticky::Table* each : {&addresses, &texts})
          if (sticky::has_keys_of(*theirs, *each)) table = each;
    } else if (message.type == sticky::PeerMessage::acknowledgement) {
      sticky::read_acknowledgement(message.body);
    } else if (table) {
      sticky::read_update(message, *theirs, *table, 1000, number, names);
    }
  }
  if (addresses.used() > addresses.size() || texts.used() > texts.size()) std::abort();
  return 0;
}
