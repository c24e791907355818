// SPDX-License-Identifier: MIT
#include "platform/children.hpp"
#include "reactor/start_thread.hpp"
#include "sys/child_table.hpp"
#include "sys/child_watch.hpp"

#include <fid/reactor/reactor.hpp>
#include <fid/sys/process.hpp>

namespace fid {

using detail::Child;
using detail::ChildTable;
using detail::ChildWatch;

namespace {

/// Without a thread for it, the child stays in the kernel's list until reap_orphans() or the end.
void reap_in_background(std::shared_ptr<Child> child) {
  static_cast<void>(detail::start_thread([child = std::move(child)] {
    platform::await_end(child->pid);
    static_cast<void>(ChildTable::of_process().look(*child));
  }));
}

/// A child whose Process has gone while it ran: reaped by the reactor when it ends. Owns itself
/// until then; a reactor that stops passes it on to a thread.
class Abandoned final : public Waiter {
 public:
  Abandoned(std::shared_ptr<Child> child, std::unique_ptr<ChildWatch> watch) noexcept
      : Waiter(Interest::readable), child_(std::move(child)), watch_(std::move(watch)) {}

  void run() override {
    Readiness& readiness = watch_->readiness();
    readiness.clear(Interest::readable);
    const auto end = ChildTable::of_process().look(*child_);
    if (end && !*end) {
      if (!readiness.stopped()) {
        readiness.wait(*this);
        return;
      }
      reap_in_background(child_);
    }
    delete this;
  }

 private:
  std::shared_ptr<Child> child_;
  std::unique_ptr<ChildWatch> watch_;
};

void abandon(std::shared_ptr<Child> child, std::unique_ptr<ChildWatch> watch) {
  if (Reactor::in_scope() && Reactor::current().running()) {
    (new Abandoned(std::move(child), std::move(watch)))->run();
  } else {
    reap_in_background(std::move(child));
  }
}

}  // namespace

std::string ExitCode::to_string() const {
  return signal_ != 0 ? signal_name(signal_) : "status " + std::to_string(status_);
}

ProcessOptions& ProcessOptions::env(std::string name, std::string value) {
  variables_.push_back({std::move(name), std::move(value)});
  return *this;
}

ProcessOptions& ProcessOptions::unset_env(std::string name) {
  variables_.push_back({std::move(name), std::nullopt});
  return *this;
}

ProcessOptions& ProcessOptions::directory(std::string path) {
  directory_ = std::move(path);
  return *this;
}

ProcessOptions& ProcessOptions::give(Native number, Handle handle) {
  mappings_.push_back({number, handle.get()});
  given_.push_back(std::move(handle));
  return *this;
}

ProcessOptions& ProcessOptions::share(Native number, Native handle) {
  mappings_.push_back({number, handle});
  return *this;
}

ProcessOptions& ProcessOptions::new_group(bool on) {
  new_group_ = on;
  return *this;
}

ProcessOptions& ProcessOptions::kill_on_drop(bool on) {
  kill_on_drop_ = on;
  return *this;
}

ExitOp::ExitOp(Process& process) noexcept
    : Awaits(process.watch_->readiness(), Interest::readable), child_(process.child_.get()) {}

Attempt ExitOp::attempt() noexcept {
  const auto end = ChildTable::of_process().look(*child_);
  if (!end) return fails(end.error());
  if (!*end) return Attempt::blocked;
  code_ = **end;
  return Attempt::done;
}

Result<Process> Process::start(ProcessOptions options) {
  auto child = ChildTable::of_process().start(options);
  if (!child) return fail(child.error());
  auto watch = detail::watch_child((*child)->pid);
  if (!watch) {
    // Nobody would be told of its end: it is not left running.
    static_cast<void>(ChildTable::of_process().signal(**child, Signal::kill, false));
    platform::await_end((*child)->pid);
    static_cast<void>(ChildTable::of_process().look(**child));
    return fail(watch.error());
  }
  return Process(std::move(*child), *std::move(watch), options);
}

Process::Process(std::shared_ptr<Child> child, std::unique_ptr<ChildWatch> watch,
                 const ProcessOptions& options) noexcept
    : child_(std::move(child)),
      watch_(std::move(watch)),
      has_group_(options.has_new_group()),
      kill_on_drop_(options.is_killed_on_drop()) {}

Process::Process(Process&&) noexcept = default;

Process& Process::operator=(Process&& other) noexcept {
  Process old(std::move(*this));
  child_ = std::move(other.child_);
  watch_ = std::move(other.watch_);
  has_group_ = other.has_group_;
  kill_on_drop_ = other.kill_on_drop_;
  return *this;
}

Process::~Process() {
  if (!child_) return;
  const auto end = try_wait();
  if (!end || *end) return;
  if (kill_on_drop_) {
    static_cast<void>(has_group_ ? signal_group(Signal::kill) : signal(Signal::kill));
  }
  abandon(std::move(child_), std::move(watch_));
}

ProcessId Process::pid() const noexcept {
  return child_->pid;
}

Result<std::optional<ExitCode>> Process::try_wait() noexcept {
  return ChildTable::of_process().look(*child_);
}

Result<void> Process::signal(Signal signal) noexcept {
  return ChildTable::of_process().signal(*child_, signal, false);
}

Result<void> Process::signal_group(Signal signal) noexcept {
  if (!has_group_) return fail(std::errc::invalid_argument, "kill");
  return ChildTable::of_process().signal(*child_, signal, true);
}

std::size_t reap_orphans() noexcept {
  return ChildTable::of_process().reap_orphans();
}

}  // namespace fid
