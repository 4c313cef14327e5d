// Feeds arbitrary bytes to the reader of heads, whole and in two pieces, and asks every fetch of HTTP of them.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "expressions.h"
#include "http/fetches.h"
#include "http/head.h"
#include "live/state.h"
#include "sample/expression.h"
#include "stream/evaluation.h"

using namespace ddbproxy;

namespace {

/// Every one without arguments, and those that take some with a few.
std::vector<std::shared_ptr<sample::Expression>> expressions() {
  std::vector<std::string> texts{"req.hdr(a,-2)",  "req.hdr(,3)",  "req.fhdr(a,-2)",      "req.hdr_names(a)",
                                 "req.cook(a)",    "urlp(a,;)",    "http_auth_bearer(a)", "req.hdr_ip(a,-1)",
                                 "req.hdr_val(a)", "req.hdr(a)",   "req.hdr()",           "req.fhdr()",
                                 "req.hdr_ip()",   "req.hdr_val()"};
  for (const sample::Fetch* fetch : sample::fetches())
    if (fetch->source.http && fetch->supported) texts.emplace_back(fetch->name);
  return fuzz::read_expressions(texts);
}

bool same(const http::Head& a, const http::Head& b, std::string_view text) {
  return a.state() == b.state() && a.size() == b.size() && a.method.of(text) == b.method.of(text) &&
         a.target.of(text) == b.target.of(text) && a.fields().size() == b.fields().size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static live::State state(std::make_shared<model::Model>());
  static const auto all = (http::add_fetches(), expressions());
  static sample::Scratch scratch;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  http::Head whole, pieces;
  whole.read(text);
  pieces.read(text.substr(0, text.size() * data[0] / 256));
  pieces.read(text);
  if (!same(whole, pieces, text)) std::abort();
  for (const auto& expression : all) {
    for (const bool each : {false, true}) {
      stream::Evaluation on(scratch, state, state.generation());
      on.request = text;
      on.has_request = on.final = true;
      sample::Value value;
      value.each = each;
      // A value for every byte at most, and the end.
      size_t values = 0;
      do {
        value.more = false;
        if (expression->evaluate(on, value) == sample::Answer::found && ++values > size + 300) std::abort();
      } while (value.more);
      scratch.clear();
    }
  }
  return 0;
}
