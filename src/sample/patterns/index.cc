#include "sample/patterns/index.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "base/text.h"
#include "sample/method.h"
#include "sample/patterns/entry_chain.h"
#include "sample/patterns/folding.h"
#include "sample/patterns/prefix_tree.h"
#include "sample/patterns/range_tree.h"
#include "sample/patterns/reading.h"
#include "sample/patterns/text_hash.h"

namespace ddbproxy::sample {
namespace {

/// found, bool: any pattern says the same, none too.
class NoIndex : public Index {
 public:
  base::Status insert(const PatternEntry&, Leftovers&) override { return base::ok(); }
  void erase(const PatternEntry&, Leftovers&) override {}
  void replace(const PatternEntry&, const PatternEntry&, Leftovers&) override {}
  const PatternEntry* find(const Value&, Scratch&, base::Regex::Group*) const override { return nullptr; }
  bool in_tree(const PatternEntry&) const override { return false; }
};

/// str, bin
class EqualIndex : public Index {
 public:
  explicit EqualIndex(Reading reading) : reading_(reading), texts_(reading) {}
  base::Status insert(const PatternEntry& entry, Leftovers& leftovers) override {
    if (reading_ == Reading::hexadecimal)
      if (auto bytes = base::read_hex(entry.pattern()); !bytes) return bytes.error();
    texts_.insert(entry, leftovers);
    return base::ok();
  }
  void erase(const PatternEntry& entry, Leftovers&) override { texts_.erase(entry); }
  void replace(const PatternEntry& old, const PatternEntry& with, Leftovers&) override { texts_.replace(old, with); }
  const PatternEntry* find(const Value& value, Scratch& scratch, base::Regex::Group*) const override {
    if (reading_ != Reading::folded) return texts_.find(value.text);
    const Scratch::Mark mark = scratch.mark();
    const PatternEntry* found = texts_.find(folded(value.text, scratch));
    scratch.clear(mark);
    return found;
  }
  bool in_tree(const PatternEntry&) const override { return reading_ == Reading::exact; }
  void load(size_t entries) override { texts_.reserve(entries); }

 private:
  const Reading reading_;
  TextHash texts_;
};

/// beg, end: haproxy has a tree, and so the longest, for the beginnings with their case only.
template <bool reversed, bool folding>
class AffixIndex : public Index {
 public:
  base::Status insert(const PatternEntry& entry, Leftovers& leftovers) override {
    tree_.insert(Key(entry.pattern()), entry, leftovers);
    return base::ok();
  }
  void erase(const PatternEntry& entry, Leftovers& leftovers) override {
    tree_.erase(Key(entry.pattern()), entry, leftovers);
  }
  void replace(const PatternEntry& old, const PatternEntry& with, Leftovers& leftovers) override {
    tree_.replace(Key(with.pattern()), old, with, leftovers);
  }
  const PatternEntry* find(const Value& value, Scratch&, base::Regex::Group*) const override {
    return tree_.find(Key(value.text), has_tree ? Tree::Wanted::longest : Tree::Wanted::first);
  }
  bool in_tree(const PatternEntry&) const override { return has_tree; }
  void load(size_t entries) override { tree_.reserve(entries); }
  void loaded() override { tree_.loaded(); }

 private:
  using Key = TextKey<reversed, folding>;
  using Tree = PrefixTree<Key>;
  static constexpr bool has_tree = !reversed && !folding;
  Tree tree_;
};

/// ip
class NetworkIndex : public Index {
 public:
  explicit NetworkIndex(ResolveHost resolve) : resolve_(std::move(resolve)) {}

