// Feeds arbitrary bytes to the reader of answers of name servers, as an answer to each kind of question.
#include <cstdint>
#include <cstdlib>

#include "live/names/message.h"

using namespace ddbproxy::live;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  for (const RecordType type : {RecordType::a, RecordType::aaaa, RecordType::srv}) {
    const NameAnswer answer = read_answer({data, size}, {type == RecordType::srv ? "_x.test" : "a.test", type});
    const bool found = !answer.addresses.empty() || !answer.services.empty();
    if ((answer.status == AnswerStatus::valid) && !found) std::abort();
  }
  return 0;
}
