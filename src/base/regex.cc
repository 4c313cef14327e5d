#include "base/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

namespace ddbproxy::base {
namespace {

/// Ten times fewer than PCRE2's own: some hundredths of a second, which a text of a request never needs.
constexpr uint32_t most_steps = 1'000'000;

/// What a thread needs to match, made once.
struct Matcher {
  Matcher() { pcre2_set_match_limit(context, most_steps); }
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;
  ~Matcher() {
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
  }
  pcre2_match_data* data = pcre2_match_data_create(Regex::most_groups, nullptr);
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
};

Matcher& matcher() {
  thread_local Matcher of_thread;
  return of_thread;
}

int run(const pcre2_code* code, std::string_view text, uint32_t options) {
  const Matcher& with = matcher();
  const auto subject = reinterpret_cast<PCRE2_SPTR>(text.data() ? text.data() : "");
  const int groups = pcre2_match(code, subject, text.size(), 0, options, with.data, with.context);
  // Machine code has a small stack; the interpreter takes what it needs from the heap.
  if (groups != PCRE2_ERROR_JIT_STACKLIMIT) return groups;
  return pcre2_match(code, subject, text.size(), 0, options | PCRE2_NO_JIT, with.data, with.context);
}

}  // namespace

struct Regex::Code {
  explicit Code(pcre2_code* made) : code(made) {}
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() { pcre2_code_free(code); }
  pcre2_code* code;
};

Result<Regex> Regex::compile(std::string_view pattern, bool ignore_case) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                   ignore_case ? PCRE2_CASELESS : 0, &error, &offset, nullptr);
  if (code) {
    // Where there is no JIT, the interpreter does it.
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return Regex(std::make_shared<const Code>(code));
  }
  char words[256] = "";
  pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(words), sizeof words);
  return Error{0, fmt::format("regex '{}' is invalid (error={}, erroffset={})", pattern, words, offset)};
}

// 0: it matched, and there were more groups than places.
bool Regex::matches(std::string_view text) const { return run(code_->code, text, 0) >= 0; }

bool Regex::match(std::string_view text, Groups groups, bool begins) const {
  const int found = run(code_->code, text, begins ? 0 : PCRE2_NOTBOL);
  if (found < 0) return false;
  const size_t set = found == 0 ? most_groups : static_cast<size_t>(found);
  const PCRE2_SIZE* places = pcre2_get_ovector_pointer(matcher().data);
  for (size_t i = 0; i < most_groups; ++i)
    groups[i] = i < set && places[2 * i] != PCRE2_UNSET ? Group{places[2 * i], places[2 * i + 1]} : Group{};
  return true;
}

}  // namespace ddbproxy::base
