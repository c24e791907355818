// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/result.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace fid {

/// An IPv4 address.  ip(7)
///
/// Shape: a value; 0.0.0.0 unless told otherwise. Ordered as the numbers are.
class Ipv4Addr {
 public:
  using Octets = std::array<std::uint8_t, 4>;

  constexpr Ipv4Addr() noexcept = default;
  constexpr explicit Ipv4Addr(const Octets& octets) noexcept : octets_(octets) {}
  constexpr Ipv4Addr(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) noexcept
      : octets_{a, b, c, d} {}

  static constexpr Ipv4Addr unspecified() noexcept { return {}; }
  static constexpr Ipv4Addr loopback() noexcept { return {127, 0, 0, 1}; }
  static constexpr Ipv4Addr broadcast() noexcept { return {255, 255, 255, 255}; }

  /// Four decimal numbers without leading zeros, which inet_aton(3) would take for octal.
  /// Fails with invalid_argument.
  static Result<Ipv4Addr> parse(std::string_view text) noexcept;

  constexpr const Octets& octets() const noexcept { return octets_; }
  constexpr bool is_unspecified() const noexcept { return *this == unspecified(); }
  constexpr bool is_loopback() const noexcept { return octets_[0] == 127; }
  constexpr bool is_multicast() const noexcept { return (octets_[0] & 0xf0) == 0xe0; }
  constexpr bool is_broadcast() const noexcept { return *this == broadcast(); }

  std::string to_string() const;
  friend constexpr auto operator<=>(const Ipv4Addr&, const Ipv4Addr&) noexcept = default;

 private:
  Octets octets_{};
};

/// An IPv6 address, without a scope: that belongs to the socket address.  ipv6(7), RFC 4291
///
/// Shape: a value; :: unless told otherwise. Ordered as the numbers are.
class Ipv6Addr {
 public:
  using Octets = std::array<std::uint8_t, 16>;
  using Segments = std::array<std::uint16_t, 8>;

  constexpr Ipv6Addr() noexcept = default;
  constexpr explicit Ipv6Addr(const Octets& octets) noexcept : octets_(octets) {}
  constexpr explicit Ipv6Addr(const Segments& segments) noexcept {
    for (std::size_t i = 0; i < segments.size(); ++i) {
      octets_[2 * i] = static_cast<std::uint8_t>(segments[i] >> 8);
      octets_[2 * i + 1] = static_cast<std::uint8_t>(segments[i] & 0xff);
    }
  }

  static constexpr Ipv6Addr unspecified() noexcept { return {}; }
  static constexpr Ipv6Addr loopback() noexcept {
    return Ipv6Addr(Segments{0, 0, 0, 0, 0, 0, 0, 1});
  }

  /// Any form of RFC 4291 section 2.2, without brackets and scope. Fails with invalid_argument.
  static Result<Ipv6Addr> parse(std::string_view text) noexcept;

  constexpr const Octets& octets() const noexcept { return octets_; }
  constexpr Segments segments() const noexcept {
    Segments segments{};
    for (std::size_t i = 0; i < segments.size(); ++i) {
      segments[i] = static_cast<std::uint16_t>(octets_[2 * i] << 8 | octets_[2 * i + 1]);
    }
    return segments;
  }
  constexpr bool is_unspecified() const noexcept { return *this == unspecified(); }
  constexpr bool is_loopback() const noexcept { return *this == loopback(); }
  constexpr bool is_multicast() const noexcept { return octets_[0] == 0xff; }
  /// fe80::/10: means nothing without a scope.
  constexpr bool is_link_local() const noexcept {
    return octets_[0] == 0xfe && (octets_[1] & 0xc0) == 0x80;
  }

  /// The address behind ::ffff:a.b.c.d, as a socket of both families reports IPv4 peers.
  constexpr std::optional<Ipv4Addr> to_ipv4_mapped() const noexcept {
    for (std::size_t i = 0; i < 10; ++i) {
      if (octets_[i] != 0) return std::nullopt;
    }
    if (octets_[10] != 0xff || octets_[11] != 0xff) return std::nullopt;
    return Ipv4Addr(octets_[12], octets_[13], octets_[14], octets_[15]);
  }

  /// The one recommended form.  RFC 5952
  std::string to_string() const;
  friend constexpr auto operator<=>(const Ipv6Addr&, const Ipv6Addr&) noexcept = default;

 private:
  Octets octets_{};
};

/// An address of either family.
///
/// Shape: a value; every IPv4 address sorts before every IPv6 address, and equals none.
class IpAddr {
 public:
  constexpr IpAddr() noexcept = default;
  constexpr IpAddr(const Ipv4Addr& address) noexcept : address_(address) {}
  constexpr IpAddr(const Ipv6Addr& address) noexcept : address_(address) {}

  /// Either family, without brackets and scope. Fails with invalid_argument.
  static Result<IpAddr> parse(std::string_view text) noexcept;

  constexpr bool is_ipv4() const noexcept { return std::holds_alternative<Ipv4Addr>(address_); }
  constexpr bool is_ipv6() const noexcept { return std::holds_alternative<Ipv6Addr>(address_); }
  /// Null if of the other family.
  constexpr const Ipv4Addr* as_v4() const noexcept { return std::get_if<Ipv4Addr>(&address_); }
  constexpr const Ipv6Addr* as_v6() const noexcept { return std::get_if<Ipv6Addr>(&address_); }

  constexpr bool is_unspecified() const noexcept {
    return std::visit([](const auto& address) { return address.is_unspecified(); }, address_);
  }
  constexpr bool is_loopback() const noexcept {
    return std::visit([](const auto& address) { return address.is_loopback(); }, address_);
  }
  constexpr bool is_multicast() const noexcept {
    return std::visit([](const auto& address) { return address.is_multicast(); }, address_);
  }

  /// The IPv4 address if this is one mapped into IPv6, else itself: what to compare and match.
  constexpr IpAddr to_canonical() const noexcept {
    if (is_ipv4()) return *this;
    const std::optional<Ipv4Addr> inner = std::get<Ipv6Addr>(address_).to_ipv4_mapped();
    return inner ? IpAddr(*inner) : *this;
  }

  std::string to_string() const;
  friend constexpr auto operator<=>(const IpAddr&, const IpAddr&) noexcept = default;

 private:
  std::variant<Ipv4Addr, Ipv6Addr> address_;
};

std::ostream& operator<<(std::ostream& out, const Ipv4Addr& address);
std::ostream& operator<<(std::ostream& out, const Ipv6Addr& address);
std::ostream& operator<<(std::ostream& out, const IpAddr& address);

}  // namespace fid

template <>
struct std::hash<fid::Ipv4Addr> {
  std::size_t operator()(const fid::Ipv4Addr& address) const noexcept;
};
template <>
struct std::hash<fid::Ipv6Addr> {
  std::size_t operator()(const fid::Ipv6Addr& address) const noexcept;
};
template <>
struct std::hash<fid::IpAddr> {
  std::size_t operator()(const fid::IpAddr& address) const noexcept;
};
