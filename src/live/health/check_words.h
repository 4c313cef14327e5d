// The words in which a script's check tells where it failed, as haproxy has them.
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/check_script.h>

namespace ddbproxy::live {

/// "string 'hello'", "regex", "binary regex": what messages call an expectation.
std::string expectation_words(const model::CheckExpect& expect);
/// " at step 2 of tcp-check (expect string 'hello') comment: 'why'".
std::string place_words(const model::CheckStep& step, size_t number, std::string_view comment);
/// "text comment: why".
std::string with_comment(std::string text, std::string_view comment);
/// Takes words of a result from where the script says.
std::string result_words(const model::CheckWords& words, std::string_view answer);

}  // namespace ddbproxy::live
