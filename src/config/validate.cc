#include "config/validate.h"

#include <fmt/format.h>

namespace ddbproxy::config {
namespace {

/// What needs HTTP and is not carried out: an error in an HTTP proxy; haproxy ignores it in a TCP one.
void judge_unsupported(Context& context, const model::Proxy& proxy) {
  if (proxy.mode != model::Mode::http) return;
  for (const model::Unsupported& word : proxy.unsupported)
    context.diagnostics.add(Severity::alert, word.where,
                            fmt::format("parsing [{}:{}] : '{}' is not supported by ddbproxy yet.",
                                        word.where.file->name, word.where.line, word.keyword));
}

}  // namespace

void validate(Context& context) {
  for (const auto& proxy : context.model->proxies) judge_unsupported(context, *proxy);
}

}  // namespace ddbproxy::config
