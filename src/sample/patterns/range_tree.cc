#include "sample/patterns/range_tree.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace ddbproxy::sample {
namespace {

template <class Node>
bool before(const Node& a, const Node& b) {
  return std::tuple(a.range.lowest, a.entry->number) < std::tuple(b.range.lowest, b.entry->number);
}

}  // namespace

RangeTree::~RangeTree() {
  for (Node* each : waiting_) delete each;
  std::vector<Node*> left;
  if (Node* root = root_.load(std::memory_order_relaxed)) left.push_back(root);
  while (!left.empty()) {
    const std::unique_ptr<Node> node(left.back());
    left.pop_back();
    if (node->low) left.push_back(node->low);
    if (node->high) left.push_back(node->high);
  }
}

/// Like chance, but the same for a node and its successors: splitmix64.
uint64_t RangeTree::priority(const Node& node) {
  uint64_t mixed = node.entry->number + 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
  return mixed ^ mixed >> 31;
}

void RangeTree::complete(Node& node) {
  node.reach = node.range.highest;
  node.first = node.entry->number;
  for (const Node* child : {node.low, node.high}) {
    if (!child) continue;
    node.reach = std::max(node.reach, child->reach);
    node.first = std::min(node.first, child->first);
  }
}

RangeTree::Node* RangeTree::successor(Node* node, Leftovers& leftovers) {
  auto copy = std::make_unique<Node>(*node);
  leftovers.keep(std::unique_ptr<Node>(node));
  return copy.release();
}

void RangeTree::split(Node* below, const Node& at, Node*& low, Node*& high, Leftovers& leftovers) {
  if (!below) {
    low = high = nullptr;
    return;
  }
  Node* node = successor(below, leftovers);
  if (before(*node, at)) {
    split(node->high, at, node->high, high, leftovers);
    low = node;
  } else {
    split(node->low, at, low, node->low, leftovers);
    high = node;
  }
  complete(*node);
}

RangeTree::Node* RangeTree::joined(Node* low, Node* high, Leftovers& leftovers) {
  if (!low || !high) return low ? low : high;
  const bool low_above = priority(*low) > priority(*high);
  Node* node = successor(low_above ? low : high, leftovers);
  if (low_above)
    node->high = joined(node->high, high, leftovers);
  else
    node->low = joined(low, node->low, leftovers);
  complete(*node);
  return node;
}

RangeTree::Node* RangeTree::with(Node* below, Node* added, Leftovers& leftovers) {
  if (!below || priority(*added) > priority(*below)) {
    split(below, *added, added->low, added->high, leftovers);
    complete(*added);
    return added;
  }
  Node* node = successor(below, leftovers);
  Node*& side = before(*added, *node) ? node->low : node->high;
  side = with(side, added, leftovers);
  complete(*node);
  return node;
}

RangeTree::Node* RangeTree::without(Node* below, const Node& gone, Leftovers& leftovers) {
  if (!below) return nullptr;
  if (below->entry == gone.entry) {
    Node* rest = joined(below->low, below->high, leftovers);
    leftovers.keep(std::unique_ptr<Node>(below));
    return rest;
  }
  Node* node = successor(below, leftovers);
  Node*& side = before(gone, *node) ? node->low : node->high;
  side = without(side, gone, leftovers);
  complete(*node);
  return node;
}

RangeTree::Node* RangeTree::exchanged(Node* below, const Node& old, const PatternEntry& entry, Leftovers& leftovers) {
  if (!below) return nullptr;
  Node* node = successor(below, leftovers);
  if (node->entry == old.entry) {
    node->entry = &entry;
    return node;
  }
  Node*& side = before(old, *node) ? node->low : node->high;
  side = exchanged(side, old, entry, leftovers);
  return node;
}

void RangeTree::insert(const NumberRange& range, const PatternEntry& entry, Leftovers& leftovers) {
  auto added = std::make_unique<Node>(Node{range, range.highest, entry.number, &entry});
  if (loading_)
    waiting_.push_back(added.release());
  else
    root_.store(with(root_.load(std::memory_order_relaxed), added.release(), leftovers), std::memory_order_release);
}

void RangeTree::loaded() {
  std::sort(waiting_.begin(), waiting_.end(), [](const Node* a, const Node* b) { return before(*a, *b); });
  // Each comes last: its place is at the end of the path down the high side, above all with a lower priority.
  std::vector<Node*> path;
  for (Node* node : waiting_) {
    while (!path.empty() && priority(*path.back()) < priority(*node)) {
      node->low = path.back();
      path.pop_back();
    }
    if (!path.empty()) path.back()->high = node;
    path.push_back(node);
  }
  waiting_ = {};
  loading_ = false;
  if (path.empty()) return;
  complete_all(path.front());
  root_.store(path.front(), std::memory_order_release);
}

void RangeTree::complete_all(Node* node) {
  for (Node* child : {node->low, node->high})
    if (child) complete_all(child);
  complete(*node);
}

void RangeTree::erase(const NumberRange& range, const PatternEntry& entry, Leftovers& leftovers) {
  const Node gone{range, range.highest, entry.number, &entry};
  root_.store(without(root_.load(std::memory_order_relaxed), gone, leftovers), std::memory_order_release);
}

void RangeTree::replace(const NumberRange& range, const PatternEntry& old, const PatternEntry& with,
                        Leftovers& leftovers) {
  const Node place{range, range.highest, old.number, &old};
  root_.store(exchanged(root_.load(std::memory_order_relaxed), place, with, leftovers), std::memory_order_release);
}

void RangeTree::look(const Node* node, int64_t number, const PatternEntry*& found) {
  while (node && node->reach >= number && (!found || node->first < found->number)) {
    if (node->range.lowest <= number) {
      if (number <= node->range.highest && (!found || node->entry->number < found->number)) found = node->entry;
      look(node->high, number, found);
    }
    node = node->low;
  }
}

const PatternEntry* RangeTree::find(int64_t number) const {
  const PatternEntry* found = nullptr;
  look(root_.load(std::memory_order_acquire), number, found);
  return found;
}

}  // namespace ddbproxy::sample
