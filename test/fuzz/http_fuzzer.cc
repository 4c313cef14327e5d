// Feeds arbitrary bytes to the HTTP parser, whole and in two pieces: both must read the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/request_parser.h"

using ddbproxy::http::RequestParser;

namespace {

bool same(const RequestParser& a, const RequestParser& b) {
  return a.complete() == b.complete() && a.failed() == b.failed() && a.error_status() == b.error_status() &&
         a.keep_alive() == b.keep_alive() && a.request().method() == b.request().method() &&
         a.request().target() == b.request().target() &&
         a.request().head.fields().size() == b.request().head.fields().size() && a.request().body == b.request().body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t cut = text.size() * data[0] / 256;
  const RequestParser::Limits limits{.head = 512, .headers = 16, .body = 64};
  RequestParser whole(limits), pieces(limits);
  const size_t used = whole.feed(text);
  size_t used_in_pieces = pieces.feed(text.substr(0, cut));
  if (used_in_pieces == cut) used_in_pieces += pieces.feed(text.substr(cut));
  if (used != used_in_pieces || !same(whole, pieces)) std::abort();
  // Until its end is read it may have two more: a Host or a length that says the same again goes.
  const size_t fields = whole.request().head.fields().size(), most = limits.headers + (whole.head_complete() ? 0 : 2);
  if (whole.request().body.size() > limits.body || fields > most) std::abort();
  return 0;
}
