// `reload`, `reload check`: the configuration is read anew while everything runs.
#include "admin/command.h"
#include "admin/runs.h"

namespace ddbproxy::admin {

Answer run_reload_in_place(Call& call) {
  if (!call.may(model::CliLevel::admin)) return permission_denied();
  const bool only_check = call.word(1) == "check";
  if (call.has(1) && !only_check) return Answer::error("'reload' takes no argument but 'check'.\n");
  const auto& reload = call.runtime.services.reload;
  if (!reload) return Answer::error("This process cannot read its configuration anew.\n");
  Answer answer;
  answer.later = [&reload, only_check](const Answer::Finish& finish) {
    reload(only_check, [finish](bool done, std::string text) {
      finish(done ? Answer::info(std::move(text)) : Answer::error(std::move(text)));
    });
  };
  return answer;
}

/// What a worker's master says: whoever came by another way, or has given up the right, is left without a word.
Answer run_reload_provided(Call& call) {
  Answer answer;
  const bool allowed = call.client.through_link && call.client.level == model::CliLevel::admin;
  answer.take_connection = [&services = call.runtime.services, allowed](base::Fd connection) {
    if (allowed && services.reload_provided) services.reload_provided(std::move(connection));
  };
  return answer;
}

}  // namespace ddbproxy::admin
