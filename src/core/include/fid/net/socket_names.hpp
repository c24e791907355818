// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/base/os.hpp>

#include <optional>
#include <string>
#include <string_view>

/// What every kind of socket asks of its handle.
namespace fid::detail {

template <class Addr>
Result<Addr> address_from(const Result<os::RawAddr>& raw) {
  if (!raw) return fail(raw.error());
  return Addr::from_raw(*raw);
}

template <class Addr>
Result<Addr> local_addr(Native socket) {
  return address_from<Addr>(os::local_name(socket));
}

template <class Addr>
Result<Addr> peer_addr(Native socket) {
  return address_from<Addr>(os::peer_name(socket));
}

/// The pending error of a socket, once; none when there is none. SO_ERROR
std::optional<Error> take_error(Native socket) noexcept;

/// In debug builds, a blocking handle is a broken promise of the caller (G20).
void expect_nonblocking(Native handle, Caller caller) noexcept;

/// `TcpStream(local=127.0.0.1:80, peer=127.0.0.1:4242, handle=7)`, without the addresses that
/// cannot be had.
std::string socket_text(std::string_view type, Native socket,
                        const std::optional<std::string>& local,
                        const std::optional<std::string>& peer);

template <class Addr>
std::optional<std::string> text_of(const Result<Addr>& address) {
  if (!address) return std::nullopt;
  return address->to_string();
}

}  // namespace fid::detail
