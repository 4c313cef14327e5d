// The page's fixed text, from page/*.html, *.css and *.js: embed.py writes the source of these functions.
#pragma once

#include <span>
#include <string_view>

namespace ddbproxy::stats {

struct TemplatePart {
  std::string_view text;
  std::string_view slot;  ///< What the program writes behind it; empty at the end.
};

std::span<const TemplatePart> page_template();
/// Lets the browser run the page's own style and script, and nothing else.
std::string_view page_security_policy();

}  // namespace ddbproxy::stats
