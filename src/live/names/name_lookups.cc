#include "live/names/name_lookups.h"

#include <algorithm>

namespace ddbproxy::live {

namespace {

/// Questions have ids of 16 bits, and strangers may have many asked.
constexpr size_t most_at_once = 8192;

/// The first of the family that was asked for first, or else the first.
std::optional<Address> choose(const Resolution& resolution, RecordType preferred) {
  const auto& known = resolution.addresses();
  if (known.empty()) return std::nullopt;
  const int family = preferred == RecordType::a ? AF_INET : AF_INET6;
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const auto& each) { return each.address.family() == family; });
  return found != known.end() ? found->address : known.front().address;
}

}  // namespace

class NameLookups::Lookup final : public NameClient {
 public:
  Lookup(Resolver& resolver, NameQuery query) : resolver_(resolver), query_(std::move(query)) {
    resolver_.join(query_.name, query_.preferred, *this);
  }
  ~Lookup() { resolver_.leave(*this); }

  bool over() const { return over_; }
  const void* asker() const { return query_.asker; }
  void end(const std::optional<Address>& address) {
    if (over_) return;
    over_ = true;
    // At once: for nobody it shall not be asked again and again.
    resolver_.leave(*this);
    query_.done(address);
  }
  /// What a server has had asked already need not be waited for.
  void look_at_known() {
    const Resolution* known = resolver_.known(query_.name, query_.preferred);
    if (known && !known->addresses().empty()) end(choose(*known, query_.preferred));
  }

  void name_resolved(const Resolution& resolution, const std::string&, NameServerCounters*) override {
    end(choose(resolution, query_.preferred));
  }
  void name_failed(const Resolution&) override { end(std::nullopt); }

 private:
  Resolver& resolver_;
  NameQuery query_;
  bool over_ = false;
};

NameLookups::NameLookups(const std::vector<std::unique_ptr<Resolver>>& sections) : sections_(sections) {}
NameLookups::~NameLookups() = default;

void NameLookups::begin(NameQuery query) {
  bury();
  const auto section = std::find_if(sections_.begin(), sections_.end(),
                                    [&](const auto& each) { return each->config().name == query.section; });
  if (section == sections_.end() || lookups_.size() >= most_at_once) return query.done(std::nullopt);
  lookups_.push_back(std::make_unique<Lookup>(**section, std::move(query)));
  lookups_.back()->look_at_known();
}

void NameLookups::forget(const void* asker) {
  std::erase_if(lookups_, [&](const auto& lookup) { return lookup->asker() == asker; });
}

void NameLookups::give_up() {
  for (const auto& lookup : lookups_) lookup->end(std::nullopt);
  lookups_.clear();
}

// Those that are over are told so by a resolver that is still going over its clients.
void NameLookups::bury() {
  std::erase_if(lookups_, [](const auto& lookup) { return lookup->over(); });
}

}  // namespace ddbproxy::live
