// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/result.hpp>
#include <fid/net/socket_addr.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fid {

/// Where to connect or listen, in any of the forms one has it in: the argument of every operation
/// that takes an address, and of lookup_host().
///
///     TcpStream::connect(address)                 a SocketAddr of either family
///     TcpStream::connect({ip, 80})                an IpAddr and a port
///     TcpStream::connect(addresses)               a vector, array or span; copied
///     TcpStream::connect("example.org:80")        "1.2.3.4:80", "[::1]:80", "[fe80::1%2]:80"
///     TcpStream::connect({"example.org", 80})     literals without brackets
///     TcpStream::connect({"example.org", "http"}) a port, or a name from services(5)
///
/// Shape: a value. What is wrong with it is reported by the operation it is given to.
class AddressList {
 public:
  AddressList(const SocketAddr& address) : addresses_{address} {}
  AddressList(const SocketAddrV4& address) : addresses_{address} {}
  AddressList(const SocketAddrV6& address) : addresses_{address} {}
  AddressList(const IpAddr& ip, std::uint16_t port) : addresses_{SocketAddr(ip, port)} {}

  AddressList(std::vector<SocketAddr> addresses) : addresses_(std::move(addresses)) {}
  template <class R>
  requires std::convertible_to<const R&, std::span<const SocketAddr>> AddressList(
      const R& addresses)
      : AddressList(std::span<const SocketAddr>(addresses)) {}
  AddressList(std::span<const SocketAddr> addresses)
      : addresses_(addresses.begin(), addresses.end()) {}

  template <class T>
  requires std::convertible_to<const T&, std::string_view> AddressList(const T& host_and_port)
      : AddressList(std::string_view(host_and_port)) {}
  AddressList(std::string_view host_and_port);

  AddressList(std::string_view host, std::uint16_t port)
      : AddressList(host, std::string_view(std::to_string(port))) {}
  AddressList(std::string_view host, std::string_view service);

  /// The addresses if nobody has to be asked for them, or what is wrong with the text; nothing if
  /// it takes a resolver.
  std::optional<Result<std::vector<SocketAddr>>> known() const;

  const std::string& host() const noexcept { return host_; }
  const std::string& service() const noexcept { return service_; }

 private:
  bool valid_ = true;
  bool by_name_ = false;
  std::vector<SocketAddr> addresses_;
  std::string host_;
  std::string service_;
};

}  // namespace fid
