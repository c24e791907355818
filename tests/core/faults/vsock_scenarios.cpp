// SPDX-License-Identifier: MIT
// Only what a machine can do alone, and only where there is such a thing.
#include "core/faults/far_side.hpp"
#include "core/faults/scenarios.hpp"

#include <fid/net/vsock_addr.hpp>
#include <fid/net/vsock_listener.hpp>

namespace fid::test {
namespace {

struct LocalCid final : Act {
  Task<void> prepare() override {
    there_ = local_vsock_cid().has_value();
    co_return;
  }
  Task<void> operation() override {
    if (there_) co_await local_vsock_cid();
  }

 private:
  bool there_ = false;
};

struct Listen final : Act {
  static constexpr VsockAddr anywhere{VsockAddr::any_cid, VsockAddr::any_port};

  Task<void> prepare() override {
    there_ = VsockListener::bind(anywhere).has_value();
    co_return;
  }
  Task<void> operation() override {
    if (there_) co_await VsockListener::bind(anywhere);
  }

 private:
  bool there_ = false;
};

}  // namespace

std::vector<Scenario> vsock_scenarios() {
  return {scenario<LocalCid>("LocalCid"), scenario<Listen>("Listen")};
}

}  // namespace fid::test
