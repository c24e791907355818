// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/net/ip_addr.hpp>

namespace fid {

/// An IPv4 address and a port.  sockaddr_in(3type)
class SocketAddrV4 {
 public:
  constexpr SocketAddrV4() noexcept = default;
  constexpr SocketAddrV4(const Ipv4Addr& ip, std::uint16_t port) noexcept : ip_(ip), port_(port) {}

  /// `1.2.3.4:80`. Fails with invalid_argument.
  static Result<SocketAddrV4> parse(std::string_view text) noexcept;

  constexpr const Ipv4Addr& ip() const noexcept { return ip_; }
  constexpr std::uint16_t port() const noexcept { return port_; }
  constexpr void set_port(std::uint16_t port) noexcept { port_ = port; }

  std::string to_string() const;
  friend constexpr auto operator<=>(const SocketAddrV4&, const SocketAddrV4&) noexcept = default;

 private:
  Ipv4Addr ip_;
  std::uint16_t port_ = 0;
};

/// An IPv6 address, a port, a flow and a scope.  sockaddr_in6(3type)
///
/// The flow information is in host byte order; the scope is the interface index that a link-local
/// address needs, 0 for none.
class SocketAddrV6 {
 public:
  constexpr SocketAddrV6() noexcept = default;
  constexpr SocketAddrV6(const Ipv6Addr& ip, std::uint16_t port, std::uint32_t flowinfo = 0,
                         std::uint32_t scope_id = 0) noexcept
      : ip_(ip), port_(port), flowinfo_(flowinfo), scope_id_(scope_id) {}

  /// `[::1]:80`, `[fe80::1%2]:80`. Only a resolver knows the scopes that have names.
  /// Fails with invalid_argument.
  static Result<SocketAddrV6> parse(std::string_view text) noexcept;

  constexpr const Ipv6Addr& ip() const noexcept { return ip_; }
  constexpr std::uint16_t port() const noexcept { return port_; }
  constexpr void set_port(std::uint16_t port) noexcept { port_ = port; }
  constexpr std::uint32_t flowinfo() const noexcept { return flowinfo_; }
  constexpr std::uint32_t scope_id() const noexcept { return scope_id_; }

  /// Without the flow, for which there is no notation.
  std::string to_string() const;
  friend constexpr auto operator<=>(const SocketAddrV6&, const SocketAddrV6&) noexcept = default;

 private:
  Ipv6Addr ip_;
  std::uint16_t port_ = 0;
  std::uint32_t flowinfo_ = 0;
  std::uint32_t scope_id_ = 0;
};

/// Where an Internet socket is or goes to: an IP address and a port.  ip(7), ipv6(7)
///
/// Shape: a value; 0.0.0.0:0 unless told otherwise.
class SocketAddr {
 public:
  constexpr SocketAddr() noexcept = default;
  constexpr SocketAddr(const SocketAddrV4& address) noexcept : address_(address) {}
  constexpr SocketAddr(const SocketAddrV6& address) noexcept : address_(address) {}
  constexpr SocketAddr(const IpAddr& ip, std::uint16_t port) noexcept {
    if (ip.is_ipv4()) {
      address_ = SocketAddrV4(*ip.as_v4(), port);
    } else {
      address_ = SocketAddrV6(*ip.as_v6(), port);
    }
  }

  /// Either family as their own parse() has it. Fails with invalid_argument.
  static Result<SocketAddr> parse(std::string_view text) noexcept;

  /// Fails with invalid_argument for an address of another family.
  static Result<SocketAddr> from_raw(const os::RawAddr& raw) noexcept;
  os::RawAddr to_raw() const noexcept;

  constexpr bool is_ipv4() const noexcept { return std::holds_alternative<SocketAddrV4>(address_); }
  constexpr bool is_ipv6() const noexcept { return std::holds_alternative<SocketAddrV6>(address_); }
  /// Null if of the other family.
  constexpr const SocketAddrV4* as_v4() const noexcept {
    return std::get_if<SocketAddrV4>(&address_);
  }
  constexpr const SocketAddrV6* as_v6() const noexcept {
    return std::get_if<SocketAddrV6>(&address_);
  }
  /// For TcpSocket and the system calls.
  constexpr os::Family family() const noexcept {
    return is_ipv4() ? os::Family::inet4 : os::Family::inet6;
  }

  constexpr IpAddr ip() const noexcept {
    return std::visit([](const auto& address) { return IpAddr(address.ip()); }, address_);
  }
  constexpr std::uint16_t port() const noexcept {
    return std::visit([](const auto& address) { return address.port(); }, address_);
  }
  constexpr void set_port(std::uint16_t port) noexcept {
    std::visit([port](auto& address) { address.set_port(port); }, address_);
  }

  std::string to_string() const;
  friend constexpr auto operator<=>(const SocketAddr&, const SocketAddr&) noexcept = default;

 private:
  std::variant<SocketAddrV4, SocketAddrV6> address_;
};

std::ostream& operator<<(std::ostream& out, const SocketAddrV4& address);
std::ostream& operator<<(std::ostream& out, const SocketAddrV6& address);
std::ostream& operator<<(std::ostream& out, const SocketAddr& address);

}  // namespace fid

template <>
struct std::hash<fid::SocketAddrV4> {
  std::size_t operator()(const fid::SocketAddrV4& address) const noexcept;
};
template <>
struct std::hash<fid::SocketAddrV6> {
  std::size_t operator()(const fid::SocketAddrV6& address) const noexcept;
};
template <>
struct std::hash<fid::SocketAddr> {
  std::size_t operator()(const fid::SocketAddr& address) const noexcept;
};
