// All converters, in the order of their names.
#include <algorithm>
#include <vector>

#include "sample/converter.h"
#include "sample/converters/rows.h"

namespace ddbproxy::sample {

std::span<const Converter> converters() {
  static const std::vector<Converter> all = [] {
    std::vector<Converter> rows;
    for (const Rows& topic :
         {arithmetic_rows, text_rows,     word_rows,    byte_rows,  codec_rows,    url_rows,   hash_rows,
          digest_rows,     time_rows,     address_rows, json_rows,  regex_rows,    host_rows,  mqtt_rows,
          fix_rows,        protobuf_rows, map_rows,     table_rows, variable_rows, stream_rows})
      rows.insert(rows.end(), topic.begin(), topic.end());
    std::ranges::sort(rows, {}, &Converter::name);
    return rows;
  }();
  return all;
}

const Converter* find_converter(std::string_view name) {
  const std::span<const Converter> all = converters();
  const auto found = std::ranges::lower_bound(all, name, {}, &Converter::name);
  return found != all.end() && found->name == name ? &*found : nullptr;
}

}  // namespace ddbproxy::sample
