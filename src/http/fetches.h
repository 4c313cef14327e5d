// Has streams answer what expressions ask of HTTP messages (manual 7.3.6).
#pragma once

namespace ddbproxy::http {

/// Before there is any stream.
void add_fetches();

}  // namespace ddbproxy::http
