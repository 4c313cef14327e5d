// A doubly linked list whose nodes are the elements: no allocation to join, O(1) to leave.
#pragma once

#include <cstddef>

namespace ddbproxy::base {

/// Base of an element; leaves its list when destroyed. One thread at a time.
class ListNode {
 public:
  ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;
  ~ListNode() { unlink(); }
  bool linked() const { return next_ != nullptr; }
  void unlink() {
    if (!next_) return;
    next_->previous_ = previous_;
    previous_->next_ = next_;
    next_ = previous_ = nullptr;
  }

 private:
  template <class T>
  friend class List;
  ListNode* next_ = nullptr;
  ListNode* previous_ = nullptr;
};

/// Elements stay where they are; the list owns none of them. T derives from ListNode.
template <class T>
class List {
 public:
  List() { head_.next_ = head_.previous_ = &head_; }
  ~List() {
    while (!empty()) head_.next_->unlink();
    head_.next_ = head_.previous_ = nullptr;
  }
  bool empty() const { return head_.next_ == &head_; }
  void push_back(T& element) {
    ListNode& node = element;
    node.unlink();
    node.previous_ = head_.previous_;
    node.next_ = &head_;
    head_.previous_->next_ = &node;
    head_.previous_ = &node;
  }
  T* front() { return empty() ? nullptr : static_cast<T*>(head_.next_); }
  /// Calls f on each element; f may unlink or destroy the one it is given, and no other.
  template <class F>
  void for_each(F&& f) {
    for (ListNode* node = head_.next_; node != &head_;) {
      ListNode* next = node->next_;
      f(*static_cast<T*>(node));
      node = next;
    }
  }

 private:
  ListNode head_;
};

}  // namespace ddbproxy::base
