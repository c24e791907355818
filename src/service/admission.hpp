// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>
#include <fid/base/error.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task.hpp>

#include <atomic>
#include <cstddef>
#include <optional>

namespace fid::service {

/// How many connections are being served, and who waits for one of them to end: for a free place
/// under the limit, or for the descriptors it holds.
///
/// Where several threads serve, the one that accepts has the whole, which counts the connections of
/// all; each of the others has one of its own, that tells the whole what happens there.
///
/// Shape: stays where it is, outlives the places it gave.
class Admission {
 public:
  /// The way from another thread to the whole, whose member of the same name is to be called.
  class Whole {
   public:
    virtual void left() = 0;
    virtual void starves() = 0;
    virtual void starves_no_more() = 0;

   protected:
    ~Whole() = default;
  };

  /// One connection being served; gives its place back when it goes.
  class Place {
   public:
    explicit Place(Admission& admission) noexcept : admission_(&admission) { admission.count(1); }
    Place(Place&& other) noexcept : admission_(std::exchange(other.admission_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (admission_ != nullptr) admission_->left();
    }

    /// It is served on another thread, and counts until that says that it has left.
    void keep() noexcept { admission_ = nullptr; }

   private:
    Admission* admission_;
  };

  /// A connection whose other side cannot be opened for want of descriptors: nobody else is let in
  /// before it.
  class Starving {
   public:
    explicit Starving(Admission& admission) : admission_(&admission) { admission.starves(); }
    Starving(const Starving&) = delete;
    Starving& operator=(const Starving&) = delete;
    ~Starving() { admission_->starves_no_more(); }

   private:
    Admission* admission_;
  };

  explicit Admission(std::optional<std::size_t> most) noexcept : most_(most) {}
  /// That of another thread. What `counted` has is only looked at: how many are served in all.
  Admission(const Admission& counted, Whole& whole) noexcept : counted_(&counted), whole_(&whole) {}

  /// By all threads.
  std::size_t served() const noexcept { return counted_->served_.load(std::memory_order_relaxed); }

  /// Waits until there is a place under the limit, and nobody starves. Cancelling it only stops
  /// waiting.
  Task<void> wait_for_place();
  /// Waits until nothing is being served.
  Task<void> wait_until_empty();
  /// Waits for a connection to end, or for a while: others in the system hold descriptors too.
  Task<void> wait_for_descriptors();

  /// A connection has ended; called by its Place, or in its stead where that was kept.
  void left();
  /// A connection began or ceased to starve; called by its Starving, or for one elsewhere.
  void starves();
  void starves_no_more();

  /// Whether `error` says that descriptors or memory ran out: it passes when connections end.
  static bool is_exhaustion(const Error& error) noexcept;

 private:
  /// Only the thread that owns it changes it.
  void count(std::ptrdiff_t difference) noexcept {
    const auto more = static_cast<std::size_t>(difference);
    served_.store(served_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }

  std::optional<std::size_t> most_;
  std::atomic<std::size_t> served_ = 0;
  std::size_t starving_ = 0;
  const Admission* counted_ = this;
  Whole* whole_ = nullptr;  ///< null in the whole itself
  Event left_;
};

}  // namespace fid::service
