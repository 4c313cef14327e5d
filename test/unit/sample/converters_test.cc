// Converters and casts, by the table that test/oracle proves against haproxy: an expression and what it gives.
#include <catch2/catch.hpp>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <set>

#include <ddbproxy/address.h>

#include "sample/cast.h"
#include "sample/converter.h"
#include "sample/library.h"

using namespace ddbproxy;
using namespace ddbproxy::sample;

namespace {

struct Names : Library {
  std::shared_ptr<const Variable> variable(std::string_view name, std::string& error) override {
    const std::optional<Variable> found = parse_variable(name, error);
    return found ? std::make_shared<const Variable>(*found) : nullptr;
  }
  std::shared_ptr<PatternList> map_file(std::string_view, std::string&) override { return nullptr; }
};

/// Has variables of the process; texts are its own.
struct Variables : Context {
  using Context::Context;
  Answer fetch(const FetchCall&, Value&) override { return Answer::absent; }
  bool convert(const Converter&, Arguments, Value&) override { return false; }
  Answer variable(const Variable& variable, Value& value) override {
    const auto found = values.find(variable.scope == Scope::process ? variable.name : "");
    if (found == values.end()) return Answer::absent;
    value = found->second.first;
    value.text = found->second.second;
    return Answer::found;
  }
  void set(const std::string& name, const Value& value) { values[name] = {value, std::string(value.text)}; }
  std::map<std::string, std::pair<Value, std::string>> values;
};

/// "name(a,'b')" from the front of an expression.
struct Call {
  std::string name;
  std::vector<std::string> arguments;
};

std::string take_argument(std::string_view& rest) {
  std::string text;
  char quote = 0;
  for (; !rest.empty(); rest.remove_prefix(1)) {
    const char c = rest[0];
    if (quote == 0 && (c == ',' || c == ')')) break;
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (c == '\\' && quote != '\'' && rest.size() > 1 &&
               std::string_view("\\\"' ").find(rest[1]) != std::string_view::npos) {
      rest.remove_prefix(1);
      text += rest[0];
    } else {
      text += c;
    }
  }
  return text;
}

Call take_call(std::string_view& rest) {
  Call call;
  const size_t end = std::min(rest.find_first_of(",("), rest.size());
  call.name = rest.substr(0, end);
  rest.remove_prefix(end);
  if (rest.starts_with('(')) {
    do {
      rest.remove_prefix(1);
      call.arguments.push_back(take_argument(rest));
    } while (rest.starts_with(','));
    rest.remove_prefix(1);
    if (call.arguments == std::vector<std::string>{""}) call.arguments.clear();
  }
  if (rest.starts_with(',')) rest.remove_prefix(1);
  return call;
}

std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  return bytes;
}

/// A constant, as the fetches of that name give it; its text lives as long as `text`.
bool set_constant(const Call& call, Context& context, Value& value, std::string& text) {
  text = call.arguments.empty() ? "" : call.arguments[0];
  if (call.name == "str") value.set_string(text);
  if (call.name == "meth") value.set_method(text);
  if (call.name == "int") value.set_integer(static_cast<int64_t>(std::strtoll(text.c_str(), nullptr, 10)));
  if (call.name == "bool") value.set_boolean(text == "true" || text == "1");
  if (call.name == "bin") value.set_binary(text = from_hex(text));
  if (call.name == "ipv4" || call.name == "ipv6") value.set_address(Address::parse_ip(text));
  std::string why;
  return call.name != "var" || context.variable(*parse_variable(text, why), value) == Answer::found;
}

void set_mask(Argument& argument, size_t bytes) {
  const Address address = Address::parse_ip(argument.text);
  Value value;
  if (value.set_address(address)) {
    argument.ip = value.ip;
    return;
  }
  const int bits = std::stoi(argument.text);
  for (int bit = 0; bit < bits && bit < static_cast<int>(bytes * 8); ++bit)
    argument.ip[static_cast<size_t>(bit / 8)] |= static_cast<unsigned char>(0x80 >> bit % 8);
}

std::vector<Argument> arguments_of(const Converter& converter, const Call& call) {
  std::vector<Argument> arguments(converter.arguments.count);
  REQUIRE(call.arguments.size() <= arguments.size());
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    Argument& argument = arguments[i];
    argument.kind = converter.arguments.kinds[i];
    argument.text = call.arguments[i];
    if (argument.kind == ArgumentKind::integer) argument.number = std::strtoll(argument.text.c_str(), nullptr, 10);
    if (argument.kind == ArgumentKind::mask4) set_mask(argument, 4);
    if (argument.kind == ArgumentKind::mask6) set_mask(argument, 16);
  }
  return arguments;
}

