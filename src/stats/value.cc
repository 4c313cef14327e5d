#include "stats/value.h"

#include <fmt/format.h>

namespace ddbproxy::stats {
namespace {

// JSON has no integers beyond this (2^53 - 1); larger ones are cut as in 2.6.
constexpr uint64_t json_largest = (uint64_t{1} << 53) - 1;

std::string_view word(Value::Type type) {
  switch (type) {
    case Value::Type::none: return "";
    case Value::Type::u32: return "u32";
    case Value::Type::s32: return "s32";
    case Value::Type::u64: return "u64";
    case Value::Type::decimal: return "flt";
    case Value::Type::text: return "str";
  }
  return "";
}

std::string_view word(Origin origin) {
  switch (origin) {
    case Origin::metric: return "Metric";
    case Origin::status: return "Status";
    case Origin::key: return "Key";
    case Origin::config: return "Config";
    case Origin::product: return "Product";
  }
  return "";
}

std::string_view word(Nature nature) {
  switch (nature) {
    case Nature::gauge: return "Gauge";
    case Nature::limit: return "Limit";
    case Nature::maximum: return "Max";
    case Nature::rate: return "Rate";
    case Nature::counter: return "Counter";
    case Nature::duration: return "Duration";
    case Nature::age: return "Age";
    case Nature::name: return "Name";
    case Nature::output: return "Output";
    case Nature::average: return "Avg";
  }
  return "";
}

std::string_view word(Scope scope) {
  switch (scope) {
    case Scope::cluster: return "Cluster";
    case Scope::service: return "Service";
    case Scope::process: return "Process";
  }
  return "";
}

void write_decimal(std::string& out, int64_t millionths) {
  fmt::format_to(std::back_inserter(out), "{}", millionths / 1'000'000);
  if (millionths % 1'000'000 == 0) return;
  fmt::format_to(std::back_inserter(out), ".{:06}", millionths % 1'000'000);
  out.erase(out.find_last_not_of('0') + 1);
}

}  // namespace

void write_plain(std::string& out, const Value& value) {
  switch (value.type) {
    case Value::Type::none: return;
    case Value::Type::u32:
    case Value::Type::s32: fmt::format_to(std::back_inserter(out), "{}", value.number); return;
    case Value::Type::u64: fmt::format_to(std::back_inserter(out), "{}", static_cast<uint64_t>(value.number)); return;
    case Value::Type::decimal: write_decimal(out, value.number); return;
    case Value::Type::text: out += value.text; return;
  }
}

void write_csv(std::string& out, const Value& value) {
  if (value.type != Value::Type::text || value.text.find_first_of(",\"\r\n") == std::string::npos) {
    write_plain(out, value);
    return;
  }
  out += '"';
  for (char c : value.text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void write_typed(std::string& out, const Tags& tags, const Value& value) {
  out += static_cast<char>(tags.origin);
  out += static_cast<char>(tags.nature);
  out += static_cast<char>(tags.scope);
  out += ':';
  out += word(value.type);
  out += ':';
  write_plain(out, value);
}

void write_json(std::string& out, const Tags& tags, const Value& value) {
  fmt::format_to(std::back_inserter(out),
                 R"("tags":{{"origin":"{}","nature":"{}","scope":"{}"}},"value":{{"type":"{}","value":)",
                 word(tags.origin), word(tags.nature), word(tags.scope), word(value.type));
  if (value.type == Value::Type::text) {
    write_json_string(out, value.text);
  } else if (value.type == Value::Type::u64 && static_cast<uint64_t>(value.number) > json_largest) {
    fmt::format_to(std::back_inserter(out), "{}", json_largest);
  } else {
    write_plain(out, value);
  }
  out += '}';
}

void write_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace ddbproxy::stats
