// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <limits>
#include <mutex>
#include <string_view>
#include <vector>

namespace fid::test {

/// A function of the C library, and what it is called for where it does several things.
struct Call {
  std::string_view symbol;   ///< "fcntl"
  std::string_view purpose;  ///< "F_GETFL"; empty for most
  friend bool operator==(const Call&, const Call&) = default;
};

/// Whether it is one with which a reactor waits for events: how many of those there are depends on
/// when these come.
inline bool waits_for_events(const Call& call) {
  return call.symbol == "epoll_wait" || call.symbol == "epoll_pwait2";
}

/// One call that goes wrong.
struct Fault {
  Call call;
  std::size_t nth = 0;  ///< of those calls, the first being 0
  int error = 0;        ///< errno, or what the call returns where it returns its error
  /// Whether the call does its work all the same: an interrupted connect(2) goes on.
  bool performed = false;
};

/// A call that always fails: the system has no such thing, or has run out of it.
struct Missing {
  Call call;
  int error;
};

/// What else is not as one might expect, with all calls.
struct Habits {
  /// No transfer of bytes moves more. Only for byte streams: datagrams would be cut.
  std::size_t most_bytes = std::numeric_limits<std::size_t>::max();
  /// No call sends more datagrams.
  std::size_t most_datagrams = std::numeric_limits<std::size_t>::max();
  /// Every second wait for events reports everything that is watched as ready, ready or not.
  bool spurious_events = false;
};

/// Stands between libfid and the C library in a program that was linked with --wrap for each of
/// the calls in wrapped_calls.cpp: keeps a record of them, and makes one of them fail.
///
/// Works while a Window is open, on the thread that opened it or on all of them. After a call was
/// made to say that it would block, whatever is watched and ready is reported again, as the kernel
/// does when something has become ready.
class Injector {
 public:
  enum class Scope { this_thread, all_threads };

  Injector() = default;
  explicit Injector(const Fault& fault) : fault_(fault) {}
  explicit Injector(const Habits& habits) : habits_(habits) {}
  Injector(const Injector&) = delete;
  Injector& operator=(const Injector&) = delete;

  void take_away(const Missing& what) { missing_.push_back(what); }

  /// While it is open calls are counted, and fail. One at a time.
  class Window {
   public:
    explicit Window(Injector& injector, Scope scope = Scope::this_thread);
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    ~Window();
  };

  /// While it lives, calls of this thread are neither counted nor changed: the far side's.
  class Untouched {
   public:
    Untouched();
    Untouched(const Untouched&) = delete;
    Untouched& operator=(const Untouched&) = delete;
    ~Untouched();
  };

  /// The calls that were made, in their order. Only while no window is open.
  const std::vector<Call>& calls() const noexcept { return calls_; }
  /// Whether the fault's call was made, and failed.
  bool struck() const noexcept { return struck_; }

  /// What becomes of a call; for the wrappers.
  struct Verdict {
    int error = 0;
    bool performed = false;
    std::size_t most_bytes = std::numeric_limits<std::size_t>::max();
    std::size_t most_datagrams = std::numeric_limits<std::size_t>::max();
    bool spurious_events = false;
  };
  static Verdict verdict_on(const Call& call);

 private:
  Verdict judge(const Call& call);

  std::vector<Call> calls_;
  std::vector<Missing> missing_;
  Fault fault_;
  Habits habits_;
  std::size_t seen_ = 0;
  bool struck_ = false;
  bool last_wait_lied_ = false;
};

}  // namespace fid::test
