// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/readiness.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace fid {

class Selector;

/// The registrations of one reactor. Storage is never moved and is used again for later tenants,
/// told apart by generation: an event may still be on its way to one that is gone (G18).
class RegistrationTable {
 public:
  struct Slot {
    Readiness readiness;
    std::uint32_t generation = 0;  ///< odd while it has a tenant
    std::uint32_t index = 0;
    union {
      RegistrationTable* table = nullptr;  ///< of a tenant's
      Slot* next_free;                     ///< of one that is to let
    };

    bool taken() const noexcept { return (generation & 1U) != 0; }
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
  static constexpr std::uint32_t chunk_size = 64;

  Selector* selector_;
  std::vector<std::unique_ptr<Slot[]>> chunks_;
  Slot* free_ = nullptr;
  std::uint32_t used_ = 0;
  std::size_t taken_ = 0;
  bool stopped_ = false;
};

}  // namespace fid
