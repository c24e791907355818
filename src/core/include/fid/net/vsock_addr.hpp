// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <limits>
#include <string>
#include <string_view>

namespace fid {

/// Where a socket between virtual machines and their host is: a machine, by its context id, and a
/// port there.  vsock(7)
///
/// Shape: a value; any machine and any port unless told otherwise. Ports are 32 bits wide.
class VsockAddr {
 public:
  static constexpr std::uint32_t hypervisor = 0;
  static constexpr std::uint32_t local = 1;  ///< this machine itself, where there is a loopback
  static constexpr std::uint32_t host = 2;
  /// To listen for whoever comes; nobody can be connected to there.
  static constexpr std::uint32_t any_cid = std::numeric_limits<std::uint32_t>::max();
  /// To bind to a port of the system's choice.
  static constexpr std::uint32_t any_port = std::numeric_limits<std::uint32_t>::max();

  constexpr VsockAddr() noexcept = default;
  constexpr VsockAddr(std::uint32_t cid, std::uint32_t port) noexcept : cid_(cid), port_(port) {}

  /// `CID:PORT` in decimal; `*` is any of either; a CID can also be one of the words hypervisor,
  /// local and host. Fails with invalid_argument.
  static Result<VsockAddr> parse(std::string_view text) noexcept;

  /// Fails with invalid_argument for an address of another family.
  static Result<VsockAddr> from_raw(const os::RawAddr& raw) noexcept;
  os::RawAddr to_raw() const noexcept;

  constexpr std::uint32_t cid() const noexcept { return cid_; }
  constexpr std::uint32_t port() const noexcept { return port_; }

  /// `2:1234`, `*:1234`: what parse() reads.
  std::string to_string() const;
  friend constexpr auto operator<=>(const VsockAddr&, const VsockAddr&) noexcept = default;

 private:
  std::uint32_t cid_ = any_cid;
  std::uint32_t port_ = any_port;
};

std::ostream& operator<<(std::ostream& out, const VsockAddr& address);

/// This machine's own context id: `host` on a host, any_cid on a guest without a device for it.
/// Fails as opening /dev/vsock does.
Result<std::uint32_t> local_vsock_cid() noexcept;

}  // namespace fid

template <>
struct std::hash<fid::VsockAddr> {
  std::size_t operator()(const fid::VsockAddr& address) const noexcept {
    const std::uint64_t both = (std::uint64_t{address.cid()} << 32U) | address.port();
    return std::hash<std::uint64_t>()(both);
  }
};
