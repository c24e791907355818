// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/base/result.hpp>
#include <fid/reactor/operation.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace fid {

/// A guard's call would have blocked; the guard has cleared the readiness it saw.
struct TryIoError {
  std::string_view to_string() const noexcept { return "the call would have blocked"; }
};

namespace detail {

/// What both guards of an AsyncFd are made of; Fd is const in the one that shares it.
template <class Fd>
class BasicReadyGuard {
 public:
  /// What still holds, of what was seen when the wait ended; nothing once it was cleared.
  Ready ready() const noexcept { return ready_; }

  /// Forgets all that this guard saw, so that the next wait waits. Only after a call would have
  /// blocked. What was reported since the wait ended stays (G5), and so do closed states (G6).
  void clear_ready() noexcept { clear_ready_matching(ready_); }
  /// Forgets a part of it: what to do after waiting for several states.
  void clear_ready_matching(Ready states) noexcept {
    constexpr Ready closed = Ready::read_closed | Ready::write_closed;
    fd_->readiness().clear((ready_ & states) - closed, tick_);
    ready_ -= states;
  }
  /// Says that what was seen still holds. Does nothing else.
  void retain_ready() const noexcept {}

  /// Makes `call(fd)` once, which returns a Result. If that would block, clears the readiness and
  /// gives TryIoError; every other result of the call is passed on inside.
  template <class F>
  auto try_io(F call) -> ResultOr<std::invoke_result_t<F&, Fd&>, TryIoError> {
    auto result = std::invoke(call, *fd_);
    if (!result && result.error().would_block()) {
      clear_ready();
      return fail_with(TryIoError());
    }
    return result;
  }

  const Fd& get_ref() const noexcept { return *fd_; }
  const auto& get_inner() const noexcept { return fd_->get_ref(); }

  /// `ReadyGuard(readable, AsyncFd(handle=7))`
  std::string to_string() const {
    return "ReadyGuard(" + ready_.to_string() + ", " + fd_->to_string() + ')';
  }

 protected:
  BasicReadyGuard(Fd& fd, Ready ready) noexcept
      : fd_(&fd), tick_(fd.readiness().tick()), ready_(ready) {}
  ~BasicReadyGuard() = default;
  BasicReadyGuard(const BasicReadyGuard&) noexcept = default;
  BasicReadyGuard& operator=(const BasicReadyGuard&) noexcept = default;

  Fd* fd_;

 private:
  std::uint32_t tick_;
  Ready ready_;
};

}  // namespace detail

/// What an AsyncFd was found to be ready for. Dropping it keeps the readiness; a call that would
/// block has to clear it, since the selector only tells of changes.
///
/// Shape: a view of the AsyncFd, which stays in its place meanwhile.
template <class Fd>
class [[nodiscard]] ReadyGuard final : public detail::BasicReadyGuard<const Fd> {
 public:
  using Of = const Fd;
  ReadyGuard(const Fd& fd, Ready ready) noexcept : ReadyGuard::BasicReadyGuard(fd, ready) {}
};

/// The same for who uses the AsyncFd alone, and may change the object.
template <class Fd>
class [[nodiscard]] ReadyMutGuard final : public detail::BasicReadyGuard<Fd> {
 public:
  using Of = Fd;
  ReadyMutGuard(Fd& fd, Ready ready) noexcept : ReadyMutGuard::BasicReadyGuard(fd, ready) {}

  Fd& get_mut() noexcept { return *this->fd_; }
  auto& get_inner_mut() noexcept { return this->fd_->get_mut(); }
};

/// Waits for any of some states of an AsyncFd, and gives a guard.
template <class Guard>
class ReadyGuardOp final : public Awaits<ReadyGuardOp<Guard>> {
 public:
  using Fd = typename Guard::Of;

  ReadyGuardOp(Fd& fd, Interest interest) noexcept
      : Awaits<ReadyGuardOp>(fd.readiness(), interest, Operation::Trust::reported), fd_(&fd) {}
  /// May hold nothing: a wake-up can be spurious (G9).
  Guard await_resume() const noexcept {
    return Guard(*fd_, this->readiness().ready() & this->interest().mask());
  }

 private:
  Attempt attempt() noexcept override { return Attempt::done; }

  Fd* fd_;
};

}  // namespace fid
