// Reads arbitrary text as an expression and as a log format, and evaluates what could be read.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "http/fetches.h"
#include "live/state.h"
#include "sample/expression.h"
#include "sample/library.h"
#include "sample/log_format.h"
#include "stream/evaluation.h"

using namespace ddbproxy;

namespace {

struct Names : sample::Library {
  std::shared_ptr<const sample::Variable> variable(std::string_view name, std::string& error) override {
    const std::optional<sample::Variable> found = sample::parse_variable(name, error);
    return found ? std::make_shared<const sample::Variable>(*found) : nullptr;
  }
  std::shared_ptr<sample::PatternList> map_file(std::string_view, std::string& error) override {
    error = "there are no files";
    return nullptr;
  }
};

constexpr std::string_view request = "GET /a/b?c=d&e HTTP/1.1\r\nHost: x.example\r\nCookie: a=b; c=d\r\n\r\nbody";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static live::State state(std::make_shared<model::Model>());
  static const bool prepared = (http::add_fetches(), true);
  static sample::Scratch scratch;
  static_cast<void>(prepared);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.find('\0') != text.npos) return 0;  // No word of a configuration has one.
  Names names;
  stream::Evaluation on(scratch, state, state.generation());
  on.request = request;
  on.has_request = on.final = true;
  sample::ExpressionReader reader(names);
  if (reader.begin(text)) {
    const auto expression = reader.take();
    sample::Value value;
    if (sample::is_answered(*expression->fetch().row)) expression->evaluate(on, value);
    if (value.text.size() > scratch.longest()) std::abort();
    scratch.clear();
  }
  size_t wrong_at = 0;
  const auto format = sample::LogFormat::parse(text, {.library = &names}, &wrong_at);
  if (!format && wrong_at > text.size()) std::abort();
  return 0;
}