  base::Status insert(const PatternEntry& entry, Leftovers& leftovers) override {
    auto network = read_network(entry.pattern(), {});
    if (!network && resolve_) {
      network = read_network(entry.pattern(), resolve_);
      if (network) resolved_.emplace(entry.number, *network);
    }
    if (!network) return network.error();
    if (network->ipv6)
      ipv6_.insert(ipv6_key(*network), entry, leftovers);
    else if (network->is_prefix)
      ipv4_.insert(ipv4_key(*network), entry, leftovers);
    else
      masked_.insert(entry, Masked{network->ipv4(), network->mask});
    return base::ok();
  }
  void erase(const PatternEntry& entry, Leftovers& leftovers) override {
    const Network network = network_of(entry);
    if (network.ipv6)
      ipv6_.erase(ipv6_key(network), entry, leftovers);
    else if (network.is_prefix)
      ipv4_.erase(ipv4_key(network), entry, leftovers);
    else
      masked_.erase(entry, leftovers);
    resolved_.erase(entry.number);
  }
  void replace(const PatternEntry& old, const PatternEntry& with, Leftovers& leftovers) override {
    const Network network = network_of(old);
    if (network.ipv6)
      ipv6_.replace(ipv6_key(network), old, with, leftovers);
    else if (network.is_prefix)
      ipv4_.replace(ipv4_key(network), old, with, leftovers);
    else
      masked_.replace(old, with, Masked{network.ipv4(), network.mask}, leftovers);
  }
  /// In haproxy's order: the trees of the value's own kind, of the other, and then the masks with gaps.
  const PatternEntry* find(const Value& value, Scratch&, base::Regex::Group*) const override {
    const bool is_ipv6 = value.type == Type::ipv6;
    uint32_t address = value.ipv4_host_order();
    Ipv6Key wide{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 128};
    if (is_ipv6) {
      wide.address = value.ip;
      if (const PatternEntry* found = ipv6_.find(wide, Longest6)) return found;
      if (!ipv4_within(value.ip, address)) return nullptr;
    }
    if (const PatternEntry* found = ipv4_.find({address, 32}, Longest4)) return found;
    if (!is_ipv6) {
      std::memcpy(&wide.address[12], value.ip.data(), 4);
      if (const PatternEntry* found = ipv6_.find(wide, Longest6)) return found;
    }
    return masked_.find([&](const Masked& each, auto&) { return (address & each.mask) == each.address; });
  }
  bool in_tree(const PatternEntry& entry) const override {
    const Network network = network_of(entry);
    return network.ipv6 || network.is_prefix;
  }
  void load(size_t entries) override {
    ipv4_.reserve(entries);
    ipv6_.reserve(entries);
  }
  void loaded() override {
    ipv4_.loaded();
    ipv6_.loaded();
  }

 private:
  struct Masked {
    uint32_t address, mask;
  };
  static constexpr auto Longest4 = PrefixTree<Ipv4Key>::Wanted::longest;
  static constexpr auto Longest6 = PrefixTree<Ipv6Key>::Wanted::longest;

  static Ipv4Key ipv4_key(const Network& network) { return {network.ipv4(), network.bits}; }
  static Ipv6Key ipv6_key(const Network& network) { return {network.address, network.bits}; }
  /// What it was when it came, whatever its name stands for today.
  Network network_of(const PatternEntry& entry) const {
    const auto found = resolved_.find(entry.number);
    return found != resolved_.end() ? found->second : *read_network(entry.pattern(), {});
  }
  /// ::ffff:1.2.3.4, ::1.2.3.4 and 6to4's 2002:0102:0304:: are 1.2.3.4.
  static bool ipv4_within(const std::array<unsigned char, 16>& ip, uint32_t& address) {
    const auto at = [&](size_t first) {
      return uint32_t{ip[first]} << 24 | uint32_t{ip[first + 1]} << 16 | uint32_t{ip[first + 2]} << 8 | ip[first + 3];
    };
    if (ip[0] == 0x20 && ip[1] == 0x02) {
      address = at(2);
      return true;
    }
    if (at(0) != 0 || at(4) != 0 || (at(8) != 0 && at(8) != 0xffff)) return false;
    address = at(12);
    return true;
  }

