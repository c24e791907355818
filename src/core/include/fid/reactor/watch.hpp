// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/base/result.hpp>
#include <fid/platform/native.hpp>
#include <fid/reactor/registration_table.hpp>

#include <utility>

namespace fid {

/// One handle, watched by the reactor of the thread that made the watch, and owned by others.
///
/// Shape: movable. Destroying it stops watching and leaves the handle open.
class Watch {
 public:
  /// Nothing: what is left after a move.
  Watch() noexcept = default;

  /// Watches `handle`. Fails as Selector::add does, or with reactor_stopped (G12). Outside a
  /// reactor's scope the promise broken is the caller's.
  static Result<Watch> create(Native handle, Interest interest, Readiness::Kind kind,
                              Ready presumed = {}, Caller caller = Caller::here());

  Watch(Watch&& other) noexcept
      : handle_(std::exchange(other.handle_, invalid_native)),
        slot_(std::exchange(other.slot_, nullptr)) {}
  Watch& operator=(Watch&& other) noexcept {
    Watch old(std::exchange(handle_, std::exchange(other.handle_, invalid_native)),
              std::exchange(slot_, std::exchange(other.slot_, nullptr)));
    return *this;
  }
  ~Watch() {
    if (slot_ != nullptr) static_cast<void>(stop());
  }

  Native native() const noexcept { return handle_; }
  Readiness& readiness() const noexcept { return slot_->readiness; }
  explicit operator bool() const noexcept { return slot_ != nullptr; }

  /// Ends it early. It is over even if the system knows nothing of it any more, and this fails: the
  /// handle was closed by others (G18).
  Result<void> stop() noexcept;

  /// For the handle's owner, who is about to close it: stops watching, and keeps the readiness,
  /// closed both ways, so that whoever waits is told. native() is none from then on.
  void handle_closes();

 private:
  Watch(Native handle, RegistrationTable::Slot* slot) noexcept : handle_(handle), slot_(slot) {}

  Native handle_ = invalid_native;
  RegistrationTable::Slot* slot_ = nullptr;
};

}  // namespace fid
