#include "sample/places.h"

namespace ddbproxy::sample {

std::string_view name_of(Place place) {
  constexpr std::string_view names[] = {"frontend tcp-request connection rule",
                                        "frontend tcp-request session rule",
                                        "frontend tcp-request content rule",
                                        "frontend http-request header rule",
                                        "frontend http-request body rule",
                                        "frontend use-backend rule",
                                        "backend tcp-request content rule",
                                        "backend http-request header rule",
                                        "backend http-request body rule",
                                        "backend use-server, balance or stick-match rule",
                                        "server source selection",
                                        "backend tcp-response content rule",
                                        "backend http-response header rule",
                                        "backend http-response body rule",
                                        "backend stick-store rule",
                                        "frontend tcp-response content rule",
                                        "frontend http-response header rule",
                                        "frontend http-response body rule",
                                        "logs",
                                        "backend tcp-check rule",
                                        "configuration parser",
                                        "CLI parser"};
  return names[static_cast<int>(place)];
}

}  // namespace ddbproxy::sample
