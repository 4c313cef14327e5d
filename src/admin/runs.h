// The functions that carry commands out, one file a topic in commands/.
#pragma once

#include "admin/command.h"

namespace ddbproxy::admin {

// commands/session.cc: what a client changes for itself
Answer run_help(Call& call);
Answer run_prompt(Call& call);
Answer run_quit(Call& call);
Answer run_operator(Call& call);
Answer run_user(Call& call);
Answer run_expert_mode(Call& call);
Answer run_experimental_mode(Call& call);
Answer run_set_severity_output(Call& call);
Answer run_set_timeout(Call& call);
Answer run_show_cli_level(Call& call);

}  // namespace ddbproxy::admin
