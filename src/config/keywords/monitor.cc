// Rows of monitor-uri and monitor fail (manual 4.2).
#include "config/acl_reader.h"
#include "config/context.h"
#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Proxy;

void monitor_fail(Line& line, Proxy& proxy) {
  if (line.peek() != "fail") return void(line.alert("'monitor' only supports 'fail'.", line.position()));
  line.take();
  if (line.peek() != "if" && line.peek() != "unless")
    return void(line.alert("'monitor fail' requires either 'if' or 'unless' followed by a condition."));
  auto condition = read_condition(line, {"error detected while parsing a 'monitor fail' condition : ", "."});
  if (!condition || !proxy.frontend) return;
  line.context().draft->rules.add(line, RuleKind::monitor_fail);
  proxy.frontend->monitor.fail.push_back(std::move(condition));
}

void monitor_uri(Line& line, Proxy& proxy) {
  if (line.peek().empty()) return void(line.alert("'monitor-uri' expects an URI."));
  // Of a backend it has no effect, but mode tcp warns of it all the same.
  if (line.context().section == in_backend) return proxy.unsupported.push_back({line.where(0), line.keyword()});
  proxy.frontend->monitor.uri = line.take();
  proxy.frontend->monitor.where = line.where(0);
}

constexpr Keyword<Proxy> rows[] = {
    {.name = "monitor",
     .syntax = "fail {if|unless} <condition>",
     .sections = in_frontend | in_listen,
     .mode = Needs::http,
     .parse = monitor_fail,
     .doc = "When monitor-uri answers that the proxy is not well."},
    {.name = "monitor-uri",
     .syntax = "<uri>",
     .sections = client_side,
     .mode = Needs::http,
     .max_args = 1,
     .parse = monitor_uri,
     .doc = "A URI that the proxy itself answers, for whoever checks it."},
};
static_assert(in_order(rows));

}  // namespace

constinit const Table<Proxy> monitor_table{"proxy keyword", rows};

}  // namespace ddbproxy::config
