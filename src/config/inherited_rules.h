// Which sections may inherit rules from a named `defaults` section (manual 4, "defaults").
#pragma once

#include <ddbproxy/model.h>

#include "config/line.h"

namespace ddbproxy::config {

/// Who has inherited from one `defaults` section so far.
struct Heirs {
  bool frontends = false, backends = false;
};

/// Reports what `heir` must not inherit from `base`; `section` is the bit of the heir's own kind.
void judge_inherited_rules(Line& line, const model::Proxy& base, uint16_t section, Heirs& heirs);

}  // namespace ddbproxy::config
