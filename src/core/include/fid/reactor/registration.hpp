// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/base/handle.hpp>
#include <fid/base/result.hpp>
#include <fid/reactor/readiness.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace fid {

class Selector;

/// The registrations of one reactor. Storage is never moved and is used again for later tenants,
/// told apart by generation: an event may still be on its way to one that is gone (G18).
class RegistrationTable {
 public:
  struct Slot {
    Readiness readiness;
    std::uint32_t generation = 0;
    std::uint32_t index = 0;
    RegistrationTable* table = nullptr;
    Slot* next_free = nullptr;
    bool taken = false;
  };

  explicit RegistrationTable(Selector& selector) noexcept : selector_(&selector) {}
  RegistrationTable(const RegistrationTable&) = delete;
  RegistrationTable& operator=(const RegistrationTable&) = delete;

  Slot& take(Readiness::Kind kind, Ready presumed);
  void give_back(Slot& slot) noexcept;
  /// The slot an event is for; null when its tenant has left.
  Slot* find(std::uint32_t index, std::uint32_t generation) noexcept;

  /// Null once the reactor has gone.
  Selector* selector() const noexcept { return selector_; }
  std::size_t size() const noexcept { return taken_; }

  /// The reactor goes: the table ends with its last registration.
  static void stop(std::unique_ptr<RegistrationTable> table);
  /// Every waiter fails, and nothing new is watched.
  void wake_all_as_stopped();
  bool stopped() const noexcept { return stopped_; }

 private:
  static constexpr std::uint32_t chunk_size = 256;

  Selector* selector_;
  std::vector<std::unique_ptr<Slot[]>> chunks_;
  Slot* free_ = nullptr;
  std::uint32_t used_ = 0;
  std::size_t taken_ = 0;
  bool stopped_ = false;
};

/// One handle, owned and watched by the reactor of the thread that made the registration.
///
/// Shape: movable. Destroying it stops watching first and closes second.
class Registration {
 public:
  using Kind = Readiness::Kind;

  /// Nothing: what is left after a move.
  Registration() noexcept = default;

  /// Watches `handle`. A stream socket must have been connected or made to listen before (G14).
  /// Fails as Selector::add does, or with reactor_stopped (G12), and then closes the handle.
  /// Outside a reactor's scope the promise broken is the caller's.
  static Result<Registration> create(Handle handle, Interest interest, Kind kind = Kind::stream,
                                     Ready presumed = {}, Caller caller = Caller::here());

  Registration(Registration&& other) noexcept
      : handle_(std::move(other.handle_)), slot_(std::exchange(other.slot_, nullptr)) {}
  Registration& operator=(Registration&& other) noexcept {
    Registration old(std::move(*this));
    handle_ = std::move(other.handle_);
    slot_ = std::exchange(other.slot_, nullptr);
    return *this;
  }
  ~Registration() { deregister(); }

  Native native() const noexcept { return handle_.get(); }
  Readiness& readiness() const noexcept { return slot_->readiness; }
  explicit operator bool() const noexcept { return slot_ != nullptr; }

  /// Stops watching and closes the handle early. The readiness stays and is closed both ways, so
  /// that whoever waits is told.
  void close();
  /// Stops watching and gives the handle up, still non-blocking.
  Result<Handle> release() &&;

 private:
  Registration(Handle handle, RegistrationTable::Slot& slot) noexcept
      : handle_(std::move(handle)), slot_(&slot) {}

  Result<void> deregister() noexcept;

  Handle handle_;
  RegistrationTable::Slot* slot_ = nullptr;
};

}  // namespace fid
