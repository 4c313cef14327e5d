// The commands of dynamic cookies, which no backend of ddbproxy gives out: only what leaves them off is carried out.
#include "admin/runs.h"
#include "admin/targets.h"
#include "live/state.h"

namespace ddbproxy::admin {
namespace {

/// What is wrong with the name of the backend, if anything is.
bool names_backend(const Call& call, Answer& fault) {
  if (call.word(3).empty())
    fault = Answer::error("A backend name is expected.\n");
  else if (!call.runtime.state.find_backend(call.word(3)))
    fault = Answer::error("No such backend.\n");
  else
    return true;
  return false;
}

}  // namespace

Answer run_disable_dynamic_cookie(Call& call) {
  Answer answer;
  names_backend(call, answer);
  return answer;
}

Answer run_enable_dynamic_cookie(Call& call) {
  Answer answer;
  return names_backend(call, answer) ? not_supported("enable dynamic-cookie backend") : answer;
}

Answer run_set_dynamic_cookie_key(Call& call) {
  Answer answer;
  if (!names_backend(call, answer)) return answer;
  if (call.word(4).empty()) return Answer::error("String value expected.\n");
  return not_supported("set dynamic-cookie-key backend");
}

}  // namespace ddbproxy::admin
