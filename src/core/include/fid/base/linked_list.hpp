// SPDX-License-Identifier: MIT
#pragma once

namespace fid {

/// A link of a list that its members are part of. Destroying a member takes it off its list.
class Link {
 public:
  Link() noexcept = default;
  /// Lists refer to their members by address: a copy is on no list.
  Link(const Link&) noexcept {}
  Link& operator=(const Link&) noexcept { return *this; }
  ~Link() { unlink(); }

  bool is_linked() const noexcept { return next_ != nullptr; }

  void unlink() noexcept {
    if (next_ == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = nullptr;
  }

 private:
  template <class T>
  friend class LinkedList;
  Link* next_ = nullptr;
  Link* previous_ = nullptr;
};

/// A list of T, which derives from Link, in order of arrival. Owns nothing, allocates nothing.
template <class T>
class LinkedList {
 public:
  LinkedList() noexcept { reset(); }
  LinkedList(const LinkedList&) = delete;
  LinkedList& operator=(const LinkedList&) = delete;
  ~LinkedList() {
    while (!empty()) pop_front();
    head_.next_ = nullptr;
  }

  bool empty() const noexcept { return head_.next_ == &head_; }
  T& front() noexcept { return static_cast<T&>(*head_.next_); }

  void push_back(T& item) noexcept {
    Link& link = item;
    link.unlink();
    link.previous_ = head_.previous_;
    link.next_ = &head_;
    head_.previous_->next_ = &link;
    head_.previous_ = &link;
  }

  T& pop_front() noexcept {
    T& first = front();
    static_cast<Link&>(first).unlink();
    return first;
  }

  /// Moves everything of `other` to the end of this list.
  void take_all(LinkedList& other) noexcept {
    if (other.empty()) return;
    Link* const first = other.head_.next_;
    Link* const last = other.head_.previous_;
    first->previous_ = head_.previous_;
    head_.previous_->next_ = first;
    last->next_ = &head_;
    head_.previous_ = last;
    other.reset();
  }

  /// Calls `visit` on each; it may unlink or move the item it is given, and no other.
  template <class F>
  void for_each(F visit) {
    for (Link* link = head_.next_; link != &head_;) {
      Link* const next = link->next_;
      visit(static_cast<T&>(*link));
      link = next;
    }
  }

 private:
  void reset() noexcept { head_.next_ = head_.previous_ = &head_; }

  Link head_;
};

}  // namespace fid
