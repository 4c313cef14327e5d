// Expressions that the runtime API is given while the proxy runs (`set var`).
#pragma once

#include <memory>
#include <span>
#include <string>

#include <ddbproxy/model.h>

#include "sample/expression.h"
#include "sample/log_format.h"

namespace ddbproxy::config {

/// From the words of a command; null, and why in haproxy's words. `name` is what messages call it. Proxies and servers
/// are those of `model`.
std::shared_ptr<const sample::Expression> read_runtime_expression(std::span<const std::string> words,
                                                                  const std::string& name, const model::Model& model,
                                                                  std::string& error);
std::shared_ptr<const sample::LogFormat> read_runtime_format(const std::string& text, const model::Model& model,
                                                             std::string& error);

}  // namespace ddbproxy::config
