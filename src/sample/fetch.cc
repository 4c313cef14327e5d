#include "sample/fetch.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sample/fetches/rows.h"

namespace ddbproxy::sample {

std::span<const Fetch* const> fetches() {
  static const std::vector<const Fetch*> all = [] {
    std::vector<const Fetch*> rows;
    for (const auto topic : {connection_fetches, http_fetches, http_state_fetches, internal_fetches, payload_fetches,
                             table_fetches, tls_fetches})
      for (const Fetch& row : topic) rows.push_back(&row);
    std::sort(rows.begin(), rows.end(), [](auto* a, auto* b) { return a->name < b->name; });
    return rows;
  }();
  return all;
}

const Fetch* find_fetch(std::string_view name) {
  const auto all = fetches();
  const auto row = std::lower_bound(all.begin(), all.end(), name, [](auto* r, auto n) { return r->name < n; });
  return row != all.end() && (*row)->name == name ? *row : nullptr;
}

bool is_answered_of_request(const Fetch& fetch) {
  constexpr std::string_view others[] = {"req.body", "capture.", "http_first_req", "thread", "unique-id"};
  const bool other = std::any_of(std::begin(others), std::end(others),
                                 [&](std::string_view each) { return fetch.name.starts_with(each); });
  const std::string_view source = fetch.source.name;
  const bool of_request = fetch.source.http && (fetch.source.places & at(Place::frontend_request_head));
  return is_answered(fetch) && !other && (of_request || source == sources::everywhere.name || fetch.name == "src");
}

size_t number_of(const Fetch& fetch) {
  const auto all = fetches();
  return static_cast<size_t>(
      std::lower_bound(all.begin(), all.end(), fetch.name, [](auto* r, auto n) { return r->name < n; }) - all.begin());
}

}  // namespace ddbproxy::sample
