// What `errorfiles` and `http-error` name, when the whole file is read.
#pragma once

namespace ddbproxy::config {

class Context;

/// Gives each proxy the pages of the sections that it names, of each status the last; reports sections that are not
/// there, and warns of pages that they lack.
void resolve_error_pages(Context& context);

}  // namespace ddbproxy::config
