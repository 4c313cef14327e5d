#include "stats/dump.h"

#include <fmt/format.h>

#include "stats/fields.h"

namespace ddbproxy::stats {
namespace {

Value ask(const Field& field, const Row& row, const Source*& source) {
  source = field.for_kind(row.kind);
  return source ? source->ask(row) : Value{};
}

uint32_t number_in_proxy(const Row& row) {
  return row.server ? row.server->id() : static_cast<uint32_t>(row.listener_number);
}

void write_typed_lines(std::string& out, const Row& row, bool descriptions) {
  size_t index = 0;
  for (const Field& field : fields()) {
    const size_t number = index++;
    const Source* source;
    const Value value = ask(field, row, source);
    if (!value) continue;
    fmt::format_to(std::back_inserter(out), "{}.{}.{}.{}.{}.1:", row.kind_name()[0], row.proxy->id,
                   number_in_proxy(row), number, field.name);
    write_typed(out, source->tags, value);
    if (descriptions) fmt::format_to(std::back_inserter(out), ":\"{}\"", field.doc);
    out += '\n';
  }
}

void write_json_array(std::string& out, const Row& row) {
  size_t index = 0;
  bool first = true;
  out += '[';
  for (const Field& field : fields()) {
    const size_t number = index++;
    const Source* source;
    const Value value = ask(field, row, source);
    if (!value) continue;
    fmt::format_to(std::back_inserter(out),
                   R"({}{{"objType":"{}","proxyId":{},"id":{},"field":{{"pos":{},"name":"{}"}},"processNum":1,)",
                   first ? "" : ",", row.kind_name(), row.proxy->id, number_in_proxy(row), number, field.name);
    write_json(out, source->tags, value);
    out += '}';
    first = false;
  }
  out += ']';
}

}  // namespace

void write_csv_header(std::string& out) {
  out += "# ";
  bool modules = false;
  for (const Field& field : fields()) {
    if (field.of_module && !modules) {
      out += "-,";
      modules = true;
    }
    out += field.name;
    out += ',';
  }
  out += '\n';
}

void write_csv_line(std::string& out, const Row& row) {
  bool modules = false;
  for (const Field& field : fields()) {
    if (field.of_module && !modules) {
      out += "-,";
      modules = true;
    }
    const Source* source;
    write_csv(out, ask(field, row, source));
    out += ',';
  }
  out += '\n';
}

bool Dump::next(std::string& out, size_t size) {
  const size_t before = out.size();
  if (!begun_) {
    begun_ = true;
    if (format_ == Format::csv) write_csv_header(out);
    if (format_ == Format::json) out += '[';
  }
  Row row;
  while (out.size() - before < size) {
    if (!rows_.next(row)) {
      if (format_ == Format::json) out += ']';
      return false;
    }
    switch (format_) {
      case Format::csv: write_csv_line(out, row); break;
      case Format::typed: write_typed_lines(out, row, descriptions_); break;
      case Format::json:
        if (written_ > 0) out += ',';
        write_json_array(out, row);
        break;
    }
    ++written_;
  }
  return true;
}

}  // namespace ddbproxy::stats
