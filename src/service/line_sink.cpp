// SPDX-License-Identifier: MIT
#include "service/line_sink.hpp"

#include <fid/base/os.hpp>

#include <charconv>
#include <optional>

namespace fid::service {
namespace {

constexpr Native stdout_handle = 1;
constexpr Native last_standard_handle = 2;

/// A pipe that is writable has room for this much, and takes it whole. pipe(7), PIPE_BUF
constexpr std::size_t whole_write = 4096;

std::optional<int> parse_number(std::string_view text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end || number < 0) return std::nullopt;
  return number;
}

/// A duplicate, so that closing it leaves the inherited number to whoever else was told of it.
Result<Handle> adopt(Native inherited) {
  const Result<os::Access> access = os::access_of(inherited);
  if (!access) return fail(access.error());
  if (!access->write) return fail(std::errc::bad_file_descriptor, "write");
  if (inherited > last_standard_handle) {
    if (auto kept = os::set_close_on_exec(inherited, true); !kept) return fail(kept.error());
  }
  return os::duplicate(inherited);
}

Result<Handle> open_handle(std::string_view where) {
  if (where == "-") return adopt(stdout_handle);
  if (const auto number = parse_number(where)) return adopt(*number);
  os::OpenOptions options;
  options.append = true;
  options.create = true;
  return os::open(std::string(where), options);
}

}  // namespace

LineSink::~LineSink() {
  flush(std::chrono::seconds(1));
}

Result<LineSink> LineSink::open(std::string_view where) {
  Result<Handle> handle = open_handle(where);
  if (!handle) return fail(handle.error());
  const Result<os::HandleKind> kind = os::kind_of(handle->get());
  if (!kind) return fail(kind.error());
  return LineSink(std::move(*handle), *kind == os::HandleKind::file,
                  *kind == os::HandleKind::socket);
}

void LineSink::write(std::string_view line) {
  flush(Duration::zero());
  if (!is_open()) return;
  if (waiting_.empty()) line.remove_prefix(write_some(line));
  if (line.empty() || !is_open()) return;
  if (waiting_.size() + line.size() > room) {
    ++dropped_;
  } else {
    waiting_ += line;
  }
}

void LineSink::flush(Duration timeout) {
  const TimePoint deadline = Clock::now() + timeout;
  while (is_open() && !waiting_.empty()) {
    const std::size_t written = write_some(waiting_);
    waiting_.erase(0, written);
    if (written > 0 || !is_open()) continue;
    const Duration left = deadline - Clock::now();
    if (left <= Duration::zero() || !os::wait_writable(handle_.get(), left).value_or(false)) return;
  }
}

std::uint64_t LineSink::take_dropped() noexcept {
  return std::exchange(dropped_, 0);
}

std::size_t LineSink::write_some(std::string_view text) {
  std::size_t written = 0;
  while (written < text.size()) {
    std::string_view piece = text.substr(written);
    if (!is_file_) {
      // The description is shared and may block: asking first, and for no more than there is room,
      // keeps us from waiting without making it non-blocking for everyone.
      if (!os::wait_writable(handle_.get(), Duration::zero()).value_or(true)) break;
      piece = piece.substr(0, whole_write);
    }
    const Bytes bytes = as_bytes(piece);
    const auto count =
        is_socket_ ? os::send(handle_.get(), bytes) : os::write(handle_.get(), bytes);
    if (!count) {
      if (!count.error().would_block()) handle_ = Handle();
      break;
    }
    written += *count;
  }
  return written;
}

}  // namespace fid::service
