// SPDX-License-Identifier: MIT
#include <fid/net/vsock_addr.hpp>

#include <charconv>
#include <optional>
#include <ostream>

namespace fid {
namespace {

constexpr std::uint32_t any = VsockAddr::any_cid;
static_assert(any == VsockAddr::any_port);

/// A number; `*` is any, and has no number of its own.
std::optional<std::uint32_t> number_or_any(std::string_view text) noexcept {
  if (text == "*") return any;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == any) {
    return std::nullopt;
  }
  return number;
}

std::optional<std::uint32_t> machine(std::string_view text) noexcept {
  if (text == "hypervisor") return VsockAddr::hypervisor;
  if (text == "local") return VsockAddr::local;
  if (text == "host") return VsockAddr::host;
  return number_or_any(text);
}

std::string text_of(std::uint32_t number) {
  return number == any ? "*" : std::to_string(number);
}

}  // namespace

Result<VsockAddr> VsockAddr::parse(std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  const auto cid = machine(text.substr(0, colon));
  const auto port = number_or_any(colon == std::string_view::npos ? "" : text.substr(colon + 1));
  if (!cid || !port) return fail(std::errc::invalid_argument, "address");
  return VsockAddr(*cid, *port);
}

std::string VsockAddr::to_string() const {
  return text_of(cid_) + ':' + text_of(port_);
}

std::ostream& operator<<(std::ostream& out, const VsockAddr& address) {
  return out << address.to_string();
}

}  // namespace fid
