// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

/// What a client says first on each connection, so that one server serves every measurement. Both
/// ends are this program on this machine: the structures travel as they are.
namespace load {

enum class Role : std::uint8_t {
  sink = 1,  // receives until the end, then sends a Receipt
  source,    // sends as much, or as long, as asked for
  echo,      // sends back what comes
};

struct Request {
  static constexpr std::uint32_t magic_number = 0x64616f6c;

  std::uint32_t magic = magic_number;
  Role role = Role::echo;
  bool verify = false;
  std::uint16_t unused = 0;
  std::uint64_t seed = 0;
  std::uint64_t bytes = 0;         // of a source; 0: no limit
  std::uint64_t milliseconds = 0;  // of a source; 0: no limit
};

/// A sink's last word.
struct Receipt {
  std::uint64_t bytes = 0;
  std::uint64_t intact = 1;  // 0 if verifying found other content
};

template <class T>
std::span<const char> bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <class T>
std::span<char> writable_bytes_of(T& value) {
  return {reinterpret_cast<char*>(&value), sizeof value};
}

}  // namespace load