  const ResolveHost resolve_;
  PrefixTree<Ipv4Key> ipv4_;
  PrefixTree<Ipv6Key> ipv6_;
  EntryChain<Masked> masked_;
  std::unordered_map<uint32_t, Network> resolved_;  ///< Entries that name a host, by their number.
};

/// int, len
class NumberIndex : public Index {
 public:
  explicit NumberIndex(Match match) : match_(match) {}
  base::Status insert(const PatternEntry& entry, Leftovers& leftovers) override {
    const auto range = read(entry);
    if (!range) return range.error();
    ranges_.insert(*range, entry, leftovers);
    return base::ok();
  }
  void erase(const PatternEntry& entry, Leftovers& leftovers) override {
    ranges_.erase(*read(entry), entry, leftovers);
  }
  void replace(const PatternEntry& old, const PatternEntry& with, Leftovers& leftovers) override {
    ranges_.replace(*read(old), old, with, leftovers);
  }
  const PatternEntry* find(const Value& value, Scratch&, base::Regex::Group*) const override {
    return ranges_.find(match_ == Match::length ? static_cast<int64_t>(value.text.size()) : value.number);
  }
  bool in_tree(const PatternEntry&) const override { return false; }
  void load(size_t) override { ranges_.load(); }
  void loaded() override { ranges_.loaded(); }

 private:
  base::Result<NumberRange> read(const PatternEntry& entry) const {
    return match_ == Match::dotted ? read_dotted_range(entry.pattern()) : read_range(entry.pattern());
  }
  const Match match_;
  RangeTree ranges_;
};

/// sub, dir, dom
class SearchIndex : public Index {
 public:
  SearchIndex(Match match, bool ignore_case)
      : folding_(ignore_case),
        delimiters_(match == Match::directory ? "/?"
                    : match == Match::domain  ? "/?.:"
                                              : "") {}

  base::Status insert(const PatternEntry& entry, Leftovers&) override {
    chain_.insert(entry, searched(entry));
    return base::ok();
  }
  void erase(const PatternEntry& entry, Leftovers& leftovers) override { chain_.erase(entry, leftovers); }
  void replace(const PatternEntry& old, const PatternEntry& with, Leftovers& leftovers) override {
    chain_.replace(old, with, searched(with), leftovers);
  }
  const PatternEntry* find(const Value& value, Scratch& scratch, base::Regex::Group*) const override {
    const Scratch::Mark mark = scratch.mark();
    const std::string_view text = folding_ ? folded(value.text, scratch) : value.text;
    const PatternEntry* found = chain_.find([&](const Searched& each, const PatternEntry& entry) {
      const std::string_view needle = each.folded ? std::string_view(each.folded.get(), each.size)
                                                  : std::string_view(entry.text + each.at, each.size);
      return delimiters_.empty() ? contains(text, needle) : has_word(text, needle);
    });
    scratch.clear(mark);
    return found;
  }
  bool in_tree(const PatternEntry&) const override { return false; }

 private:
  /// A part of the pattern, or its copy in lower case.
  struct Searched {
    uint32_t at = 0, size = 0;
    std::unique_ptr<char[]> folded;
  };

  Searched searched(const PatternEntry& entry) const {
    const std::string_view pattern = entry.pattern();
    Searched result{0, entry.pattern_size, nullptr};
    if (!delimiters_.empty()) {
      const size_t first = pattern.find_first_not_of(delimiters_);
      result.at = static_cast<uint32_t>(std::min(first, pattern.size()));
      result.size = first == std::string_view::npos
                        ? 0
                        : static_cast<uint32_t>(pattern.find_last_not_of(delimiters_) + 1 - first);
    }
    if (folding_) {
      result.folded = std::make_unique<char[]>(result.size);
      for (uint32_t i = 0; i < result.size; ++i) result.folded[i] = lower(pattern[result.at + i]);
    }
    return result;
  }
  static bool contains(std::string_view text, std::string_view needle) {
    return needle.empty() || (!text.empty() && memmem(text.data(), text.size(), needle.data(), needle.size()));
  }
  bool has_word(std::string_view text, std::string_view word) const {
    if (word.empty()) return false;
    for (size_t at = 0; at + word.size() <= text.size(); ++at) {
      const void* found = memmem(text.data() + at, text.size() - at, word.data(), word.size());
      if (!found) return false;
      at = static_cast<size_t>(static_cast<const char*>(found) - text.data());
      const size_t end = at + word.size();
      if ((at == 0 || ends_word(text[at - 1])) && (end == text.size() || ends_word(text[end]))) return true;
    }
    return false;
  }
  bool ends_word(char letter) const { return delimiters_.find(letter) != std::string_view::npos; }

