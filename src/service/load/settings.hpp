// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fid::service::load {

/// What each connection does again and again.
enum class Mode : std::uint8_t {
  bulk,           ///< moves bytes, as fast as they are taken
  ping_pong,      ///< sends a message, awaits its echo
  connect_close,  ///< connects, sends a message, awaits its echo, closes
};

/// `ping-pong`
std::string_view name_of(Mode mode);

/// The load to make.
struct Settings {
  Mode mode = Mode::ping_pong;
  std::size_t connections = 1;
  std::size_t size = 64;  ///< of a message; in bulk, of what is written at once
  Duration duration = std::chrono::seconds(10);
  Duration warm_up = std::chrono::seconds(1);  ///< comes before `duration` and is not measured
  std::optional<double> rate;  ///< operations a second, all together; unset: as fast as it goes
  bool download = false;       ///< bulk from the far end to here
};

constexpr std::size_t longest_message = std::size_t{64} << 20;

}  // namespace fid::service::load
