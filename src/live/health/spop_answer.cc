#include "live/health/spop_answer.h"

#include "base/text.h"
#include "base/varint.h"
#include "net/big_endian.h"

namespace ddbproxy::live {
namespace {

using Outcome = Judgement::Outcome;

constexpr std::string_view invalid = "invalid frame received", no_version = "version value not found",
                           no_size = "max-frame-size value not found", unknown_error = "an unknown error occurred",
                           wrong_version = "unsupported version", wrong_size = "max-frame-size too big or too small",
                           fragmented = "fragmentation not supported";
/// By the codes with which agents disconnect.
constexpr std::string_view reasons[] = {"normal",
                                        "I/O error",
                                        "a timeout occurred",
                                        "frame is too big",
                                        invalid,
                                        no_version,
                                        no_size,
                                        "capabilities value not found",
                                        wrong_version,
                                        wrong_size,
                                        fragmented,
                                        "invalid interlaced frames",
                                        "frame-id not found",
                                        "resource allocation error"};

/// Reads a frame from the front; what is missing makes it bad.
class Frame {
 public:
  explicit Frame(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }
  bool bad() const { return bad_; }

  std::string_view take(uint64_t count) {
    if (count > rest_.size()) return bad_ = true, std::string_view();
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  uint8_t byte() {
    const std::string_view taken = take(1);
    return taken.empty() ? 0 : static_cast<uint8_t>(taken[0]);
  }
  uint64_t number() {
    const auto number = base::take_varint(rest_);
    return number ? *number : (bad_ = true, 0);
  }
  std::string_view text() { return take(number()); }

  enum Type : uint8_t { boolean = 1, int32, uint32, int64, uint64, ipv4, ipv6, string, binary };
  /// A value that must be a string, or a number; the type is the lower half of the byte before.
  std::string_view string_value() {
    if ((byte() & 15) == string) return text();
    return bad_ = true, std::string_view();
  }
  uint64_t number_value() {
    const int type = byte() & 15;
    if (type >= int32 && type <= uint64) return number();
    return bad_ = true, 0;
  }
  void skip_value() {
    switch (byte() & 15) {
      case int32:
      case uint32:
      case int64:
      case uint64: number(); break;
      case ipv4: take(4); break;
      case ipv6: take(16); break;
      case string:
      case binary: text(); break;
      default: break;
    }
  }

 private:
  std::string_view rest_;
  bool bad_ = false;
};

/// What is wrong with an agent's hello; empty: nothing. Like haproxy, knows names by what they begin with.
std::string_view judge_hello(Frame& frame, uint32_t bufsize) {
  constexpr uint64_t least_frame = 256, head = 4;
  bool has_version = false, has_size = false;
  while (!frame.done()) {
    const std::string_view name = frame.text();
    if (name.empty()) return invalid;
    if (name.starts_with("version")) {
      const std::string_view version = frame.string_value();
      if (frame.bad()) return invalid;
      if (base::trim(version) != "2.0") return wrong_version;
      has_version = true;
    } else if (name.starts_with("max-frame-size")) {
      const uint64_t size = frame.number_value();
      if (frame.bad()) return invalid;
      if (size < least_frame || size > bufsize - head) return wrong_size;
      has_size = true;
    } else if (name.starts_with("capabilities")) {
      frame.string_value();
    } else {
      frame.skip_value();
    }
    if (frame.bad()) return invalid;
  }
  return !has_version ? no_version : !has_size ? no_size : "";
}

/// Why the agent disconnects.
std::string_view reason_of(Frame& frame) {
  uint64_t code = 0;
  while (!frame.done()) {
    const std::string_view name = frame.text();
    if (name.empty()) return invalid;
    if (name.starts_with("status-code"))
      code = frame.number_value();
    else if (name.starts_with("message"))
      frame.string_value();
    else
      frame.skip_value();
    if (frame.bad()) return invalid;
  }
  // haproxy ends with a code that is none.
  return code < std::size(reasons) ? reasons[code] : unknown_error;
}

std::string_view judge_frame(std::string_view bytes, uint32_t bufsize) {
  constexpr uint8_t agent_hello = 101, agent_disconnect = 102;
  constexpr uint32_t whole = 1;
  Frame frame(bytes);
  const uint8_t type = frame.byte();
  const std::string_view flags = frame.take(4);
  if (frame.bad() || (type != agent_hello && type != agent_disconnect)) return invalid;
  if (!(net::long_at(flags, 0) & whole)) return fragmented;
  const uint64_t stream = frame.number(), number = frame.number();
  if (frame.bad() || stream || number) return invalid;
  return type == agent_hello ? judge_hello(frame, bufsize) : reason_of(frame);
}

}  // namespace

Judgement judge_spop(std::string_view answer, bool closed, CheckMemory& memory) {
  constexpr size_t head = 4;
  const size_t length = answer.size() < head ? 0 : net::long_at(answer, 0);
  if (answer.size() < head || answer.size() - head < length) {
    if (!closed) return {};
    return {Outcome::failed, {.status = model::CheckStatus::l7_response, .description = std::string(invalid)}};
  }
  const std::string_view failure = judge_frame(answer.substr(head, length), memory.bufsize);
  if (!failure.empty())
    return {Outcome::failed, {.status = model::CheckStatus::l7_response, .description = std::string(failure)}};
  memory.description = "SPOA server is ok";
  return {Outcome::met, {}};
}

}  // namespace ddbproxy::live
