// Asks every fetch that looks at a connection's bytes (ClientHello, RDP, payload...) of arbitrary ones.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "expressions.h"
#include "live/state.h"
#include "sample/expression.h"
#include "sample/fetch.h"
#include "stream/evaluation.h"

using namespace ddbproxy;

namespace {

/// Those without arguments, and these with some.
std::vector<std::shared_ptr<sample::Expression>> expressions() {
  std::vector<std::string> texts{"req.payload(0,0)",
                                 "req.payload(3,20)",
                                 "req.payload_lv(0,2)",
                                 "req.payload_lv(1,1,3)",
                                 "req.payload_lv(1,1,-1)",
                                 "req.rdp_cookie(mstshash)",
                                 "req.rdp_cookie()",
                                 "req.rdp_cookie_cnt(a)",
                                 "res.payload(0,0)",
                                 "res.payload_lv(0,2)",
                                 "mqtt",
                                 "fix"};
  for (const sample::Fetch* fetch : sample::fetches())
    if (&fetch->source == &sample::sources::any_bytes || &fetch->source == &sample::sources::request_bytes ||
        &fetch->source == &sample::sources::response_bytes)
      texts.emplace_back(fetch->name);
  for (const char* converter : {"mqtt_is_valid", "mqtt_field_value(connect,client_identifier)", "fix_is_valid",
                                "fix_tag_value(35)", "protobuf(1.2)", "ungrpc(1)"})
    texts.push_back(std::string("req.payload(0,0),") + converter);
  return fuzz::read_expressions(texts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static live::State state(std::make_shared<model::Model>());
  static const auto all = expressions();
  static sample::Scratch scratch;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (const auto& expression : all) {
    stream::Evaluation on(scratch, state, state.generation());
    (data[0] & 1 ? on.response : on.request) = text;
    on.has_request = !(data[0] & 1);
    on.has_response = data[0] & 1;
    on.final = data[0] & 2;
    sample::Value value;
    if (expression->evaluate(on, value) == sample::Answer::found && value.text.size() > scratch.longest()) std::abort();
    scratch.clear();
  }
  return 0;
}
