// Entries that are tried one after the other.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "sample/patterns/leftovers.h"

namespace ddbproxy::sample {

/// Each with what it is compared by. One thread changes it, any runs through it.
template <class Compared>
class EntryChain {
 public:
  EntryChain() = default;
  EntryChain(const EntryChain&) = delete;
  EntryChain& operator=(const EntryChain&) = delete;
  ~EntryChain() {
    for (Node* node = first_.load(std::memory_order_relaxed); node;)
      delete std::exchange(node, node->next.load(std::memory_order_relaxed));
  }

  void insert(const PatternEntry& entry, Compared compared) {
    auto* node = new Node(entry, std::move(compared));
    last_->store(node, std::memory_order_release);
    last_ = &node->next;
  }
  /// False: it is not here.
  bool erase(const PatternEntry& entry, Leftovers& leftovers) {
    Link* link = link_to(entry);
    if (!link) return false;
    Node* node = link->load(std::memory_order_relaxed);
    if (last_ == &node->next) last_ = link;
    link->store(node->next.load(std::memory_order_relaxed), std::memory_order_release);
    leftovers.keep(std::unique_ptr<Node>(node));
    return true;
  }
  bool replace(const PatternEntry& old, const PatternEntry& with, Compared compared, Leftovers& leftovers) {
    Link* link = link_to(old);
    if (!link) return false;
    Node* node = link->load(std::memory_order_relaxed);
    auto* next = new Node(with, std::move(compared));
    next->next.store(node->next.load(std::memory_order_relaxed), std::memory_order_relaxed);
    if (last_ == &node->next) last_ = &next->next;
    link->store(next, std::memory_order_release);
    leftovers.keep(std::unique_ptr<Node>(node));
    return true;
  }
  /// The first for which `matches(compared, entry)`.
  template <class F>
  const PatternEntry* find(F&& matches) const {
    for (const Node* node = first_.load(std::memory_order_acquire); node;
         node = node->next.load(std::memory_order_acquire))
      if (matches(node->compared, node->entry)) return &node->entry;
    return nullptr;
  }

 private:
  struct Node {
    Node(const PatternEntry& of, Compared by) : entry(of), compared(std::move(by)) {}
    const PatternEntry& entry;
    const Compared compared;
    std::atomic<Node*> next = nullptr;
  };
  using Link = std::atomic<Node*>;

  Link* link_to(const PatternEntry& entry) {
    Link* link = &first_;
    for (Node* node; (node = link->load(std::memory_order_relaxed)); link = &node->next)
      if (&node->entry == &entry) return link;
    return nullptr;
  }

  Link first_ = nullptr;
  Link* last_ = &first_;
};

}  // namespace ddbproxy::sample
