#include "http/request_context.h"

#include "sample/acl.h"
#include "stream/evaluation.h"

namespace ddbproxy::http {

bool holds(const model::Condition& condition, const Request& request, live::State& state) {
  if (!condition) return true;
  thread_local sample::Scratch scratch;
  net::CompactAddress client(request.client);
  stream::Evaluation on(scratch, state, request.generation ? *request.generation : state.generation());
  on.client = &client;
  on.request = request.text;
  on.head = &request.head;
  on.has_request = on.final = true;
  const bool answer = condition->holds(on);
  scratch.clear();
  return answer;
}

}  // namespace ddbproxy::http
