#include "http/fetches.h"

#include "http/fetches/tables.h"

namespace ddbproxy::http {

void add_fetches() {
  for (const auto table :
       {authorization_answers, cookie_answers, header_answers, request_answers, target_answers, unknown_answers})
    stream::add_fetches(table);
}

}  // namespace ddbproxy::http