std::string shown(const Value& value) {
  std::string text(name_of(value.type));
  switch (value.type) {
    case Type::boolean:
    case Type::integer: return text + ' ' + std::to_string(value.number);
    case Type::ipv4:
    case Type::ipv6: return text + ' ' + value.address().host();
    case Type::binary:
      if (!value.text.empty()) text += ' ';
      for (const char c : value.text) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
      return text;
    default: break;
  }
  text += " \"";
  for (const char c : value.text) {
    const bool plain = c >= 32 && c < 127 && c != '"' && c != '\\';
    text += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return text + '"';
}

/// What an expression gives, in the words of the table. `value` points into `keep`.
std::string evaluate(std::string_view expression, Variables& context, Value& value, std::vector<std::string>& keep,
                     std::vector<std::vector<Argument>>& kept_arguments) {
  Names names;
  const Call constant = take_call(expression);
  keep.emplace_back();
  bool there = set_constant(constant, context, value, keep.back());
  Type type = value.type;
  if (constant.name == "var") type = Type::any;
  while (!expression.empty()) {
    const Call call = take_call(expression);
    const Converter* const converter = find_converter(call.name);
    REQUIRE(converter);
    if (!can_cast(type, converter->in)) return "inapplicable";
    std::vector<Argument>& arguments = kept_arguments.emplace_back(arguments_of(*converter, call));
    if (converter->check)
      if (const std::string wrong = converter->check(arguments, names); !wrong.empty()) return "wrong " + wrong;
    type = converter->out;
    if (!there) continue;
    there = cast(value, converter->in, context.scratch) &&
            (converter->convert ? converter->convert(arguments, value, context)
                                : context.convert(*converter, arguments, value));
    if (there) CHECK((value.text.empty() || value.text.size() <= context.scratch.longest()));
  }
  return there ? shown(value) : "absent";
}

/// The test runs in the folder of the build or in that of the project.
std::ifstream open_table(const char* name) {
  auto folder = std::filesystem::path(__FILE__).parent_path() / "../../oracle";
  if (!std::filesystem::exists(folder)) folder = "test/oracle";
  return std::ifstream(folder / name);
}

std::string signature(const Converter& converter) {
  std::string text(converter.name);
  if (converter.arguments.count > 0) text += '(';
  const char* separator = "";
  for (uint8_t i = 0; i < converter.arguments.count; ++i) {
    if (i == converter.arguments.required) text += '[';
    text += separator;
    separator = ",";
    for (const auto& kind : detail::kind_names)
      if (kind.kind == converter.arguments.kinds[i]) text += kind.name;
  }
  if (converter.arguments.required < converter.arguments.count) text += ']';
  if (converter.arguments.count > 0) text += ')';
  return text + ": " + std::string(name_of(converter.out)) + " => " + std::string(name_of(converter.in));
}

}  // namespace

TEST_CASE("expressions give what they give in haproxy") {
  std::ifstream table = open_table("converters.table");
  Scratch scratch;
  Variables context(scratch);
  size_t lines = 0;
  std::set<std::string, std::less<>> seen;
  for (std::string line; std::getline(table, line); ++lines) {
    if (line.empty() || line[0] == '#') continue;
    const bool setting = line.starts_with("let\t");
    if (setting) line.erase(0, 4);
    const size_t tab = line.find('\t');
    const std::string expression = line.substr(setting ? tab + 1 : 0, setting ? line.npos : tab);
    std::vector<std::string> keep;
    keep.reserve(4);
    std::vector<std::vector<Argument>> arguments;
    Value value;
    INFO(expression);
    const std::string result = evaluate(expression, context, value, keep, arguments);
    if (setting) {
      context.set(line.substr(5, tab - 5), value);
    } else {
      CHECK(result == line.substr(tab + 1));
    }
    scratch.clear();
  }
  CHECK(lines > 1000);
}

TEST_CASE("every converter has haproxy's name, arguments and types") {
  std::ifstream list = open_table("converters.list");
  std::vector<std::string> wanted, have;
  for (std::string line; std::getline(list, line);) wanted.push_back(line);
  for (const Converter& converter : converters()) have.push_back(signature(converter));
  CHECK(have == wanted);
}

TEST_CASE("a converter that is not there is not found") {
  CHECK(find_converter("nosuch") == nullptr);
  CHECK(find_converter("") == nullptr);
  CHECK(find_converter("zzz") == nullptr);
  CHECK(find_converter("upper")->name == "upper");
}
