// The numbers: `show info`, `show stat`, `clear counters`.
#include <memory>

#include "admin/runs.h"
#include "admin/targets.h"
#include "live/server_states.h"
#include "live/state.h"
#include "stats/dump.h"
#include "stats/process_info.h"

namespace ddbproxy::admin {

Answer run_show_info(Call& call) {
  using Style = stats::ProcessInfo::Style;
  stats::ProcessInfo::Options options;
  for (size_t i = 2; call.has(i); ++i) {
    if (call.word(i) == "typed") options.style = Style::typed;
    if (call.word(i) == "json") options.style = Style::json;
    if (call.word(i) == "desc") options.descriptions = true;
    if (call.word(i) == "float") options.floats = true;
  }
  call.runtime.info.stopping = call.runtime.services.stopping;
  Answer answer;
  call.runtime.info.write(answer.text, options);
  if (options.style == Style::json) answer.text += '\n';
  return answer;
}

Answer run_show_stat(Call& call) {
  stats::Filter filter;
  filter.details = call.client.granted >= model::CliLevel::operator_;
  size_t options = 2;
  if (call.has(4)) {  // <proxy> <type> <server>
    const long long id = find_proxy_id(call, 2);
    if (!id) return Answer::error("No such proxy.\n");
    filter.proxy_id = static_cast<int>(id);
    filter.kinds = static_cast<unsigned>(leading_number(call.word(3)));
    filter.server_id = static_cast<int>(leading_number(call.word(4)));
    options = 5;
  }
  stats::Format format = stats::Format::csv;
  bool descriptions = false;
  for (size_t i = options; call.has(i); ++i) {
    if (call.word(i) == "typed") format = stats::Format::typed;
    if (call.word(i) == "json") format = stats::Format::json;
    if (call.word(i) == "desc") descriptions = true;
    if (call.word(i) == "up") filter.only_up = true;
    if (call.word(i) == "no-maint") filter.no_maintenance = true;
  }
  return Answer::pieces(
      [dump = std::make_shared<stats::Dump>(call.runtime.state, std::move(filter), format, descriptions),
       json = format == stats::Format::json](std::string& out) {
        if (dump->next(out)) return true;
        if (json) out += '\n';
        return false;
      });
}

Answer run_show_schema_json(Call&) {
  Answer answer;
  stats::write_json_schema(answer.text);
  answer.text += '\n';
  return answer;
}

}  // namespace ddbproxy::admin
