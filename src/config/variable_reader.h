// Reads the variable of an action: "set-var(txn.x,ifempty)" (manual 4.2 "http-request set-var").
#pragma once

#include <string>
#include <string_view>

#include <ddbproxy/rules.h>

namespace ddbproxy::config {

class Library;

/// What stands in the brackets of `word`, which begins with `action`. False: it names no variable, and `error` says why
/// in haproxy's words, without their full stop.
bool read_variable(Library& library, std::string_view word, std::string_view action, model::Rule& rule,
                   std::string& error);

}  // namespace ddbproxy::config
