// What stands in the bytes that client and server have sent (manual 7.3.5).
#include <algorithm>
#include <charconv>

#include "stream/fetches/tables.h"
#include "stream/rdp_cookie.h"

namespace ddbproxy::stream {
namespace {

using sample::Answer;
using sample::Arguments;
using sample::Value;

/// One direction's bytes: what there is, and whether more may come.
struct Bytes {
  std::string_view text;
  bool whole;  ///< Nothing more will come.
};

bool has(const Evaluation& e, bool response) { return response ? e.has_response : e.has_request; }
Bytes bytes(const Evaluation& e, bool response) { return {response ? e.response : e.request, e.final}; }
Answer missing(const Bytes& bytes) { return bytes.whole ? Answer::absent : Answer::not_yet; }

template <bool response>
Answer length(Evaluation& e, Arguments, Value& v) {
  if (!has(e, response)) return Answer::absent;
  v.set_integer(static_cast<int64_t>(bytes(e, response).text.size()));
  v.may_change = !e.final;
  return Answer::found;
}

/// payload(<offset>,<length>); a length of 0: all there is.
template <bool response>
Answer payload(Evaluation& e, Arguments arguments, Value& v) {
  if (!has(e, response)) return Answer::absent;
  const Bytes all = bytes(e, response);
  const auto offset = static_cast<uint64_t>(static_cast<uint32_t>(arguments[0].number));
  const auto length = static_cast<uint64_t>(static_cast<uint32_t>(arguments[1].number));
  if (offset + length > e.generation.global().bufsize) return Answer::absent;
  if (all.text.empty() || offset + length > all.text.size()) return missing(all);
  v.set_binary(all.text.substr(offset, length ? length : all.text.npos));
  v.may_change = !length && !all.whole;
  return Answer::found;
}

/// payload_lv(<offset of the length>,<its size>[,<offset of the text>]): a text behind its length in network order. A
/// signed third one counts from behind the length.
template <bool response>
Answer payload_lv(Evaluation& e, Arguments arguments, Value& v) {
  if (!has(e, response)) return Answer::absent;
  const Bytes all = bytes(e, response);
  const auto at = static_cast<uint64_t>(arguments[0].number), size = static_cast<uint64_t>(arguments[1].number);
  if (at + size > all.text.size()) return missing(all);
  uint64_t length = 0;
  for (const char c : all.text.substr(at, size)) length = length << 8 | static_cast<unsigned char>(c);
  const sample::Argument& second = arguments[2];
  uint64_t begin = at + size;
  if (second.kind != sample::ArgumentKind::none) {
    const bool relative = second.text[0] == '+' || second.text[0] == '-';
    begin = relative ? begin + static_cast<uint64_t>(second.number) : static_cast<uint64_t>(second.number);
  }
  if (!length || begin + length > e.generation.global().bufsize) return Answer::absent;
  if (begin + length > all.text.size()) return missing(all);
  v.set_binary(all.text.substr(begin, length));
  return Answer::found;
}

/// In contents both sides are asked for by one name: it is that whose rules run.
Answer own_payload(Evaluation& e, Arguments arguments, Value& v) {
  return e.has_response ? payload<true>(e, arguments, v) : payload<false>(e, arguments, v);
}
Answer own_payload_lv(Evaluation& e, Arguments arguments, Value& v) {
  return e.has_response ? payload_lv<true>(e, arguments, v) : payload_lv<false>(e, arguments, v);
}

Answer rdp_cookie(Evaluation& e, Arguments arguments, Value& v) {
  if (!e.has_request) return Answer::absent;
  std::string_view cookie;
  const Answer answer = find_rdp_cookie(e.request, arguments[0].text, cookie);
  if (answer == Answer::found) v.set_string(cookie);
  return answer == Answer::not_yet && e.final ? Answer::absent : answer;
}
Answer rdp_cookie_count(Evaluation& e, Arguments arguments, Value& v) {
  if (!e.has_request) return Answer::absent;
  std::string_view cookie;
  const Answer answer = find_rdp_cookie(e.request, arguments[0].text, cookie);
  if (answer == Answer::not_yet) return e.final ? Answer::absent : answer;
  v.set_integer(answer == Answer::found);
  return Answer::found;
}

Answer wait_end(Evaluation& e, Arguments, Value& v) {
  if (!e.final) return Answer::not_yet;
  v.set_boolean(true);
  return Answer::found;
}

constexpr FetchFunction payload_rows[] = {{"payload", own_payload},
                                          {"payload_lv", own_payload_lv},
                                          {"rdp_cookie", rdp_cookie},
                                          {"rdp_cookie_cnt", rdp_cookie_count},
                                          {"req.len", length<false>},
                                          {"req.payload", payload<false>},
                                          {"req.payload_lv", payload_lv<false>},
                                          {"req.rdp_cookie", rdp_cookie},
                                          {"req.rdp_cookie_cnt", rdp_cookie_count},
                                          {"req_len", length<false>},
                                          {"res.len", length<true>},
                                          {"res.payload", payload<true>},
                                          {"res.payload_lv", payload_lv<true>},
                                          {"wait_end", wait_end}};

}  // namespace

constinit const std::span<const FetchFunction> payload_answers = payload_rows;

}  // namespace ddbproxy::stream
