// Finds the keys that a longer key begins with: beginnings and ends of texts, networks.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <compare>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sample/patterns/folding.h"
#include "sample/patterns/leftovers.h"
#include "sample/patterns/shadowed.h"

namespace ddbproxy::sample {

/// A text, read from its front or from its end, with its case or without.
template <bool reversed, bool folding>
struct TextKey {
  const char* text = nullptr;  ///< Where it is read from: its end, when reversed.
  uint32_t length = 0;         ///< In bits.
  bool together = false;       ///< Of the node that it stands in, where there is room for it.

  explicit TextKey(std::string_view of)
      : text(of.data() + (reversed ? of.size() : 0)), length(8 * static_cast<uint32_t>(of.size())) {}
  unsigned char byte(uint32_t at) const {
    const char letter = reversed ? *(text - 1 - at) : text[at];
    return static_cast<unsigned char>(folding ? lower(letter) : letter);
  }
  bool bit(uint32_t at) const { return byte(at / 8) >> (7 - at % 8) & 1; }
  /// The first bit from `from` on in which they differ; the shorter's end where they do not. Of whole texts.
  uint32_t differs(const TextKey& other, uint32_t from = 0) const {
    const uint32_t end = std::min(length, other.length) / 8;
    for (uint32_t i = from / 8; i < end; ++i) {
      const auto difference = static_cast<unsigned char>(byte(i) ^ other.byte(i));
      if (difference) return 8 * i + static_cast<uint32_t>(std::countl_zero(difference));
    }
    return 8 * end;
  }
};

struct Ipv4Key {
  uint32_t address = 0;  ///< In host order.
  uint8_t length = 0;
  bool together = false;

  bool operator==(const Ipv4Key&) const = default;
  bool bit(uint32_t at) const { return address >> (31 - at) & 1; }
  uint32_t differs(const Ipv4Key& other, uint32_t = 0) const {
    return std::min(
        {static_cast<uint32_t>(std::countl_zero(address ^ other.address)), uint32_t{length}, uint32_t{other.length}});
  }
};

struct Ipv6Key {
  std::array<unsigned char, 16> address{};
  uint8_t length = 0;
  bool together = false;

  bool operator==(const Ipv6Key&) const = default;
  bool bit(uint32_t at) const { return address[at / 8] >> (7 - at % 8) & 1; }
  uint32_t differs(const Ipv6Key& other, uint32_t from = 0) const {
    const uint32_t end = std::min(length, other.length);
    for (uint32_t i = from / 8; 8 * i < end; ++i) {
      const auto difference = static_cast<unsigned char>(address[i] ^ other.address[i]);
      if (difference) return std::min(end, 8 * i + static_cast<uint32_t>(std::countl_zero(difference)));
    }
    return end;
  }
};

/// A Patricia tree. One thread changes it, any looks into it: a change is one store into a link, and a node never
/// changes but for its links.
template <class Key>
class PrefixTree {
 public:
  enum class Wanted : uint8_t { longest, first };

  PrefixTree() = default;
  PrefixTree(const PrefixTree&) = delete;
  PrefixTree& operator=(const PrefixTree&) = delete;
  ~PrefixTree();

  /// So many entries come before anybody looks: their nodes stand together.
  void reserve(size_t entries) { reserved_ = 2 * entries; }
  void loaded();
  void insert(const Key& key, const PatternEntry& entry, Leftovers& leftovers);
  void erase(const Key& key, const PatternEntry& entry, Leftovers& leftovers);
  /// `key` is that of `with`, whose text it may point to.
  void replace(const Key& key, const PatternEntry& old, const PatternEntry& with, Leftovers& leftovers);
  /// Among the entries whose keys this one begins with, the one with the longest key, or the first of the list.
  const PatternEntry* find(const Key& key, Wanted wanted) const;

 private:
  struct Node {
    /// Where there is no entry only the length of its key is read, since its text may be gone.
    Node(const Key& of, const PatternEntry* has) : key(of), entry(has) {}
    uint32_t bits() const { return key.length; }
    const Key key;
    const PatternEntry* const entry;
    std::atomic<Node*> child[2] = {};
  };
  using Link = std::atomic<Node*>;

