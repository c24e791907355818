// SPDX-License-Identifier: MIT
#include <fid/task/run_queue.hpp>

namespace fid {
namespace {

thread_local RunQueue* in_scope_here = nullptr;

}  // namespace

RunQueue::RunQueue(Caller caller) {
  if (in_scope_here != nullptr) broken_precondition("one run queue per thread", caller);
  in_scope_here = this;
}

RunQueue::~RunQueue() {
  in_scope_here = nullptr;
}

RunQueue& RunQueue::current(Caller caller) {
  if (in_scope_here == nullptr) broken_precondition("a reactor in scope in this thread", caller);
  return *in_scope_here;
}

}  // namespace fid
