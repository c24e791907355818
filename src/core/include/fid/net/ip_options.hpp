// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/socket_options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fid {

/// How the packets of an Internet socket are marked, and by which interface they go: derive
/// publicly.  ip(7), ipv6(7), socket(7)
template <class S>
class IpOptions {
 public:
  /// The byte as it is, DSCP in the upper six bits. Each fails on a socket of the other family.
  Result<void> set_tclass_v6(std::uint32_t byte) noexcept {
    return sockopt::set(native_of(), sockopt::tclass_v6, byte);
  }
  Result<std::uint32_t> tclass_v6() const noexcept {
    return sockopt::get(native_of(), sockopt::tclass_v6);
  }
  Result<void> set_tos_v4(std::uint32_t byte) noexcept {
    return sockopt::set(native_of(), sockopt::tos_v4, byte);
  }
  Result<std::uint32_t> tos_v4() const noexcept {
    return sockopt::get(native_of(), sockopt::tos_v4);
  }
  /// Older names of tos_v4.
  Result<void> set_tos(std::uint32_t byte) noexcept { return set_tos_v4(byte); }
  Result<std::uint32_t> tos() const noexcept { return tos_v4(); }

  /// The interface that packets come and go by; none or an empty name for any. Linux.
  /// Fails with permission_denied, or with no_such_device.
  Result<void> bind_device(std::optional<std::string_view> interface) noexcept {
    return sockopt::set(native_of(), sockopt::device, interface.value_or(std::string_view()));
  }
  Result<std::optional<std::string>> device() const {
    auto name = sockopt::get(native_of(), sockopt::device);
    if (!name) return fail(name.error());
    if (name->empty()) return std::nullopt;
    return *std::move(name);
  }

 protected:
  ~IpOptions() = default;

 private:
  Native native_of() const noexcept { return static_cast<const S&>(*this).native(); }
};

}  // namespace fid
