#include "live/names/service_names.h"

#include <algorithm>
#include <fmt/format.h>

#include "live/names/address_choice.h"
#include "live/names/server_names.h"

namespace ddbproxy::live {
namespace {

/// A record's weight of 1 to 65535 as one of 1 to 256; 0 stays 0.
int server_weight(uint16_t record_weight) { return (record_weight + 255) / 256; }

}  // namespace

ServiceFollower::ServiceFollower(ServerNames& names, Server& server, Resolver& resolver)
    : names_(names), resolver_(resolver) {
  add(server);
  resolver_.join(server.config().resolution.service, RecordType::srv, *this);
}

ServiceFollower::~ServiceFollower() { resolver_.leave(*this); }

bool ServiceFollower::takes(const Server& server, const Resolver& resolver) const {
  const Server& first = *seats_.front().server;
  return &resolver == &resolver_ && &server.backend() == &first.backend() &&
         same_name(server.config().resolution.service, first.config().resolution.service);
}

bool ServiceFollower::remove(const Server& server) {
  std::erase_if(seats_, [&](const Seat& seat) { return seat.server == &server; });
  return seats_.empty();
}

bool ServiceFollower::Seat::has(const ServiceRecord& record) const {
  return !target.empty() && port == record.port && same_name(target, record.target);
}

void ServiceFollower::name_resolved(const Resolution& resolution, const std::string&, NameServerCounters*) {
  const auto& services = resolution.services();
  for (Seat& seat : seats_)
    if (!seat.target.empty() &&
        std::none_of(services.begin(), services.end(), [&](const auto& known) { return seat.has(known.record); }))
      vacate(seat);
  for (const Resolution::KnownService& known : services) {
    const ServiceRecord& record = known.record;
    auto seat = std::find_if(seats_.begin(), seats_.end(), [&](const Seat& one) { return one.has(record); });
    if (seat == seats_.end()) {
      seat = std::find_if(seats_.begin(), seats_.end(), [](const Seat& one) { return one.target.empty(); });
      if (seat == seats_.end()) continue;  // more records than servers
      occupy(*seat, record);
    }
    refresh(*seat, record);
  }
}

void ServiceFollower::name_failed(const Resolution& resolution) {
  if (resolution.holds(base::now())) return;
  for (Seat& seat : seats_)
    if (!seat.target.empty()) vacate(seat);
}

void ServiceFollower::vacate(Seat& seat) {
  seat.target.clear();
  seat.follows = false;
  names_.forget_host(*seat.server);
  names_.take_address(*seat.server, " (entry removed from SRV record)");
  seat.server->set_host({});
  seat.server->set_port(0);
}

void ServiceFollower::occupy(Seat& seat, const ServiceRecord& record) {
  Server& server = *seat.server;
  seat.target = record.target;
  seat.port = record.port;
  server.backend().logger().write(
      log::notice, fmt::format("{}/{} changed its FQDN from {} to {} by 'SRV record'", server.backend().name(),
                               server.name(), server.host().empty() ? "(null)" : server.host(), record.target));
  server.set_host(record.target);
  server.set_port(record.port);
}

void ServiceFollower::refresh(Seat& seat, const ServiceRecord& record) {
  Server& server = *seat.server;
  const model::NameResolution& wishes = server.config().resolution;
  if (!wishes.ignore_weight && server.user_weight() != server_weight(record.weight))
    names_.states().set_weight(server, server_weight(record.weight));
  std::vector<Resolution::KnownAddress> told;
  for (const Address& address : record.addresses) told.push_back({address, {}});
  const auto chosen = choose_address(told, server.address(), names_.taken_by_others(server), wishes);
  if (chosen) {
    if (seat.follows) names_.forget_host(server);
    seat.follows = false;
    names_.give_address(server, *chosen, "DNS additional record");
  } else if (!seat.follows) {
    seat.follows = names_.follow(server, record.target);
  }
}

}  // namespace ddbproxy::live