  static Node* at(const Link& link) { return link.load(std::memory_order_relaxed); }
  void place(const Key& key, const PatternEntry& entry, Leftovers& leftovers);
  Node* make(Key key, uint32_t bits, const PatternEntry* entry);
  static void leave(Node* node, Leftovers& leftovers) {
    if (!node->key.together) leftovers.keep(std::unique_ptr<Node>(node));
  }
  /// Some node with an entry whose key shares with this one all that any does.
  const Node* nearest(const Key& key) const;
  /// Puts another node with this entry in the place of one, and lets that go.
  void put(Link& link, const Key& key, const PatternEntry* entry, Leftovers& leftovers);
  /// The link to the node that has this key, and the one above it.
  Link* link_to(const Key& key, Link** above = nullptr);

  Link root_ = nullptr;
  Shadowed shadowed_;
  std::vector<void*> blocks_;
  Node* block_ = nullptr;
  size_t room_ = 0, reserved_ = 0;
  std::vector<std::pair<Key, const PatternEntry*>> waiting_;  ///< Until loaded(), where keys have an order.
};

// ---

template <class Key>
PrefixTree<Key>::~PrefixTree() {
  std::vector<Node*> left;
  if (Node* root = at(root_)) left.push_back(root);
  while (!left.empty()) {
    Node* node = left.back();
    left.pop_back();
    for (const Link& link : node->child)
      if (Node* child = at(link)) left.push_back(child);
    if (!node->key.together) delete node;
  }
  for (void* block : blocks_) ::operator delete(block);
}

template <class Key>
typename PrefixTree<Key>::Node* PrefixTree<Key>::make(Key key, uint32_t bits, const PatternEntry* entry) {
  key.length = static_cast<decltype(key.length)>(bits);
  key.together = room_ + reserved_ > 0;
  if (room_ == 0 && reserved_ > 0) {
    constexpr size_t most = 1024;
    room_ = std::min(reserved_, most);
    reserved_ -= room_;
    blocks_.push_back(nullptr);
    blocks_.back() = ::operator new(room_ * sizeof(Node));
    block_ = static_cast<Node*>(blocks_.back());
  }
  if (room_ == 0) return new Node(key, entry);
  --room_;
  return new (block_++) Node(key, entry);
}

template <class Key>
const typename PrefixTree<Key>::Node* PrefixTree<Key>::nearest(const Key& key) const {
  const Node* node = at(root_);
  while (node && node->bits() < key.length) {
    const Node* next = at(node->child[key.bit(node->bits())]);
    if (!next) break;
    node = next;
  }
  // A node without an entry has two children.
  while (node && !node->entry) node = at(node->child[0]);
  return node;
}

template <class Key>
void PrefixTree<Key>::put(Link& link, const Key& key, const PatternEntry* entry, Leftovers& leftovers) {
  Node* old = at(link);
  Node* node = make(key, old->bits(), entry);
  for (int side = 0; side < 2; ++side) node->child[side].store(at(old->child[side]), std::memory_order_relaxed);
  link.store(node, std::memory_order_release);
  leave(old, leftovers);
}

template <class Key>
void PrefixTree<Key>::insert(const Key& key, const PatternEntry& entry, Leftovers& leftovers) {
  if constexpr (std::three_way_comparable<Key>) {
    if (reserved_ > 0) {
      waiting_.emplace_back(key, &entry);
      return;
    }
  }
  place(key, entry, leftovers);
}

/// In the order of keys, one comes near the one before: what is looked at is still at hand.
template <class Key>
void PrefixTree<Key>::loaded() {
  Leftovers nobody_looks;
  if constexpr (std::three_way_comparable<Key>)
    std::stable_sort(waiting_.begin(), waiting_.end(), [](auto& a, auto& b) { return a.first < b.first; });
  if (!waiting_.empty()) reserved_ = 2 * waiting_.size();
  for (const auto& [key, entry] : waiting_) place(key, *entry, nobody_looks);
  waiting_ = {};
  reserved_ = room_ = 0;
}

template <class Key>
void PrefixTree<Key>::place(const Key& key, const PatternEntry& entry, Leftovers& leftovers) {
  const Node* near = nearest(key);
  const uint32_t shared = near ? near->key.differs(key) : 0;
  Link* link = &root_;
  while (Node* node = at(*link)) {
    if (node->bits() > shared || node->bits() == key.length) break;
    link = &node->child[key.bit(node->bits())];
  }
  Node* node = at(*link);
  if (node && node->bits() == key.length && node->bits() <= shared) {
    if (node->entry)
      shadowed_.add(*node->entry, entry);
    else
      put(*link, key, &entry, leftovers);
    return;
  }
  Node* leaf = make(key, key.length, &entry);
  if (!node) {
    link->store(leaf, std::memory_order_release);
    return;
  }
  if (shared == key.length) {
    // What stands here is longer: it has that bit.
    leaf->child[near->key.bit(shared)].store(node, std::memory_order_relaxed);
    link->store(leaf, std::memory_order_release);
    return;
  }
  Node* branch = make(key, shared, nullptr);
  branch->child[key.bit(shared)].store(leaf, std::memory_order_relaxed);
  branch->child[!key.bit(shared)].store(node, std::memory_order_relaxed);
  link->store(branch, std::memory_order_release);
}

template <class Key>
typename PrefixTree<Key>::Link* PrefixTree<Key>::link_to(const Key& key, Link** above) {
  Link *link = &root_, *parent = nullptr;
  while (Node* node = at(*link)) {
    if (node->bits() == key.length) {
      if (above) *above = parent;
      return node->entry && node->key.differs(key) == key.length ? link : nullptr;
    }
    if (node->bits() > key.length) break;
    parent = link;
    link = &node->child[key.bit(node->bits())];
  }
  return nullptr;
}

template <class Key>
void PrefixTree<Key>::erase(const Key& key, const PatternEntry& entry, Leftovers& leftovers) {
  Link* above = nullptr;
  Link* link = link_to(key, &above);
  if (!link) return;
  Node* node = at(*link);
  if (node->entry != &entry) {
    shadowed_.erase(*node->entry, entry);
    return;
  }
  if (const PatternEntry* next = shadowed_.next_of(entry)) {
    // The same bits, in the text of the one that stays.
    Key other = key;
    if constexpr (requires { Key(next->pattern()); }) other = Key(next->pattern());
    put(*link, other, next, leftovers);
    return;
  }
  Node *low = at(node->child[0]), *high = at(node->child[1]);
  if (low && high) {
    put(*link, key, nullptr, leftovers);
    return;
  }
  Node* only = low ? low : high;
  Node* parent = above ? at(*above) : nullptr;
  if (!only && parent && !parent->entry) {
    // The one above only told two apart.
    Node* sibling = at(parent->child[link == &parent->child[0]]);
    above->store(sibling, std::memory_order_release);
    leave(parent, leftovers);
  } else {
    link->store(only, std::memory_order_release);
  }
  leave(node, leftovers);
}

template <class Key>
void PrefixTree<Key>::replace(const Key& key, const PatternEntry& old, const PatternEntry& with, Leftovers& leftovers) {
  Link* link = link_to(key);
  if (!link) return;
  const PatternEntry* shown = at(*link)->entry;
  shadowed_.replace(*shown, old, with);
  if (shown == &old) put(*link, key, &with, leftovers);
}

template <class Key>
const PatternEntry* PrefixTree<Key>::find(const Key& key, Wanted wanted) const {
  const PatternEntry* found = nullptr;
  uint32_t agreed = 0;
  const Node* node = root_.load(std::memory_order_acquire);
  while (node && node->bits() <= key.length) {
    if (node->entry) {
      // All that stand below begin with this key: where it differs, they do.
      if (node->key.differs(key, agreed) < node->bits()) break;
      agreed = node->bits();
      if (wanted == Wanted::longest || !found || node->entry->number < found->number) found = node->entry;
    }
    if (node->bits() == key.length) break;
    node = node->child[key.bit(node->bits())].load(std::memory_order_acquire);
  }
  return found;
}

}  // namespace ddbproxy::sample
