// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/base/handle.hpp>
#include <fid/base/result.hpp>
#include <fid/reactor/watch.hpp>

#include <utility>

namespace fid {

/// One handle, owned and watched by the reactor of the thread that made the registration.
///
/// Shape: movable. Destroying it stops watching first and closes second.
class Registration {
 public:
  using Kind = Readiness::Kind;

  /// Nothing: what is left after a move.
  Registration() noexcept = default;

  /// Watches `handle`. A stream socket must have been connected or made to listen before (G14).
  /// Fails as Watch::create() does, and then closes the handle.
  static Result<Registration> create(Handle handle, Interest interest, Kind kind = Kind::stream,
                                     Ready presumed = {}, Caller caller = Caller::here());

  Registration(Registration&&) noexcept = default;
  Registration& operator=(Registration&& other) noexcept {
    const Registration old(std::exchange(watch_, std::move(other.watch_)));
    return *this;
  }
  ~Registration() {
    if (watch_) close_handle();
  }

  Native native() const noexcept { return watch_.native(); }
  Readiness& readiness() const noexcept { return watch_.readiness(); }
  explicit operator bool() const noexcept { return static_cast<bool>(watch_); }

  /// Stops watching and closes the handle early. The readiness stays and is closed both ways, so
  /// that whoever waits is told.
  void close();
  /// Stops watching and gives the handle up, still non-blocking. One that could not be stopped to
  /// be watched is closed.
  Result<Handle> release() &&;

 private:
  explicit Registration(Watch watch) noexcept : watch_(std::move(watch)) {}

  void close_handle() noexcept;

  Watch watch_;  // of a handle that is this one's own
};

}  // namespace fid
