// SPDX-License-Identifier: MIT
#include <fid/net/socket_addr.hpp>

#include <charconv>
#include <ostream>

namespace fid {
namespace {

Failure not_an_address() {
  return fail(std::errc::invalid_argument, "address");
}

template <class Number>
std::optional<Number> decimal(std::string_view text) noexcept {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::size_t combined(std::size_t seed, std::size_t more) noexcept {
  return seed * 31 + more;
}

}  // namespace

Result<SocketAddrV4> SocketAddrV4::parse(std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return not_an_address();
  const Result<Ipv4Addr> ip = Ipv4Addr::parse(text.substr(0, colon));
  const std::optional<std::uint16_t> port = decimal<std::uint16_t>(text.substr(colon + 1));
  if (!ip || !port) return not_an_address();
  return SocketAddrV4(*ip, *port);
}

std::string SocketAddrV4::to_string() const {
  return ip_.to_string() + ':' + std::to_string(port_);
}

Result<SocketAddrV6> SocketAddrV6::parse(std::string_view text) noexcept {
  const std::size_t close = text.find("]:");
  if (!text.starts_with('[') || close == std::string_view::npos) return not_an_address();
  const std::string_view host = text.substr(1, close - 1);
  const std::size_t percent = host.find('%');
  const Result<Ipv6Addr> ip = Ipv6Addr::parse(host.substr(0, percent));
  const std::optional<std::uint32_t> scope =
      percent == std::string_view::npos ? 0 : decimal<std::uint32_t>(host.substr(percent + 1));
  const std::optional<std::uint16_t> port = decimal<std::uint16_t>(text.substr(close + 2));
  if (!ip || !scope || !port) return not_an_address();
  return SocketAddrV6(*ip, *port, 0, *scope);
}

std::string SocketAddrV6::to_string() const {
  std::string text = '[' + ip_.to_string();
  if (scope_id_ != 0) text += '%' + std::to_string(scope_id_);
  return text + "]:" + std::to_string(port_);
}

Result<SocketAddr> SocketAddr::parse(std::string_view text) noexcept {
  if (text.starts_with('[')) {
    return SocketAddrV6::parse(text).map([](const SocketAddrV6& v6) { return SocketAddr(v6); });
  }
  return SocketAddrV4::parse(text).map([](const SocketAddrV4& v4) { return SocketAddr(v4); });
}

std::string SocketAddr::to_string() const {
  return std::visit([](const auto& address) { return address.to_string(); }, address_);
}

std::ostream& operator<<(std::ostream& out, const SocketAddrV4& address) {
  return out << address.to_string();
}
std::ostream& operator<<(std::ostream& out, const SocketAddrV6& address) {
  return out << address.to_string();
}
std::ostream& operator<<(std::ostream& out, const SocketAddr& address) {
  return out << address.to_string();
}

}  // namespace fid

std::size_t std::hash<fid::SocketAddrV4>::operator()(
    const fid::SocketAddrV4& address) const noexcept {
  return fid::combined(std::hash<fid::Ipv4Addr>()(address.ip()), address.port());
}
std::size_t std::hash<fid::SocketAddrV6>::operator()(
    const fid::SocketAddrV6& address) const noexcept {
  std::size_t seed = fid::combined(std::hash<fid::Ipv6Addr>()(address.ip()), address.port());
  seed = fid::combined(seed, address.flowinfo());
  return fid::combined(seed, address.scope_id());
}
std::size_t std::hash<fid::SocketAddr>::operator()(const fid::SocketAddr& address) const noexcept {
  return address.is_ipv4() ? std::hash<fid::SocketAddrV4>()(*address.as_v4())
                           : std::hash<fid::SocketAddrV6>()(*address.as_v6());
}
