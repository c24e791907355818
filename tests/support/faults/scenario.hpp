// SPDX-License-Identifier: MIT
#pragma once

#include "support/faults/call_table.hpp"
#include "support/faults/injector.hpp"

#include <fid/base/result.hpp>
#include <fid/task/task.hpp>

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fid::test {

/// Something done with the library, in a world of its own for each fault:
///
///     struct Accepting final : Act {
///       Task<void> prepare() override;    // sets the scene; no call fails yet
///       Task<void> operation() override;  // calls fail; checks what it got, gives errors on
///     };
///
/// What operation() makes goes with it. It must work a second time in the same world, whatever
/// the first one failed with: what the contract says stays usable belongs to the world.
class Act {
 public:
  Act() = default;
  Act(const Act&) = delete;
  Act& operator=(const Act&) = delete;
  virtual ~Act() = default;

  virtual Task<void> prepare() { co_return; }
  virtual Task<void> operation() = 0;
};

/// What one operation makes of a call's error, where it differs from what the table says.
struct Exception {
  Call call;
  std::vector<int> errors;       ///< empty: all of them
  std::string_view reported_as;  ///< empty: the operation succeeds
  std::string_view why;
  std::optional<std::size_t> nth;  ///< of those calls; none: each of them
};

/// Which of the errors and of the calls an exception is for: all, unless it says so.
struct Only {
  std::vector<int> errors = {};
  std::optional<std::size_t> nth = {};
};

/// An act with a name, and what is to be known of it.
class Scenario {
 public:
  using Maker = std::unique_ptr<Act> (*)();

  Scenario(std::string name, Maker maker) : name_(std::move(name)), make_(maker) {}

  /// The operation goes on without: `why` says what it does instead.
  Scenario ignores(const Call& call, std::string_view why, Only only = {}) && {
    return std::move(*this).reports(call, {}, why, std::move(only));
  }
  /// Errors of the call are reported by another name than the table's. The first that fits holds.
  Scenario reports(const Call& call, std::string_view as, std::string_view why, Only only = {}) && {
    exceptions_.push_back({call, std::move(only.errors), as, why, only.nth});
    return std::move(*this);
  }
  /// On a system where every such call fails, so that the operation has to do without.
  Scenario without(const Call& call, int error) && {
    missing_.push_back({call, error});
    return std::move(*this);
  }
  /// Calls are made by workers too.
  Scenario with_workers() && {
    scope_ = Injector::Scope::all_threads;
    return std::move(*this);
  }
  /// It moves bytes of streams, and checks them: transfers may be cut short.
  Scenario moves_bytes() && {
    moves_bytes_ = true;
    return std::move(*this);
  }
  /// It goes by what the selector says, as poll(2) tells it to, and makes no attempt.
  Scenario trusts_events() && {
    trusts_events_ = true;
    return std::move(*this);
  }
  /// Calls fail from before there is a reactor until after it is gone; nothing is prepared.
  Scenario with_its_reactor() && {
    with_its_reactor_ = true;
    return std::move(*this);
  }

  Scenario of_family(std::string_view family) && {
    name_.insert(0, family);
    return std::move(*this);
  }

  const std::string& name() const noexcept { return name_; }
  std::unique_ptr<Act> make() const { return make_(); }
  Injector::Scope scope() const noexcept { return scope_; }
  bool includes_its_reactor() const noexcept { return with_its_reactor_; }
  bool is_about_bytes() const noexcept { return moves_bytes_; }
  bool does_trust_events() const noexcept { return trusts_events_; }

  /// What fails in any case.
  const std::vector<Missing>& missing() const noexcept { return missing_; }
  bool misses(const Call& call) const noexcept;

  /// The name by which the error is to be reported; empty if the operation is to succeed.
  std::string_view expected(const Fault& fault) const;

 private:
  std::string name_;
  Maker make_;
  std::vector<Exception> exceptions_;
  std::vector<Missing> missing_;
  Injector::Scope scope_ = Injector::Scope::this_thread;
  bool with_its_reactor_ = false;
  bool moves_bytes_ = false;
  bool trusts_events_ = false;
};

/// What googletest shows of a parameter.
std::ostream& operator<<(std::ostream& out, const Scenario& scenario);

template <class A>
Scenario scenario(std::string name) {
  return {std::move(name), []() -> std::unique_ptr<Act> { return std::make_unique<A>(); }};
}

/// Runs the operation once with the injector at work, and then once more without, if it failed: it
/// has to succeed. Fails the test for every descriptor, registration or child that is left. Gives
/// what came of the operation.
Result<void> play(const Scenario& scenario, Injector& injector);

}  // namespace fid::test
