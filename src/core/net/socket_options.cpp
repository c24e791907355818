// SPDX-License-Identifier: MIT
// Values that are laid out alike everywhere: numbers as an int, names as text,
// IPv4 addresses as four bytes. The table itself
// and the structures are the platform's.
#include <fid/base/os.hpp>
#include <fid/net/socket_options.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace fid::sockopt {
namespace {

/// Bytes that the kernel has for a name with its terminator: of an interface, of an algorithm.
constexpr std::size_t name_room = 16;

template <class T>
Result<int> get_number(Native socket, const SocketOption<T>& option) noexcept {
  int number = 0;
  const auto filled = os::get_option(socket, option.level, option.name,
                                     std::as_writable_bytes(std::span(&number, 1)));
  if (!filled) return fail(filled.error().code, option.call_name);
  return number;
}

template <class T>
Result<void> set_number(Native socket, const SocketOption<T>& option, std::int64_t value) noexcept {
  const int number =
      static_cast<int>(std::min<std::int64_t>(value, std::numeric_limits<int>::max()));
  const auto done =
      os::set_option(socket, option.level, option.name, std::as_bytes(std::span(&number, 1)));
  if (!done) return fail(done.error().code, option.call_name);
  return {};
}

template <class T>
Result<void> set_time(Native socket, const SocketOption<T>& option, T value) noexcept {
  if (value < T::zero()) return fail(std::errc::invalid_argument, option.call_name);
  return set_number(socket, option, value.count());
}

}  // namespace

Result<bool> get(Native socket, const SocketOption<bool>& option) noexcept {
  return get_number(socket, option).map([](int number) { return number != 0; });
}

Result<int> get(Native socket, const SocketOption<int>& option) noexcept {
  return get_number(socket, option);
}

Result<std::uint32_t> get(Native socket, const SocketOption<std::uint32_t>& option) noexcept {
  return get_number(socket, option).map([](int number) {
    return static_cast<std::uint32_t>(number);
  });
}

Result<std::chrono::seconds> get(Native socket,
                                 const SocketOption<std::chrono::seconds>& option) noexcept {
  return get_number(socket, option).map([](int number) { return std::chrono::seconds(number); });
}

Result<std::chrono::milliseconds> get(
    Native socket, const SocketOption<std::chrono::milliseconds>& option) noexcept {
  return get_number(socket, option).map([](int number) {
    return std::chrono::milliseconds(number);
  });
}

Result<std::string> get(Native socket, const SocketOption<std::string>& option) {
  std::array<char, name_room> name{};
  const auto filled =
      os::get_option(socket, option.level, option.name, std::as_writable_bytes(std::span(name)));
  if (!filled) return fail(filled.error().code, option.call_name);
  return std::string(name.begin(), std::find(name.begin(), name.end(), '\0'));
}

Result<Ipv4Addr> get(Native socket, const SocketOption<Ipv4Addr>& option) noexcept {
  Ipv4Addr::Octets octets{};
  const auto filled =
      os::get_option(socket, option.level, option.name, std::as_writable_bytes(std::span(octets)));
  if (!filled) return fail(filled.error().code, option.call_name);
  return Ipv4Addr(octets);
}

Result<void> set(Native socket, const SocketOption<bool>& option, bool on) noexcept {
  return set_number(socket, option, on ? 1 : 0);
}

Result<void> set(Native socket, const SocketOption<int>& option, int value) noexcept {
  return set_number(socket, option, value);
}

Result<void> set(Native socket, const SocketOption<std::uint32_t>& option,
                 std::uint32_t value) noexcept {
  return set_number(socket, option, value);
}

Result<void> set(Native socket, const SocketOption<std::chrono::seconds>& option,
                 std::chrono::seconds value) noexcept {
  return set_time(socket, option, value);
}

Result<void> set(Native socket, const SocketOption<std::chrono::milliseconds>& option,
                 std::chrono::milliseconds value) noexcept {
  return set_time(socket, option, value);
}

Result<void> set(Native socket, const SocketOption<std::string>& option,
                 std::string_view value) noexcept {
  // The kernel would cut it and take the rest for the name of something else.
  if (value.size() >= name_room || value.find('\0') != std::string_view::npos) {
    return fail(std::errc::invalid_argument, option.call_name);
  }
  const auto done = os::set_option(socket, option.level, option.name, as_bytes(value));
  if (!done) return fail(done.error().code, option.call_name);
  return {};
}

Result<void> set(Native socket, const SocketOption<Ipv4Addr>& option,
                 const Ipv4Addr& value) noexcept {
  const auto done =
      os::set_option(socket, option.level, option.name, std::as_bytes(std::span(value.octets())));
  if (!done) return fail(done.error().code, option.call_name);
  return {};
}

}  // namespace fid::sockopt
