// All rings of the process by their names, and who is told that one of them has something new.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ddbproxy/log_sections.h>

#include "log/ring.h"

namespace ddbproxy::log {

/// The one that is there without a section; it is made when it is first asked for.
inline constexpr std::string_view own_ring = "buf0";

/// Makes the rings of a configuration, or takes those that are there already, with what they hold. Before the loggers
/// that write into them. Control thread, or before there are others.
void adopt_rings(const model::Model& model);
/// Null: there is none. Any thread.
std::shared_ptr<Ring> find_ring(std::string_view name);
/// Who is told of every message in any ring, on the thread that writes it; null: nobody.
void set_ring_listener(Ring::Listener* listener);

}  // namespace ddbproxy::log
