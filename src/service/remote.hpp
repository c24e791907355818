// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/mailbox.hpp>
#include <fid/reactor/reactor.hpp>

#include <memory>
#include <utility>

namespace fid::service {

namespace detail {

template <class T>
struct RemoteState {
  T* object;  ///< null once it has gone; for its own thread
  std::shared_ptr<Mailbox> mailbox;
};

}  // namespace detail

/// An object that belongs to another thread, to have things done to it there.
///
/// Shape: a value, for any thread.
template <class T>
class Remote {
 public:
  /// Has `act(object)` run on the object's thread, after all that was posted there before. Dropped
  /// if the object, or the reactor it belongs to, has gone by then.
  template <class F>
  void post(F act) const {
    state_->mailbox->post([state = state_, act = std::move(act)]() mutable {
      if (state->object != nullptr) act(*state->object);
    });
  }

 private:
  template <class U>
  friend class Reachable;
  explicit Remote(std::shared_ptr<detail::RemoteState<T>> state) noexcept
      : state_(std::move(state)) {}

  std::shared_ptr<detail::RemoteState<T>> state_;
};

/// What makes an object of this thread one that others can post to: a member of it, or beside it.
template <class T>
class Reachable {
 public:
  /// Belongs to the reactor in scope.
  explicit Reachable(T& object)
      : state_(std::make_shared<detail::RemoteState<T>>(
            detail::RemoteState<T>{&object, Reactor::current().mailbox()})) {}
  Reachable(const Reachable&) = delete;
  Reachable& operator=(const Reachable&) = delete;
  ~Reachable() { state_->object = nullptr; }

  Remote<T> remote() const { return Remote<T>(state_); }

 private:
  std::shared_ptr<detail::RemoteState<T>> state_;
};

}  // namespace fid::service
