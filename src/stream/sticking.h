// What rules do with stick tables: they count keys, and remember servers by them.
#pragma once

#include <utility>

#include <ddbproxy/model.h>

#include "stream/evaluation.h"

namespace ddbproxy::stream {

/// Where a kind of data lies in a table that may have it as one of several: gpc0 is the first of gpc.
std::pair<sticky::StickData, uint32_t> place_of(const sticky::Layout& layout, sticky::StickData data, uint32_t at);
/// Adds one to a general counter and to its rate, as far as they are stored.
void count_gpc(const sticky::Layout& layout, sticky::Entry& entry, sticky::StickData data, uint32_t at,
               sticky::Tick now);

/// track-sc. False: what it tracks is not known yet.
bool track(const model::Rule& rule, Evaluation& evaluation);
/// sc-inc-gpc*, sc-set-gpt*
void change_tracked(const model::Rule& rule, Evaluation& evaluation);

/// Runs the `stick` rules on a request: the server that a table remembers, null when none does or `wanted` is one
/// already. What is to be remembered once a server has answered is kept with the stream.
live::Server* find_sticky_server(Evaluation& evaluation, live::Server* wanted);
/// The server has answered: the rules on responses run, and all keys lead to it.
void learn_server(Evaluation& evaluation);

}  // namespace ddbproxy::stream
