// SPDX-License-Identifier: MIT
#include "service/supervisor.hpp"

#include <fid/base/error.hpp>
#include <fid/base/os.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>

namespace fid::service {
namespace {

/// A supervisor that is busy for longer than this is told nothing.
constexpr std::chrono::seconds patience{5};

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

/// `/run/x` or `@abstract`.
Result<UnixAddr> parse_socket(std::string_view text) {
  if (text.starts_with('@')) return UnixAddr::from_abstract(text.substr(1));
  if (text.starts_with('/')) return UnixAddr::from_path(text);
  return fail(std::errc::invalid_argument, "NOTIFY_SOCKET");
}

/// A status is one line of the message.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  return line;
}

}  // namespace

Result<Supervisor> Supervisor::from_environment() {
  const auto socket = os::take_variable("NOTIFY_SOCKET");
  const auto patience_text = os::take_variable("WATCHDOG_USEC");
  const auto watched_text = os::take_variable("WATCHDOG_PID");
  Supervisor supervisor;
  if (!socket || socket->empty()) return supervisor;
  const Result<UnixAddr> address = parse_socket(*socket);
  if (!address) return fail(address.error().code, "NOTIFY_SOCKET");
  supervisor.socket_ = *address;
  if (!patience_text) return supervisor;
  // Meant for one process: a shell in between may have been the one.
  if (watched_text && parse_number(*watched_text) != os::process_id()) return supervisor;
  const auto microseconds = parse_number(*patience_text);
  if (!microseconds || *microseconds <= 0 || *microseconds > INT64_MAX / 1000) {
    return fail(std::errc::invalid_argument, "WATCHDOG_USEC");
  }
  supervisor.watchdog_interval_ = std::chrono::microseconds(*microseconds) / 2;
  return supervisor;
}

Result<void> Supervisor::ready(std::string_view status) const {
  return tell("READY=1\nMAINPID=" + std::to_string(os::process_id()) +
              "\nSTATUS=" + one_line(status));
}

Result<void> Supervisor::status(std::string_view status) const {
  return tell("STATUS=" + one_line(status));
}

Result<void> Supervisor::stopping() const {
  return tell("STOPPING=1");
}

Result<void> Supervisor::alive() const {
  return tell("WATCHDOG=1");
}

Result<void> Supervisor::tell(std::string_view message) const {
  if (!socket_) return {};
  // A socket each time: the supervisor may have started anew on the same name.
  const Result<Handle> socket = os::socket(os::Family::local, os::SocketType::datagram);
  if (!socket) return fail(socket.error());
  if (auto there = os::connect(socket->get(), socket_->to_raw()); !there) {
    return fail(there.error());
  }
  const TimePoint deadline = Clock::now() + patience;
  for (;;) {
    const Result<std::size_t> sent = os::send(socket->get(), as_bytes(message));
    if (sent) return {};
    const Duration left = deadline - Clock::now();
    if (!sent.error().would_block() || left <= Duration::zero()) return fail(sent.error());
    if (auto room = os::wait_writable(socket->get(), left); !room) return fail(room.error());
  }
}

}  // namespace fid::service
