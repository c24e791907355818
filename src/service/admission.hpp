// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>
#include <fid/base/error.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task.hpp>

#include <cstddef>
#include <optional>

namespace fid::service {

/// How many connections are being served, and who waits for one of them to end: for a free place
/// under the limit, or for the descriptors it holds.
///
/// Shape: stays where it is, outlives the places it gave.
class Admission {
 public:
  /// One connection being served; gives its place back when it goes.
  class Place {
   public:
    explicit Place(Admission& admission) noexcept : admission_(&admission) {
      ++admission_->served_;
    }
    Place(Place&& other) noexcept : admission_(std::exchange(other.admission_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (admission_ != nullptr) admission_->leave();
    }

   private:
    Admission* admission_;
  };

  /// A connection whose other side cannot be opened for want of descriptors: nobody else is let in
  /// before it.
  class Starving {
   public:
    explicit Starving(Admission& admission) noexcept : admission_(&admission) {
      ++admission_->starving_;
    }
    Starving(const Starving&) = delete;
    Starving& operator=(const Starving&) = delete;
    ~Starving() {
      --admission_->starving_;
      admission_->left_.wake_all();
    }

   private:
    Admission* admission_;
  };

  explicit Admission(std::optional<std::size_t> most) noexcept : most_(most) {}

  std::size_t served() const noexcept { return served_; }

  /// Waits until there is a place under the limit, and nobody starves. Cancelling it only stops
  /// waiting.
  Task<void> wait_for_place();
  /// Waits until nothing is being served.
  Task<void> wait_until_empty();
  /// Waits for a connection to end, or for a while: others in the system hold descriptors too.
  Task<void> wait_for_descriptors();

  /// Whether `error` says that descriptors or memory ran out: it passes when connections end.
  static bool is_exhaustion(const Error& error) noexcept;

 private:
  void leave() {
    --served_;
    left_.wake_all();
  }

  std::optional<std::size_t> most_;
  std::size_t served_ = 0;
  std::size_t starving_ = 0;
  Event left_;
};

}  // namespace fid::service
