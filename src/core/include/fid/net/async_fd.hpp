// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/base/result.hpp>
#include <fid/io/raw_io.hpp>
#include <fid/net/ready_guard.hpp>
#include <fid/reactor/watch.hpp>

#include <concepts>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace fid {

namespace detail {

/// The handle behind an object: itself, or what its native() or get() gives.
template <class T>
Native native_of(const T& object) noexcept {
  if constexpr (std::same_as<T, Native>) {
    return object;
  } else if constexpr (requires {
                         { object.native() } -> std::same_as<Native>;
                       }) {
    return object.native();
  } else {
    return object.get();
  }
}

/// A call of one's own on an object, as RawIoOp makes it.
template <class F, class T>
class CallOn {
 public:
  CallOn(F call, T& object) : call_(std::move(call)), object_(&object) {}
  auto operator()() { return std::invoke(call_, *object_); }

 private:
  F call_;
  T* object_;
};

}  // namespace detail

/// What has a native handle, the same one throughout: a handle itself, borrowed or owned, or an
/// object with native() or get().
template <class T>
concept HasNative = std::same_as<T, Native> || requires(const T& object) {
  { object.native() } -> std::same_as<Native>;
} || requires(const T& object) {
  { object.get() } -> std::same_as<Native>;
};

/// Why an object could not be watched, and the object.
template <HasNative T>
class TryNewError {
 public:
  TryNewError(T object, const Error& cause) : object_(std::move(object)), cause_(cause) {}

  const Error& cause() const noexcept { return cause_; }
  operator Error() const noexcept { return cause_; }
  std::pair<T, Error> into_parts() && { return {std::move(object_), cause_}; }
  /// As describe() has it.
  std::string to_string() const { return describe(cause_); }

 private:
  T object_;
  Error cause_;
};

/// Readiness for anything with a handle that the selector can watch, whatever else it is: eventfd,
/// timerfd, inotify, a device, a socket of another library.  epoll_ctl(2)
///
/// Shape: movable until something waits on it; owns the object, lives on the reactor of the thread
/// that made it. Destroying it stops watching, then destroys the object; closing the handle is the
/// object's business. The handle does not block; this is not checked.
/// Use: wait, make calls of one's own on the handle, and clear the readiness once one would block:
///
///     auto event = co_await AsyncFd<Handle>::create(std::move(handle));
///     for (;;) {
///       auto guard = co_await event.readable();
///       const auto read = guard.try_io([&](auto& fd) { return os::read(fd.native(), buffer); });
///       if (!read) continue;  // it would have blocked, and the guard has cleared the readiness
///       ...
///     }
///
/// Cancellation: a wait that is cancelled has had no effect; async_io() only between its calls.
template <HasNative T>
class AsyncFd {
 public:
  using Guard = ReadyGuard<AsyncFd>;
  using MutGuard = ReadyMutGuard<AsyncFd>;

  /// Watches for reading and writing. Fails with operation_not_permitted for what is always ready,
  /// such as an ordinary file; with file_exists for a handle that is watched already; with
  /// bad_file_descriptor. The object is lost then; try_create() gives it back.
  static Result<AsyncFd> create(T object, Caller caller = Caller::here()) {
    return with_interest(std::move(object), Interest::readable | Interest::writable, caller);
  }
  static Result<AsyncFd> with_interest(T object, Interest interest,
                                       Caller caller = Caller::here()) {
    auto made = try_with_interest(std::move(object), interest, caller);
    if (!made) return fail(made.error().cause());
    return *std::move(made);
  }
  static ResultOr<AsyncFd, TryNewError<T>> try_create(T object, Caller caller = Caller::here()) {
    return try_with_interest(std::move(object), Interest::readable | Interest::writable, caller);
  }
  static ResultOr<AsyncFd, TryNewError<T>> try_with_interest(T object, Interest interest,
                                                             Caller caller = Caller::here()) {
    auto watch = Watch::create(detail::native_of(object), interest, Readiness::Kind::pieces,
                               Ready::empty, caller);
    if (!watch) return fail_with(TryNewError<T>(std::move(object), watch.error()));
    return AsyncFd(std::move(object), *std::move(watch));
  }

  AsyncFd(AsyncFd&&) = default;
  AsyncFd& operator=(AsyncFd&& other) {
    const AsyncFd old(std::move(*this));
    object_ = std::move(other.object_);
    watch_ = std::move(other.watch_);
    return *this;
  }
  ~AsyncFd() = default;

  const T& get_ref() const noexcept { return object_; }
  T& get_mut() noexcept { return object_; }
  /// Stops watching and gives the object back, its handle open. It may be watched again.
  T into_inner() && {
    static_cast<void>(watch_.stop());
    return std::move(object_);
  }

  /// Waits for any of some states, and gives what holds, to be cleared or kept. Any number of tasks
  /// may wait at once.
  ReadyGuardOp<Guard> ready(Interest interest) const noexcept { return {*this, interest}; }
  ReadyGuardOp<Guard> readable() const noexcept { return ready(Interest::readable); }
  ReadyGuardOp<Guard> writable() const noexcept { return ready(Interest::writable); }
  /// The same, with guards that let the object be changed.
  ReadyGuardOp<MutGuard> ready_mut(Interest interest) noexcept { return {*this, interest}; }
  ReadyGuardOp<MutGuard> readable_mut() noexcept { return ready_mut(Interest::readable); }
  ReadyGuardOp<MutGuard> writable_mut() noexcept { return ready_mut(Interest::writable); }

  /// Waits until `interest` holds, makes `call(object)`, and does so again while that would block.
  /// The call returns a Result. Name a lambda that captures before awaiting: see RawIo.
  template <class F>
  auto async_io(Interest interest, F call) const {
    return raw_io(interest, std::move(call), object_);
  }
  template <class F>
  auto async_io_mut(Interest interest, F call) {
    return raw_io(interest, std::move(call), object_);
  }

  /// Makes `call(object)` once if `interest`, which has one member, holds; else fails with
  /// would-block. So does a call that would block, and the readiness is cleared.
  template <class F>
  auto try_io(Interest interest, F call, Caller caller = Caller::here()) const {
    return try_raw_io(readiness(), interest, detail::CallOn(std::move(call), object_), caller);
  }
  template <class F>
  auto try_io_mut(Interest interest, F call, Caller caller = Caller::here()) {
    return try_raw_io(readiness(), interest, detail::CallOn(std::move(call), object_), caller);
  }

  /// Borrowed from the object: neither to be closed nor to be made blocking.
  Native native() const noexcept { return detail::native_of(object_); }
  Readiness& readiness() const noexcept { return watch_.readiness(); }
  /// `AsyncFd(handle=7)`
  std::string to_string() const { return "AsyncFd(handle=" + std::to_string(native()) + ')'; }

 private:
  AsyncFd(T object, Watch watch) : object_(std::move(object)), watch_(std::move(watch)) {}

  template <class F, class Object>
  auto raw_io(Interest interest, F call, Object& object) const {
    using Call = detail::CallOn<F, Object>;
    return RawIoOp<Call>(readiness(), interest, Call(std::move(call), object));
  }

  T object_;
  Watch watch_;  // ends first
};

}  // namespace fid
