// Reads arbitrary text as an expression and as a format, and evaluates what could be read.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include <ddbproxy/parse.h>

#include "config/runtime_expression.h"
#include "http/fetches.h"
#include "live/state.h"
#include "sample/expression.h"
#include "stream/evaluation.h"

using namespace ddbproxy;

namespace {

constexpr std::string_view request = "GET /a/b?c=d&e HTTP/1.1\r\nHost: x.example\r\nCookie: a=b; c=d\r\n\r\nbody";

/// Something to name.
std::shared_ptr<const model::Model> some_model() {
  http::add_fetches();
  auto parsed =
      parse({{"fuzz.cfg",
              "userlist u\n user a insecure-password b\nlisten l\n bind 127.0.0.1:1\n stick-table type ip size 10 "
              "store conn_cnt,gpc0\n server s 127.0.0.1:2\n timeout client 1s\n timeout server 1s\n timeout "
              "connect 1s\n"}});
  if (!parsed.model) std::abort();
  return parsed.model;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto model = some_model();
  static live::State state(model);
  static sample::Scratch scratch;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (text.find('\0') != text.npos) return 0;  // No word of a configuration has one.
  stream::Evaluation on(scratch, state, state.generation().frontend_configs().front());
  on.request = request;
  on.has_request = on.final = true;
  std::string error;
  const std::array words{text};
  if (const auto expression = config::read_runtime_expression(words, "fuzz", *model, error)) {
    sample::Value value;
    expression->evaluate(on, value);
    if (value.text.size() > scratch.longest()) std::abort();
    scratch.clear();
  } else if (error.empty()) {
    std::abort();
  }
  error.clear();
  if (!config::read_runtime_format(text, *model, error) && error.empty()) std::abort();
  return 0;
}
