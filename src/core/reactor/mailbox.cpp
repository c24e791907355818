// SPDX-License-Identifier: MIT
#include <fid/reactor/mailbox.hpp>
#include <fid/reactor/selector.hpp>

#include <utility>

namespace fid {

void Mailbox::post(std::function<void()> action) {
  const std::lock_guard lock(mutex_);
  if (selector_ == nullptr) return;
  actions_.push_back(std::move(action));
  if (actions_.size() == 1) selector_->wake();
}

void Mailbox::run() {
  std::vector<std::function<void()>> actions;
  {
    const std::lock_guard lock(mutex_);
    actions.swap(actions_);
  }
  for (auto& action : actions) action();
}

void Mailbox::close() {
  // Destroyed after the lock is given back: an action may own what posts when it goes.
  std::vector<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    selector_ = nullptr;
    dropped.swap(actions_);
  }
}

}  // namespace fid
