// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/ip_addr.hpp>
#include <fid/net/socket_options.hpp>

#include <cstdint>

namespace fid {

/// The groups a UDP socket hears, and how it sends to groups: derive publicly.  ip(7), ipv6(7)
///
/// An interface is given by its address for IPv4, by its index for IPv6; 0.0.0.0 and 0 leave the
/// choice to the system. Errors: each call fails on a socket of the other family, but for IPv4
/// groups on an IPv6 socket where the system takes them.
template <class S>
class MulticastOptions {
 public:
  /// Hears a group, any number of them. Twice the same fails with address_in_use; an address that
  /// is no group with invalid_argument; an unknown interface with no_such_device.
  Result<void> join_multicast_v4(const Ipv4Addr& group, const Ipv4Addr& interface) noexcept {
    return set(sockopt::join_multicast_v4, sockopt::MembershipV4{group, interface});
  }
  Result<void> join_multicast_v6(const Ipv6Addr& group, std::uint32_t interface) noexcept {
    return set(sockopt::join_multicast_v6, sockopt::MembershipV6{group, interface});
  }
  /// Fails with address_not_available if it was not joined.
  Result<void> leave_multicast_v4(const Ipv4Addr& group, const Ipv4Addr& interface) noexcept {
    return set(sockopt::leave_multicast_v4, sockopt::MembershipV4{group, interface});
  }
  Result<void> leave_multicast_v6(const Ipv6Addr& group, std::uint32_t interface) noexcept {
    return set(sockopt::leave_multicast_v6, sockopt::MembershipV6{group, interface});
  }

  /// Whether this machine hears what is sent from here; on at first.
  Result<bool> multicast_loop_v4() const noexcept { return get(sockopt::multicast_loop_v4); }
  Result<void> set_multicast_loop_v4(bool on) noexcept {
    return set(sockopt::multicast_loop_v4, on);
  }
  Result<bool> multicast_loop_v6() const noexcept { return get(sockopt::multicast_loop_v6); }
  Result<void> set_multicast_loop_v6(bool on) noexcept {
    return set(sockopt::multicast_loop_v6, on);
  }

  /// How many networks a datagram to a group may pass; 1 at first.
  Result<std::uint32_t> multicast_ttl_v4() const noexcept { return get(sockopt::multicast_ttl_v4); }
  Result<void> set_multicast_ttl_v4(std::uint32_t hops) noexcept {
    return set(sockopt::multicast_ttl_v4, hops);
  }
  Result<std::uint32_t> multicast_hops_v6() const noexcept {
    return get(sockopt::multicast_hops_v6);
  }
  Result<void> set_multicast_hops_v6(std::uint32_t hops) noexcept {
    return set(sockopt::multicast_hops_v6, hops);
  }

  /// The interface that datagrams to groups are sent by.
  Result<Ipv4Addr> multicast_interface_v4() const noexcept {
    return get(sockopt::multicast_interface_v4);
  }
  Result<void> set_multicast_interface_v4(const Ipv4Addr& interface) noexcept {
    return set(sockopt::multicast_interface_v4, interface);
  }
  Result<std::uint32_t> multicast_interface_v6() const noexcept {
    return get(sockopt::multicast_interface_v6);
  }
  Result<void> set_multicast_interface_v6(std::uint32_t interface) noexcept {
    return set(sockopt::multicast_interface_v6, interface);
  }

 protected:
  ~MulticastOptions() = default;

 private:
  template <class T>
  Result<T> get(const sockopt::SocketOption<T>& option) const noexcept {
    return sockopt::get(static_cast<const S&>(*this).native(), option);
  }
  template <class T, class V>
  Result<void> set(const sockopt::SocketOption<T>& option, const V& value) noexcept {
    return sockopt::set(static_cast<const S&>(*this).native(), option, value);
  }
};

}  // namespace fid
