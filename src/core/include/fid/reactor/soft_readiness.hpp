// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/reactor/registration.hpp>

#include <utility>

namespace fid {

/// The readiness of what no selector can watch: its owner sets it, as a worker or a buffer says.
///
/// Shape: movable; belongs to the reactor of the thread that made it, and stops with it.
class SoftReadiness {
 public:
  explicit SoftReadiness(Readiness::Kind kind, Ready ready = {}, Caller caller = Caller::here());
  SoftReadiness(SoftReadiness&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}
  SoftReadiness& operator=(SoftReadiness&& other) noexcept {
    SoftReadiness old(std::move(*this));
    slot_ = std::exchange(other.slot_, nullptr);
    return *this;
  }
  ~SoftReadiness() {
    if (slot_ != nullptr) slot_->table->give_back(*slot_);
  }

  Readiness& operator*() const noexcept { return slot_->readiness; }
  Readiness* operator->() const noexcept { return &slot_->readiness; }

 private:
  RegistrationTable::Slot* slot_;
};

}  // namespace fid
