// Reads the words of actions that only rules on messages have: what the rows of keywords/http_action.cc name.
#pragma once

#include "config/rule_reader.h"

namespace ddbproxy::config::http_actions {

// Each reads what stands behind the action, up to its condition, and reports what is wrong.
void add_header(Line& line, RuleDraft& draft);
void answer(Line& line, RuleDraft& draft);
void auth(Line& line, RuleDraft& draft);
void cache(Line& line, RuleDraft& draft);
void capture_message(Line& line, RuleDraft& draft);
void del_header(Line& line, RuleDraft& draft);
void deny(Line& line, RuleDraft& draft);
void do_resolve(Line& line, RuleDraft& draft);
void normalize_uri(Line& line, RuleDraft& draft);
void nothing(Line& line, RuleDraft& draft);
void one_format(Line& line, RuleDraft& draft);
void ot_group(Line& line, RuleDraft& draft);
void redirect(Line& line, RuleDraft& draft);
void replace_header(Line& line, RuleDraft& draft);
void replace_uri(Line& line, RuleDraft& draft);
void send_spoe_group(Line& line, RuleDraft& draft);
void set_status(Line& line, RuleDraft& draft);
void set_timeout(Line& line, RuleDraft& draft);
void set_uri(Line& line, RuleDraft& draft);
void strict_mode(Line& line, RuleDraft& draft);
void two_formats(Line& line, RuleDraft& draft);
void use_service(Line& line, RuleDraft& draft);
void wait_for_body(Line& line, RuleDraft& draft);

}  // namespace ddbproxy::config::http_actions
