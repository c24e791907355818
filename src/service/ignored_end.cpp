// SPDX-License-Identifier: MIT
#include "service/ignored_end.hpp"

#include <fid/reactor/reactor.hpp>

#include <chrono>

namespace fid::service {
namespace {

constexpr std::chrono::milliseconds pause{250};

}  // namespace

Result<std::size_t> IgnoredEnd::attempt_read(MutableBytes into) {
  auto n = inner_->attempt_read(into);
  if (!n || *n != 0 || into.empty()) return n;
  // The closed state says for good that reading would not block; it is to be forgotten as well.
  Readiness& readiness = inner_->read_readiness();
  readiness.clear(Ready::readable | Ready::read_closed, readiness.tick());
  Reactor::current().timers().add(again_, Clock::now() + pause);
  return fail(std::errc::resource_unavailable_try_again, "read");
}

}  // namespace fid::service
