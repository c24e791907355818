// SPDX-License-Identifier: MIT
#include <fid/reactor/mailbox.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/workers.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace fid {
namespace {

thread_local Reactor* in_scope_here = nullptr;

/// What a reactor that stops runs on: enough for a failure to be handed up any chain of tasks.
constexpr int last_turns = 1000;

/// What runs in one turn. What an exception leaves of it runs in the next one, first.
class Turn : public LinkedList<Runnable> {
 public:
  explicit Turn(RunQueue& queue) noexcept : queue_(&queue) { take_all(queue); }
  ~Turn() {
    take_all(*queue_);
    queue_->take_all(*this);
  }

 private:
  RunQueue* queue_;
};

}  // namespace

Result<std::unique_ptr<Reactor>> Reactor::create(std::string_view selector) {
  auto made = make_selector(selector);
  if (!made) return fail(made.error());
  return std::unique_ptr<Reactor>(new Reactor(std::move(*made)));
}

Reactor::Reactor(std::unique_ptr<Selector> selector)
    : selector_(std::move(selector)),
      registrations_(std::make_unique<RegistrationTable>(*selector_)),
      mailbox_(std::make_shared<Mailbox>(*selector_)) {
  if (in_scope_here != nullptr) {
    broken_precondition("one reactor per thread", Caller::here());
  }
  in_scope_here = this;
}

Reactor::~Reactor() {
  running_ = false;
  mailbox_->close();
  workers_.reset();
  registrations_->wake_all_as_stopped();
  timers_.stop(runnable_);
  // Those who were told may wait again, and are told again at once. Who goes on for ever, yielding
  // or trying again, is left where it is.
  for (int turn = 0; turn < last_turns && !runnable_.empty(); ++turn) run_once();
  RegistrationTable::stop(std::move(registrations_));
  in_scope_here = nullptr;
}

Reactor& Reactor::current(Caller caller) {
  if (in_scope_here == nullptr) broken_precondition("a reactor in scope in this thread", caller);
  return *in_scope_here;
}

bool Reactor::in_scope() noexcept {
  return in_scope_here != nullptr;
}

Workers& Reactor::workers() {
  if (!workers_) workers_ = std::make_unique<Workers>();
  return *workers_;
}

Result<void> Reactor::turn() {
  std::optional<Duration> timeout;
  if (!runnable_.empty()) {
    timeout = Duration::zero();
  } else if (const auto deadline = timers_.next()) {
    timeout = std::max(Duration::zero(), *deadline - Clock::now());
  }
  if (auto waited = selector_->wait(timeout, events_); !waited) return waited;
  ++wake_ups_;
  for (const ReadyEvent& event : events_) {
    if (auto* slot = registrations_->find(event.token.slot, event.token.generation)) {
      slot->readiness.set(event.ready);
    }
  }
  if (!timers_.empty()) timers_.expire(Clock::now(), runnable_);
  mailbox_->run();
  run_once();
  return {};
}

void Reactor::run_once() {
  // What becomes runnable meanwhile waits for the next turn, so that events are not starved.
  Turn now(runnable_);
  while (!now.empty()) {
    budget_left_ = budget;
    now.pop_front().run();
    runnable_.throw_kept();
  }
  budget_left_ = budget;
}

}  // namespace fid
