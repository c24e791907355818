// SPDX-License-Identifier: MIT
#include "support/faults/injector.hpp"

#include <utility>

namespace fid::test {
namespace {

// None of these has a destructor: what threads and the program leave behind closes handles last.
constinit thread_local Injector* armed_here = nullptr;
constinit thread_local int untouched_here = 0;
/// Guards the injector of all threads, which may still make calls when its window closes.
constinit std::mutex everywhere;
constinit Injector* armed_everywhere = nullptr;

}  // namespace

Injector::Window::Window(Injector& injector, Scope scope) {
  if (scope == Scope::this_thread) {
    armed_here = &injector;
  } else {
    const std::lock_guard lock(everywhere);
    armed_everywhere = &injector;
  }
}

Injector::Window::~Window() {
  armed_here = nullptr;
  const std::lock_guard lock(everywhere);
  armed_everywhere = nullptr;
}

Injector::Untouched::Untouched() {
  ++untouched_here;
}

Injector::Untouched::~Untouched() {
  --untouched_here;
}

Injector::Verdict Injector::verdict_on(const Call& call) {
  if (untouched_here > 0) return {};
  // What the injector itself needs of the library is not counted either.
  const Untouched own;
  if (armed_here != nullptr) return armed_here->judge(call);
  const std::lock_guard lock(everywhere);
  return armed_everywhere != nullptr ? armed_everywhere->judge(call) : Verdict{};
}

Injector::Verdict Injector::judge(const Call& call) {
  calls_.push_back(call);
  Verdict verdict;
  verdict.most_bytes = habits_.most_bytes;
  verdict.most_datagrams = habits_.most_datagrams;
  if (waits_for_events(call) && habits_.spurious_events) {
    last_wait_lied_ = !last_wait_lied_;
    verdict.spurious_events = last_wait_lied_;
  }
  for (const Missing& missing : missing_) {
    if (call == missing.call) verdict.error = missing.error;
  }
  if (fault_.error != 0 && call == fault_.call && seen_++ == fault_.nth) {
    struck_ = true;
    verdict.error = fault_.error;
    verdict.performed = fault_.performed;
  }
  return verdict;
}

}  // namespace fid::test
