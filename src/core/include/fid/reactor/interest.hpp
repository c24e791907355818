// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace fid {

class Ready;

/// What to wait for: a set that is never empty. epoll_ctl(2)
class Interest {
 public:
  static const Interest readable;  ///< data, or the end of it
  static const Interest writable;  ///< room, or nobody left to read
  static const Interest priority;  ///< urgent data; also the end of the stream
  static const Interest error;     ///< the error state

  constexpr bool is_readable() const noexcept { return (bits_ & 1U) != 0; }
  constexpr bool is_writable() const noexcept { return (bits_ & 2U) != 0; }
  constexpr bool is_priority() const noexcept { return (bits_ & 4U) != 0; }
  constexpr bool is_error() const noexcept { return (bits_ & 8U) != 0; }

  /// Both.
  constexpr Interest add(Interest other) const noexcept {
    return Interest(static_cast<std::uint8_t>(bits_ | other.bits_));
  }
  /// What is left without `other`; none when that is nothing.
  constexpr std::optional<Interest> remove(Interest other) const noexcept {
    const auto left = static_cast<std::uint8_t>(bits_ & ~other.bits_);
    if (left == 0) return std::nullopt;
    return Interest(left);
  }
  /// Exactly one member: what try_io() asks for (G10).
  constexpr bool is_single() const noexcept { return (bits_ & (bits_ - 1U)) == 0; }

  /// The states that satisfy this interest.
  constexpr Ready mask() const noexcept;

  friend constexpr Interest operator|(Interest a, Interest b) noexcept { return a.add(b); }
  constexpr Interest& operator|=(Interest other) noexcept { return *this = add(other); }
  friend constexpr bool operator==(Interest, Interest) = default;

  /// "readable|writable"
  std::string to_string() const;

 private:
  constexpr explicit Interest(std::uint8_t bits) noexcept : bits_(bits) {}
  std::uint8_t bits_;
};

inline constexpr Interest Interest::readable{1};
inline constexpr Interest Interest::writable{2};
inline constexpr Interest Interest::priority{4};
inline constexpr Interest Interest::error{8};

/// The states a handle is in: a set that may be empty.
///
/// The closed states are best effort: when absent they prove nothing (G6).
class Ready {
 public:
  static const Ready empty;
  static const Ready readable;
  static const Ready writable;
  static const Ready read_closed;   ///< the peer sends nothing more
  static const Ready write_closed;  ///< the peer takes nothing more
  static const Ready priority;
  static const Ready error;
  static const Ready all;

  constexpr Ready() noexcept = default;

  constexpr bool is_empty() const noexcept { return bits_ == 0; }
  constexpr bool is_readable() const noexcept { return (bits_ & (1U | 4U)) != 0; }
  constexpr bool is_writable() const noexcept { return (bits_ & (2U | 8U)) != 0; }
  constexpr bool is_read_closed() const noexcept { return (bits_ & 4U) != 0; }
  constexpr bool is_write_closed() const noexcept { return (bits_ & 8U) != 0; }
  constexpr bool is_priority() const noexcept { return (bits_ & 16U) != 0; }
  constexpr bool is_error() const noexcept { return (bits_ & 32U) != 0; }

  friend constexpr Ready operator|(Ready a, Ready b) noexcept {
    return Ready(static_cast<std::uint8_t>(a.bits_ | b.bits_));
  }
  friend constexpr Ready operator&(Ready a, Ready b) noexcept {
    return Ready(static_cast<std::uint8_t>(a.bits_ & b.bits_));
  }
  friend constexpr Ready operator-(Ready a, Ready b) noexcept {
    return Ready(static_cast<std::uint8_t>(a.bits_ & ~b.bits_));
  }
  constexpr Ready& operator|=(Ready other) noexcept { return *this = *this | other; }
  constexpr Ready& operator&=(Ready other) noexcept { return *this = *this & other; }
  constexpr Ready& operator-=(Ready other) noexcept { return *this = *this - other; }
  friend constexpr auto operator<=>(Ready, Ready) = default;

  /// "readable|write_closed", or "empty".
  std::string to_string() const;

 private:
  constexpr explicit Ready(std::uint8_t bits) noexcept : bits_(bits) {}
  std::uint8_t bits_ = 0;
};

inline constexpr Ready Ready::empty{};
inline constexpr Ready Ready::readable{1};
inline constexpr Ready Ready::writable{2};
inline constexpr Ready Ready::read_closed{4};
inline constexpr Ready Ready::write_closed{8};
inline constexpr Ready Ready::priority{16};
inline constexpr Ready Ready::error{32};
inline constexpr Ready Ready::all{63};

constexpr Ready Interest::mask() const noexcept {
  Ready states;
  if (is_readable()) states |= Ready::readable | Ready::read_closed;
  if (is_writable()) states |= Ready::writable | Ready::write_closed;
  if (is_priority()) states |= Ready::priority | Ready::read_closed;
  if (is_error()) states |= Ready::error;
  return states;
}

}  // namespace fid
