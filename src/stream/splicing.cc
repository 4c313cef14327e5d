#include "stream/splicing.h"

namespace ddbproxy::stream {

using model::Toggle;

net::Splicing splicing(const model::Proxy& frontend, const model::Proxy& backend, Toggle model::Proxy::*direction) {
  const auto either = [&](Toggle model::Proxy::*option, Toggle value) {
    return frontend.*option == value || backend.*option == value;
  };
  if (either(direction, Toggle::on)) return net::Splicing::always;
  if (either(&model::Proxy::splice_auto, Toggle::on)) return net::Splicing::automatic;
  const bool unwanted = either(direction, Toggle::off) || either(&model::Proxy::splice_auto, Toggle::off);
  return unwanted ? net::Splicing::never : net::Splicing::automatic;
}

}  // namespace ddbproxy::stream
