// SPDX-License-Identifier: MIT
#pragma once

#include "support/faults/injector.hpp"

#include <string_view>
#include <vector>

namespace fid::test {

/// What becomes of a call that a signal interrupts.  signal(7), EINTR
enum class Interruption {
  none,        ///< its man page knows no such thing
  made_again,  ///< it is made again, and nobody sees it
  goes_on,     ///< it does its work all the same, and must not be made again
  returns,     ///< it has waited for less long; the caller looks around and waits again
};

/// Where a call's error is found.
enum class ErrorFrom { errno_variable, returned, resolver };

/// What a call can fail with, and what the library makes of it.
struct CallRow {
  Call call;
  /// The name that errors are reported by; empty where they are not reported.
  std::string_view reported_as;
  /// As the man pages list them, those of socket families too; without EINTR, and without EAGAIN
  /// where that says that the call would block.
  std::vector<int> errors;
  Interruption interrupted = Interruption::none;
  /// EAGAIN makes the operation wait.
  bool would_block = false;
  ErrorFrom from = ErrorFrom::errno_variable;
  /// The error says that somebody else has done the work: the call does it, so that this is so.
  bool performed = false;
  /// Why an error is not reported. What an operation does about it is in its scenario.
  std::string_view ignored = {};
  /// A file without which no call can be made, where not every system has it.
  const char* needs = nullptr;
};

/// Every call of the C library that libfid makes and that can fail.
const std::vector<CallRow>& call_table();

/// The row of a call; null if there is none.
const CallRow* row_of(const Call& call);

/// What the library calls and what cannot fail, with the reason.
struct SafeCall {
  std::string_view symbol;
  std::string_view why;
};
const std::vector<SafeCall>& safe_calls();

}  // namespace fid::test
