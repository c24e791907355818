// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <numbers>

/// What reports need of mathematics. The C library has it in a library of its own, which every call
/// of the program would then load, those that report nothing too.
namespace fid::service::load {

/// To the nearest whole number. Of values that are not negative and have one in 64 bits.
constexpr std::uint64_t rounded(double value) noexcept {
  return static_cast<std::uint64_t>(value + 0.5);
}

/// The logarithm of a positive, normal number, right to 14 digits.
constexpr double decimal_logarithm(double value) noexcept {
  // IEC 60559: value = part * 2^power, 1 <= part < 2.
  constexpr std::uint64_t one = std::bit_cast<std::uint64_t>(1.0);
  constexpr int fraction_bits = 52;
  constexpr std::uint64_t fraction = (std::uint64_t{1} << fraction_bits) - 1;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  double part = std::bit_cast<double>((bits & fraction) | one);
  auto power = static_cast<int>(bits >> fraction_bits) - static_cast<int>(one >> fraction_bits);
  if (part > std::numbers::sqrt2) {
    part /= 2;
    ++power;
  }
  // ln(part) = 2 artanh(x) = 2 (x + x^3/3 + x^5/5 ...), where |x| < 0.172.
  const double x = (part - 1) / (part + 1);
  double series = 0;
  for (int n = 19; n > 0; n -= 2) series = series * x * x + 1.0 / n;
  return (power * std::numbers::ln2 + 2 * x * series) / std::numbers::ln10;
}

}  // namespace fid::service::load
