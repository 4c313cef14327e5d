// Sends arbitrary bytes through up to three converters: the first bytes choose which, and with which arguments.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "sample/cast.h"
#include "sample/converter.h"
#include "sample/expression.h"
#include "sample/library.h"

using namespace ddbproxy::sample;

namespace {

struct Names : Library {
  std::shared_ptr<const Variable> variable(std::string_view name, std::string& error) override {
    const std::optional<Variable> found = parse_variable(name, error);
    return found ? std::make_shared<const Variable>(*found) : nullptr;
  }
  std::shared_ptr<PatternList> map_file(std::string_view, std::string& error) override {
    error = "there are no files";
    return nullptr;
  }
};

/// Every variable is the text that came in.
struct OneText : Context {
  using Context::Context;
  Answer fetch(const FetchCall&, Value&) override { return Answer::absent; }
  bool convert(const Converter&, Arguments, Value&) override { return false; }
  Answer variable(const Variable&, Value& value) override {
    value.set_binary(text);
    return Answer::found;
  }
  std::string_view text;
};

struct Call {
  const char* name;
  std::vector<std::string> arguments;
};

/// With arguments, where the plain converter does too little; the others are added without any.
const Call calls_with_arguments[] = {
    {"add", {"txn.x"}},
    {"mul", {"-9223372036854775808"}},
    {"div", {"txn.x"}},
    {"mod", {"-1"}},
    {"bytes", {"3", "5"}},
    {"bytes", {"-1", "-1"}},
    {"field", {"2", "a,", "2"}},
    {"field", {"-2", "a,", "0"}},
    {"field", {"-9223372036854775808", "a"}},
    {"word", {"2", "a,", "2"}},
    {"word", {"-2", "a,", "0"}},
    {"word", {"-1", "a", "-1"}},
    {"concat", {"<", "txn.x", ">"}},
    {"add_item", {",", "txn.x", "!"}},
    {"strcmp", {"txn.x"}},
    {"secure_memcmp", {"txn.x"}},
    {"ltrim", {"ab"}},
    {"rtrim", {"ab"}},
    {"iif", {"yes", "no"}},
    {"be2dec", {":", "3"}},
    {"be2dec", {"", "8", "1"}},
    {"be2hex", {"--", "2", "1"}},
    {"digest", {"sha3-256"}},
    {"hmac", {"sha256", "txn.x"}},
    {"aes_gcm_dec", {"128", "txn.x", "txn.x", "txn.x"}},
    {"utime", {"%c %s", "5"}},
    {"http_date", {"-9", "us"}},
    {"json", {"utf8"}},
    {"json", {"utf8ps"}},
    {"json_query", {"$.a.b[1]"}},
    {"json_query", {"$[*].a", "int"}},
    {"json_query", {"$"}},
    {"jwt_header_query", {"$.a"}},
    {"jwt_payload_query", {"$.a", "int"}},
    {"regsub", {"a*(b?)", "[\\1\\0\\x41\\", "g"}},
    {"regsub", {"^.|$", "xy", "gi"}},
    {"language", {"en;fr;en-us", "de"}},
    {"url_dec", {"1"}},
    {"protobuf", {"1.2.3", "sint64"}},
    {"protobuf", {"1"}},
    {"protobuf", {"1", "double"}},
    {"ungrpc", {"1.2", "float"}},
    {"fix_tag_value", {"35"}},
    {"mqtt_field_value", {"connect", "will_topic"}},
    {"mqtt_field_value", {"connect", "33"}},
    {"mqtt_field_value", {"connack", "31"}},
};

struct Prepared {
  const Converter* converter;
  std::vector<Argument> arguments;
};

/// False: the arguments are wrong, as they are without any for many.
bool prepare(const Converter& converter, const std::vector<std::string>& texts, std::vector<Prepared>& into) {
  Names names;
  Prepared prepared{&converter, std::vector<Argument>(converter.arguments.count)};
  for (size_t i = 0; i < texts.size(); ++i) {
    Argument& argument = prepared.arguments[i];
    argument.kind = converter.arguments.kinds[i];
    argument.text = texts[i];
    argument.number = std::strtoll(argument.text.c_str(), nullptr, 10);
  }
  if (!converter.convert || (converter.check && !converter.check(prepared.arguments, names).empty())) return false;
  // Who looks names up refuses an expression with one of these.
  for (size_t i = 0; i < prepared.arguments.size(); ++i)
    if (converter.arguments.kinds[i] == ArgumentKind::regex && !prepared.arguments[i].regex) return false;
  into.push_back(std::move(prepared));
  return true;
}

std::vector<Prepared> prepare_all() {
  std::vector<Prepared> all;
  for (const Converter& converter : converters()) prepare(converter, {}, all);
  for (const Call& call : calls_with_arguments)
    if (const Converter* const converter = find_converter(call.name);
        !converter || !prepare(*converter, call.arguments, all))
      std::abort();
  return all;
}

/// What was made can be read to its end, and is not longer than a sample.
void look_at(const Value& value, const Scratch& scratch) {
  if (value.type == Type::any || value.text.size() > scratch.longest()) std::abort();
  unsigned sum = 0;
  for (const char c : value.text) sum += static_cast<unsigned char>(c);
  [[maybe_unused]] static volatile unsigned seen;
  seen = sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<Prepared> all = prepare_all();
  // So small that limits are reached.
  static Scratch scratch(1024);
  if (size < 4 || size > 900) return 0;
  scratch.clear();
  OneText context(scratch);
  context.text = {reinterpret_cast<const char*>(data + 4), size - 4};
  Value value;
  if (data[3] & 1) {
    value.set_binary(context.text);
  } else {
    value.set_string(context.text);
  }
  for (size_t i = 0; i < 3; ++i) {
    const Prepared& next = all[data[i] % all.size()];
    if (!cast(value, next.converter->in, scratch) || !next.converter->convert(next.arguments, value, context)) return 0;
    look_at(value, scratch);
  }
  return 0;
}
