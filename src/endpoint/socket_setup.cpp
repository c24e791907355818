// SPDX-License-Identifier: MIT
#include "endpoint/socket_setup.hpp"

#include <fid/net/socket_options.hpp>

#include <chrono>
#include <cstdint>

namespace fid::endpoint {
namespace {

using namespace std::chrono_literals;

// 60 s of silence, then a probe every 15 s: gone after four without an answer.
constexpr std::chrono::seconds keepalive_idle = 60s;
constexpr std::chrono::seconds keepalive_interval = 15s;
constexpr std::uint32_t keepalive_probes = 4;
constexpr std::chrono::milliseconds unacknowledged = 120s;

/// Sets options one after another until one fails.
class Setter {
 public:
  explicit Setter(Native socket) noexcept : socket_(socket) {}

  template <class T, class V>
  Setter& set(const sockopt::SocketOption<T>& option, const V& value) {
    if (result_) result_ = sockopt::set(socket_, option, value);
    return *this;
  }
  Result<void> result() const { return result_; }

 private:
  Native socket_;
  Result<void> result_;
};

}  // namespace

Result<void> set_up_socket(Native socket, const Address& address) noexcept {
  Setter setter(socket);
  if (const auto size = address.size("sndbuf")) {
    setter.set(sockopt::send_buffer_size, static_cast<std::uint32_t>(*size));
  }
  if (const auto size = address.size("rcvbuf")) {
    setter.set(sockopt::recv_buffer_size, static_cast<std::uint32_t>(*size));
  }
  if (const auto name = address.text("interface")) setter.set(sockopt::device, *name);
  if (address.flag("reuseport").value_or(false)) setter.set(sockopt::reuseport, true);
  if (address.flag("broadcast").value_or(false)) setter.set(sockopt::broadcast, true);
  if (const auto on = address.flag("nodelay")) setter.set(sockopt::nodelay, *on);
  if (address.flag("keepalive").value_or(false)) {
    setter.set(sockopt::keepalive, true)
        .set(sockopt::keepalive_idle, keepalive_idle)
        .set(sockopt::keepalive_interval, keepalive_interval)
        .set(sockopt::keepalive_count, keepalive_probes)
        .set(sockopt::user_timeout, unacknowledged);
  }
  return setter.result();
}

}  // namespace fid::endpoint
