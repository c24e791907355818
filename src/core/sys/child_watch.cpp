// SPDX-License-Identifier: MIT
#include "sys/child_watch.hpp"

#include "platform/children.hpp"
#include "reactor/start_thread.hpp"

#include <fid/reactor/mailbox.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/registration.hpp>
#include <fid/reactor/soft_readiness.hpp>

namespace fid::detail {
namespace {

class HandleWatch final : public ChildWatch {
 public:
  explicit HandleWatch(Registration io) noexcept : io_(std::move(io)) {}
  Readiness& readiness() noexcept override { return io_.readiness(); }

 private:
  Registration io_;
};

class ThreadWatch final : public ChildWatch {
 public:
  ThreadWatch()
      : readiness_(Readiness::Kind::stream), target_(std::make_shared<Readiness*>(&*readiness_)) {}
  Result<void> start(ProcessId child) {
    return start_thread([child, target = target_, mailbox = Reactor::current().mailbox()] {
      platform::await_end(child);
      mailbox->post([target] {
        if (*target != nullptr) (*target)->set(Ready::readable);
      });
    });
  }
  ~ThreadWatch() override { *target_ = nullptr; }

  Readiness& readiness() noexcept override { return *readiness_; }

 private:
  SoftReadiness readiness_;
  std::shared_ptr<Readiness*> target_;  // used by the reactor's thread alone
};

}  // namespace

Result<std::unique_ptr<ChildWatch>> watch_child_from_thread(ProcessId child) {
  auto watch = std::make_unique<ThreadWatch>();
  if (auto started = watch->start(child); !started) return fail(started.error());
  return watch;
}

Result<std::unique_ptr<ChildWatch>> watch_child(ProcessId child) {
  if (auto handle = platform::exit_handle(child)) {
    auto io = Registration::create(std::move(*handle), Interest::readable);
    if (io) return std::make_unique<HandleWatch>(std::move(*io));
  }
  // An old kernel, a filter that knows no pidfd_open, or no descriptor left: the child runs
  // already, and its end must not be missed.
  return watch_child_from_thread(child);
}

}  // namespace fid::detail
