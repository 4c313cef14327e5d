// Commands of the master's own API.
#include "admin/runs.h"

namespace ddbproxy::admin {

Answer run_mcli_debug_mode(Call& call) {
  call.client.master_debug = call.word(1) == "on";
  return Answer::done();
}

Answer run_reload(Call& call) {
  Answer answer;
  answer.later = [master = call.runtime.services.master](const Answer::Finish& finish) {
    master->reload([finish](std::string text) { finish(Answer::info(std::move(text))); });
  };
  return answer;
}

Answer run_show_proc(Call& call) { return Answer::info(call.runtime.services.master->show_processes()); }

}  // namespace ddbproxy::admin
