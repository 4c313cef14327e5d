// The functions that carry commands out, one file a topic in commands/.
#pragma once

#include "admin/command.h"

namespace ddbproxy::admin {

// session.cc: what a client changes for itself
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

// reload.cc
Answer run_reload_in_place(Call& call);
Answer run_reload_provided(Call& call);

// master.cc
Answer run_mcli_debug_mode(Call& call);
Answer run_reload(Call& call);
Answer run_show_proc(Call& call);

// statistics.cc, clear_counters.cc
Answer run_show_info(Call& call);
Answer run_show_stat(Call& call);
Answer run_show_schema_json(Call& call);
Answer run_clear_counters(Call& call);

// servers.cc, server_dumps.cc
Answer run_set_server(Call& call);
Answer run_enable_server(Call& call);
Answer run_disable_server(Call& call);
Answer run_enable_health(Call& call);
Answer run_disable_health(Call& call);
Answer run_enable_agent(Call& call);
Answer run_disable_agent(Call& call);
Answer run_set_weight(Call& call);
Answer run_get_weight(Call& call);
Answer run_set_maxconn_server(Call& call);
Answer run_show_servers_state(Call& call);
Answer run_show_servers_conn(Call& call);
Answer run_show_backend(Call& call);

// dynamic_servers.cc
Answer run_add_server(Call& call);
Answer run_del_server(Call& call);

// pattern_lists.cc: ACLs and maps
Answer run_show_patterns(Call& call);
Answer run_get_pattern(Call& call);
Answer run_add_pattern(Call& call);
Answer run_del_pattern(Call& call);
Answer run_clear_patterns(Call& call);
Answer run_set_map(Call& call);
Answer run_prepare_patterns(Call& call);
Answer run_commit_patterns(Call& call);

// resolvers.cc
Answer run_show_resolvers(Call& call);

// variables.cc
Answer run_get_var(Call& call);
Answer run_set_var(Call& call);
Answer run_clear_table(Call& call);
Answer run_set_table(Call& call);
Answer run_show_table(Call& call);

// limits.cc
Answer run_disable_frontend(Call& call);
Answer run_enable_frontend(Call& call);
Answer run_shutdown_frontend(Call& call);
Answer run_set_maxconn_frontend(Call& call);
Answer run_set_maxconn_global(Call& call);
Answer run_set_rate_limit(Call& call);

// sessions.cc
Answer run_show_sess(Call& call);
Answer run_shutdown_session(Call& call);
Answer run_shutdown_sessions_server(Call& call);

// process.cc
Answer run_getsocks(Call& call);
Answer run_show_version(Call& call);
Answer run_show_cli_sockets(Call& call);
Answer run_show_env(Call& call);
Answer run_show_startup_logs(Call& call);
Answer run_show_fd(Call& call);
Answer run_show_libs(Call& call);

// absent.cc, dynamic_cookies.cc, measurements.cc: what ddbproxy has none of
Answer run_absent(Call& call);
Answer run_show_peers(Call& call);
Answer run_show_crt_list(Call& call);
Answer run_show_tls_keys(Call& call);
Answer run_show_trace(Call& call);
Answer run_trace(Call& call);
Answer run_disable_dynamic_cookie(Call& call);
Answer run_enable_dynamic_cookie(Call& call);
Answer run_set_dynamic_cookie_key(Call& call);
Answer run_show_pools(Call& call);
Answer run_show_tasks(Call& call);
Answer run_show_profiling(Call& call);
Answer run_set_profiling(Call& call);

// activity.cc, errors.cc, events.cc
Answer run_show_activity(Call& call);
Answer run_show_threads(Call& call);
Answer run_show_errors(Call& call);
Answer run_show_events(Call& call);

}  // namespace ddbproxy::admin
