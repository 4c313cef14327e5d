#include "live/balance/spread.h"

#include <numeric>
#include <set>

namespace ddbproxy::live {

// By the place numbered p, a weight w of a total t has a claim to floor((p + 1) * w / t) places; the place goes to the
// one that lags most behind its claim. A claim grows by one at known places, so it is enough to visit those, instead
// of every weight at every place.
std::vector<uint32_t> spread(std::span<const int> weights) {
  const uint64_t total = std::accumulate(weights.begin(), weights.end(), uint64_t{0});
  std::vector<uint32_t> places(total);
  std::vector<std::vector<uint32_t>> growing(total);  // whose claim grows at this place
  struct Lag {
    int64_t lag;
    uint32_t index;
    bool operator<(const Lag& other) const { return lag != other.lag ? lag > other.lag : index < other.index; }
  };
  std::set<Lag> lags;
  std::vector<int64_t> lag_of(weights.size(), 0);
  for (uint32_t index = 0; index < weights.size(); ++index) {
    const auto weight = static_cast<uint64_t>(weights[index]);
    if (weight == 0) continue;
    lags.insert({0, index});
    for (uint64_t nth = 1; nth <= weight; ++nth) growing[(nth * total + weight - 1) / weight - 1].push_back(index);
  }
  const auto move = [&](uint32_t index, int by) {
    auto node = lags.extract({lag_of[index], index});
    node.value().lag = lag_of[index] += by;
    lags.insert(std::move(node));
  };
  for (uint64_t place = 0; place < total; ++place) {
    for (const uint32_t index : growing[place]) move(index, 1);
    places[place] = lags.begin()->index;
    move(places[place], -1);
  }
  return places;
}

}  // namespace ddbproxy::live
