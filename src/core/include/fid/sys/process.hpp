// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/handle.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/signals.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fid {

namespace detail {
struct Child;
class ChildWatch;
}  // namespace detail

/// How a child ended: with a status, or by a signal.  wait(2)
class ExitCode {
 public:
  static constexpr ExitCode exited(int status) noexcept { return ExitCode(status, 0); }
  static constexpr ExitCode killed(int signal) noexcept { return ExitCode(0, signal); }

  /// 0 if it was ended by a signal: see success().
  constexpr int status() const noexcept { return status_; }
  /// The signal's number; 0 if it ended by itself.
  constexpr int signal() const noexcept { return signal_; }
  /// Whether it ended by itself, with status 0.
  constexpr bool success() const noexcept { return status_ == 0 && signal_ == 0; }
  /// One number for both, as shells have it: the status, or 128 and the signal's number.
  constexpr int shell_status() const noexcept { return signal_ != 0 ? 128 + signal_ : status_; }

  friend constexpr bool operator==(ExitCode, ExitCode) = default;
  /// "status 3", "SIGTERM"
  std::string to_string() const;

 private:
  constexpr ExitCode(int status, int signal) noexcept : status_(status), signal_(signal) {}
  int status_;
  int signal_;
};

/// What to run, and what differs for it from this process. Its setters chain.
///
/// Unless told otherwise the child has this process's environment, directory, group and standard
/// descriptors. It starts with no signal blocked and SIGPIPE deadly, whatever holds here; signals
/// that are ignored here stay ignored, as nohup(1) wants.
class ProcessOptions {
 public:
  /// A change of the environment; no value takes the name away.
  struct Variable {
    std::string name;
    std::optional<std::string> value;
  };
  /// `handle` becomes the child's descriptor `number`.
  struct Mapping {
    Native number;
    Native handle;
  };

  /// The command's words, the program first: a path if it holds a slash (from `directory`, if
  /// relative), else looked for along PATH.
  explicit ProcessOptions(std::vector<std::string> words) : words_(std::move(words)) {}

  ProcessOptions& env(std::string name, std::string value);
  ProcessOptions& unset_env(std::string name);
  ProcessOptions& directory(std::string path);
  /// Hands `handle` over: made blocking, as programs expect, and closed here once it has started.
  ProcessOptions& give(Native number, Handle handle);
  /// Lends `handle`, which stays open here, in the mode it is in.
  ProcessOptions& share(Native number, Native handle);
  /// In a process group of its own, which signal_group() reaches with all its children.
  ProcessOptions& new_group(bool on = true);
  /// Killed when its Process is destroyed, with its group if it has one of its own.
  ProcessOptions& kill_on_drop(bool on = true);

  const std::vector<std::string>& words() const noexcept { return words_; }
  const std::vector<Variable>& variables() const noexcept { return variables_; }
  const std::string& directory() const noexcept { return directory_; }
  const std::vector<Mapping>& mappings() const noexcept { return mappings_; }
  const std::vector<Handle>& given() const noexcept { return given_; }
  bool has_new_group() const noexcept { return new_group_; }
  bool is_killed_on_drop() const noexcept { return kill_on_drop_; }

 private:
  std::vector<std::string> words_;
  std::vector<Variable> variables_;
  std::string directory_;
  std::vector<Mapping> mappings_;
  std::vector<Handle> given_;
  bool new_group_ = false;
  bool kill_on_drop_ = false;
};

class Process;

/// Waits until a child has ended.
class ExitOp final : public Awaits<ExitOp> {
 public:
  explicit ExitOp(Process& process) noexcept;
  ExitCode await_resume() const noexcept { return code_; }

 private:
  // The end may be known although nothing was reported: reap_orphans() takes it in passing.
  bool always_worth_trying() const noexcept override { return true; }
  Attempt attempt() noexcept override;

  detail::Child* child_;
  ExitCode code_ = ExitCode::exited(0);
};

/// A child process.  posix_spawn(3), pidfd_open(2), waitid(2)
///
/// Shape: movable; belongs to the reactor of the thread that started it.
/// Destroying: a child that still runs goes on, unless kill_on_drop() was asked for; either way it
/// is waited for in the background, so that no zombie is left.
class Process {
 public:
  /// Starts a child. Returns when the program runs, or with why it does not: no_such_file and
  /// permission_denied of "exec" (127 and 126 in a shell), or of "chdir".
  static Result<Process> start(ProcessOptions options);

  Process(Process&&) noexcept;
  Process& operator=(Process&&) noexcept;
  ~Process();

  ProcessId pid() const noexcept;
  /// How it ended, now or long ago; any number of coroutines may ask. Fails with
  /// no_child_process if foreign code waited for it. Cancelling it only stops waiting.
  ExitOp wait() noexcept { return ExitOp(*this); }
  /// How it ended, if it has.
  Result<std::optional<ExitCode>> try_wait() noexcept;

  /// Fails with no_such_process once it has been waited for.
  Result<void> signal(Signal signal) noexcept;
  /// The same for its whole group; only for one of its own.
  Result<void> signal_group(Signal signal) noexcept;

 private:
  friend class ExitOp;
  Process(std::shared_ptr<detail::Child> child, std::unique_ptr<detail::ChildWatch> watch,
          const ProcessOptions& options) noexcept;

  std::shared_ptr<detail::Child> child_;
  std::unique_ptr<detail::ChildWatch> watch_;
  bool has_group_;
  bool kill_on_drop_;
};

/// Whether this is process 1 of its PID namespace, which inherits every orphan there.
bool is_init_process() noexcept;

/// Waits for the children that have ended and that no Process here stands for, as process 1 has
/// to: call it on every Signal::child_exit. Never loses the exit code of a Process. Gives how many
/// there were. Not for programs that start children by other means and wait for them.
std::size_t reap_orphans() noexcept;

}  // namespace fid
