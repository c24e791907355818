// SPDX-License-Identifier: MIT
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/soft_readiness.hpp>

namespace fid {

SoftReadiness::SoftReadiness(Readiness::Kind kind, Ready ready, Caller caller)
    : slot_(&Reactor::current(caller).registrations().take(kind, {})) {
  slot_->readiness.set(ready);
}

}  // namespace fid
