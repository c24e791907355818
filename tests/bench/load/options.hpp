// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace load {

/// The command line. Each mode reads what concerns it.
struct Options {
  std::string mode;
  std::string address;
  bool with_server = false;
  bool verify = false;
  bool download = false;
  std::size_t connections = 1;
  std::size_t size = 64;
  std::uint64_t bytes = 0;  // each of these: 0 is no limit
  std::uint64_t count = 0;
  std::chrono::nanoseconds duration{0};
  std::string at;
  std::string input;
  std::vector<std::string> command;
};

/// Throws std::invalid_argument. A measurement without any limit gets one second.
Options parse_options(const std::vector<std::string>& arguments);

extern const char* const usage;

}  // namespace load
