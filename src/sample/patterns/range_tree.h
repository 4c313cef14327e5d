// Finds the first of many ranges that a number lies in.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "sample/patterns/leftovers.h"
#include "sample/patterns/reading.h"

namespace ddbproxy::sample {

/// A balanced tree of ranges in the order of their beginnings; each node knows how far those below it reach. One thread
/// changes it by new nodes along one path, any looks into it.
class RangeTree {
 public:
  RangeTree() = default;
  RangeTree(const RangeTree&) = delete;
  RangeTree& operator=(const RangeTree&) = delete;
  ~RangeTree();

  /// Until loaded() nobody looks into it, and entries only come.
  void load() { loading_ = true; }
  void loaded();
  void insert(const NumberRange& range, const PatternEntry& entry, Leftovers& leftovers);
  void erase(const NumberRange& range, const PatternEntry& entry, Leftovers& leftovers);
  void replace(const NumberRange& range, const PatternEntry& old, const PatternEntry& with, Leftovers& leftovers);
  const PatternEntry* find(int64_t number) const;

 private:
  struct Node {
    NumberRange range;
    int64_t reach;   ///< The highest end of those below, and of its own.
    uint32_t first;  ///< The lowest number of an entry of those below, and of its own.
    const PatternEntry* entry;
    Node *low = nullptr, *high = nullptr;
  };

  static uint64_t priority(const Node& node);
  static void complete(Node& node);
  static void look(const Node* node, int64_t number, const PatternEntry*& found);
  static Node* successor(Node* node, Leftovers& leftovers);
  static void complete_all(Node* node);
  static Node* joined(Node* low, Node* high, Leftovers& leftovers);
  static Node* with(Node* below, Node* added, Leftovers& leftovers);
  static void split(Node* below, const Node& at, Node*& low, Node*& high, Leftovers& leftovers);
  static Node* without(Node* below, const Node& gone, Leftovers& leftovers);
  static Node* exchanged(Node* below, const Node& old, const PatternEntry& entry, Leftovers& leftovers);

  std::atomic<Node*> root_ = nullptr;
  bool loading_ = false;
  std::vector<Node*> waiting_;  ///< Until loaded().
};

}  // namespace ddbproxy::sample
