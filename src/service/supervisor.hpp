// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>
#include <fid/base/result.hpp>
#include <fid/net/unix_addr.hpp>

#include <optional>
#include <string_view>

namespace fid::service {

/// The supervisor that started this program, if it wants to hear from it.  sd_notify(3)
///
/// Shape: movable; nobody by default, and everything said to nobody succeeds. A failed message is
/// for the log: a supervisor that does not listen is no reason to stop.
class Supervisor {
 public:
  Supervisor() = default;

  /// From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, which are taken out of the environment:
  /// they are not meant for children. Only while there is one thread. Fails with
  /// invalid_argument if one of them makes no sense.
  static Result<Supervisor> from_environment();

  bool is_present() const noexcept { return socket_.has_value(); }

  /// Everything is listening. `status` is a line for people.
  Result<void> ready(std::string_view status) const;
  Result<void> status(std::string_view status) const;
  Result<void> stopping() const;

  /// How often alive() is expected to be called: twice within the supervisor's patience. None if
  /// it does not watch.
  std::optional<Duration> watchdog_interval() const noexcept { return watchdog_interval_; }
  Result<void> alive() const;

 private:
  Result<void> tell(std::string_view message) const;

  std::optional<UnixAddr> socket_;
  std::optional<Duration> watchdog_interval_;
};

}  // namespace fid::service
