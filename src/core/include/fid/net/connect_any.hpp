// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>
#include <fid/net/address_list.hpp>
#include <fid/net/tcp_socket.hpp>
#include <fid/net/tcp_stream.hpp>
#include <fid/task/task.hpp>

#include <chrono>
#include <functional>
#include <vector>

namespace fid {

/// How connect_any() goes about it.
class ConnectOptions {
 public:
  /// Called for every socket before it connects, with the address it is for: to set options, to
  /// bind. A failure counts as that attempt's.
  using SetUp = std::function<Result<void>(TcpSocket& socket, const SocketAddr& to)>;

  ConnectOptions() {}
  explicit ConnectOptions(SetUp set_up) : set_up_(std::move(set_up)) {}

  ConnectOptions& set_up(SetUp set_up) {
    set_up_ = std::move(set_up);
    return *this;
  }
  const SetUp& set_up() const noexcept { return set_up_; }

  /// How long an attempt is alone before the next one joins it.
  ConnectOptions& attempt_delay(Duration delay) noexcept {
    attempt_delay_ = delay;
    return *this;
  }
  Duration attempt_delay() const noexcept { return attempt_delay_; }

 private:
  SetUp set_up_;
  Duration attempt_delay_ = std::chrono::milliseconds(250);
};

/// Connects to whichever address of `to` answers first.  RFC 8305, "Happy Eyeballs"
///
/// Tries the addresses in turn, families alternating, beginning with the resolver's first. An
/// attempt that has neither succeeded nor failed within the delay is left running while the next
/// one starts; one that fails starts the next at once. The first to connect wins, and the others
/// are abandoned.
/// Errors: if all fail, the last failure that says more than that a network cannot be reached;
/// invalid_argument if there is no address.
/// Cancellation: abandons every attempt.
Task<TcpStream> connect_any(AddressList to, ConnectOptions options = ConnectOptions());

/// The addresses in the order in which connect_any() tries them.
std::vector<SocketAddr> interleave_families(const std::vector<SocketAddr>& addresses);

}  // namespace fid
