// SPDX-License-Identifier: MIT
#include "load/options.hpp"

#include <array>
#include <cmath>
#include <stdexcept>
#include <string_view>

namespace load {

const char* const usage =
    R"(fid-load: puts load on a relay, and is both of its ends. Prints one line of JSON.

  fid-load serve ADDRESS           the far end; prints its address, serves until its stdin ends
  fid-load bulk ADDRESS            moves data: bytes a second
  fid-load ping-pong ADDRESS       sends, awaits the echo, again: round trips a second, latency
  fid-load connect-close ADDRESS   connects, asks, is answered, closes: conversations a second
  fid-load idle ADDRESS            opens connections, says so, holds them until its stdin ends
  fid-load datagram ADDRESS --at ADDRESS   sends Unix datagrams to one path, receives at another
  fid-load calls -- CMD ARG...     runs a program again and again: how long a call takes

ADDRESS is tcp:HOST:PORT or unix:PATH: of the relay, or of the server for none.

  --with-server      ADDRESS is where to serve, in a thread of this very process
  --connections N    at a time (1)
  --seconds S        how long; 1 if neither this nor a count is given
  --bytes N          bulk: on each connection
  --count N          round trips, conversations, datagrams or calls, all together
  --size N           bytes of a message (64)
  --download         bulk: from the server to the client
  --verify           bulk: compare every byte
  --input TEXT       calls: give it to the program's stdin, and expect it back
)";

namespace {

double number(std::string_view name, const std::string& text) {
  std::size_t used = 0;
  double value = -1;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
  }
  if (used != text.size() || !std::isfinite(value) || value < 0) {
    throw std::invalid_argument(std::string(name) + " takes a number, not " + text);
  }
  return value;
}

std::uint64_t whole(std::string_view name, const std::string& text) {
  return static_cast<std::uint64_t>(number(name, text));
}

bool is_flag(std::string_view name, Options& options) {
  if (name == "--with-server") return options.with_server = true;
  if (name == "--verify") return options.verify = true;
  if (name == "--download") return options.download = true;
  return false;
}

void take(std::string_view name, const std::string& value, Options& options) {
  if (name == "--connections") {
    options.connections = whole(name, value);
  } else if (name == "--seconds") {
    options.duration = std::chrono::nanoseconds(std::llround(number(name, value) * 1e9));
  } else if (name == "--bytes") {
    options.bytes = whole(name, value);
  } else if (name == "--count") {
    options.count = whole(name, value);
  } else if (name == "--size") {
    options.size = whole(name, value);
  } else if (name == "--at") {
    options.at = value;
  } else if (name == "--input") {
    options.input = value;
  } else {
    throw std::invalid_argument("no such option: " + std::string(name));
  }
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    if (*argument == "--") {
      options.command.assign(argument + 1, arguments.end());
      break;
    }
    if (argument->starts_with("--")) {
      if (is_flag(*argument, options)) continue;
      const auto name = argument++;
      if (argument == arguments.end()) throw std::invalid_argument(*name + " takes a value");
      take(*name, *argument, options);
    } else if (options.mode.empty()) {
      options.mode = *argument;
    } else if (options.address.empty()) {
      options.address = *argument;
    } else {
      throw std::invalid_argument("one word too many: " + *argument);
    }
  }
  if (options.connections == 0 || options.size == 0) {
    throw std::invalid_argument("at least 1, please");
  }
  if (options.bytes == 0 && options.count == 0 && options.duration.count() == 0) {
    options.duration = std::chrono::seconds(1);
  }
  return options;
}

}  // namespace load