  const bool folding_;
  const std::string_view delimiters_;
  EntryChain<Searched> chain_;
};

/// The ACL "method": -i is for methods that haproxy does not know, on both sides.
class MethodIndex : public Index {
 public:
  explicit MethodIndex(bool ignore_case) : folding_(ignore_case) {}
  base::Status insert(const PatternEntry& entry, Leftovers&) override {
    chain_.insert(entry, is_known(entry.pattern()));
    return base::ok();
  }
  void erase(const PatternEntry& entry, Leftovers& leftovers) override { chain_.erase(entry, leftovers); }
  void replace(const PatternEntry& old, const PatternEntry& with, Leftovers& leftovers) override {
    chain_.replace(old, with, is_known(with.pattern()), leftovers);
  }
  const PatternEntry* find(const Value& value, Scratch&, base::Regex::Group*) const override {
    const bool folding = folding_ && !is_known(value.text);
    return chain_.find([&](bool known, const PatternEntry& entry) {
      return folding && !known ? base::equals_ignoring_case(entry.pattern(), value.text)
                               : entry.pattern() == value.text;
    });
  }
  bool in_tree(const PatternEntry&) const override { return false; }

 private:
  static bool is_known(std::string_view name) { return !usual_method(name).empty(); }
  const bool folding_;
  EntryChain<bool> chain_;
};

/// reg
class RegexIndex : public Index {
 public:
  explicit RegexIndex(bool ignore_case) : folding_(ignore_case) {}
  base::Status insert(const PatternEntry& entry, Leftovers&) override {
    auto regex = base::Regex::compile(entry.pattern(), folding_);
    if (!regex) return regex.error();
    chain_.insert(entry, std::move(*regex));
    return base::ok();
  }
  void erase(const PatternEntry& entry, Leftovers& leftovers) override { chain_.erase(entry, leftovers); }
  void replace(const PatternEntry& old, const PatternEntry& with, Leftovers& leftovers) override {
    chain_.replace(old, with, std::move(*base::Regex::compile(with.pattern(), folding_)), leftovers);
  }
  const PatternEntry* find(const Value& value, Scratch&, base::Regex::Group* groups) const override {
    return chain_.find([&](const base::Regex& regex, auto&) {
      return groups ? regex.match(value.text, base::Regex::Groups(groups, base::Regex::most_groups))
                    : regex.matches(value.text);
    });
  }
  bool in_tree(const PatternEntry&) const override { return false; }

 private:
  const bool folding_;
  EntryChain<base::Regex> chain_;
};

template <bool reversed>
std::unique_ptr<Index> affix_index(bool ignore_case) {
  if (ignore_case) return std::make_unique<AffixIndex<reversed, true>>();
  return std::make_unique<AffixIndex<reversed, false>>();
}

}  // namespace

std::unique_ptr<Index> make_index(const MatchOptions& options) {
  const bool folding = options.ignore_case;
  switch (options.match) {
    case Match::found:
    case Match::boolean: return std::make_unique<NoIndex>();
    case Match::integer:
    case Match::length:
    case Match::dotted: return std::make_unique<NumberIndex>(options.match);
    case Match::ip: return std::make_unique<NetworkIndex>(options.resolve);
    case Match::binary: return std::make_unique<EqualIndex>(Reading::hexadecimal);
    case Match::string: return std::make_unique<EqualIndex>(folding ? Reading::folded : Reading::exact);
    case Match::begin: return affix_index<false>(folding);
    case Match::end: return affix_index<true>(folding);
    case Match::substring:
    case Match::directory:
    case Match::domain: return std::make_unique<SearchIndex>(options.match, folding);
    case Match::method: return std::make_unique<MethodIndex>(folding);
    case Match::regex: return std::make_unique<RegexIndex>(folding);
  }
  return nullptr;
}

}  // namespace ddbproxy::sample
