// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>
#include <fid/base/result.hpp>
#include <fid/platform/native.hpp>
#include <fid/reactor/interest.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace fid {

/// Says which registration an event is for: a slot, and which of its tenants (G18).
struct Token {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  friend bool operator==(Token, Token) = default;
};

struct ReadyEvent {
  Token token;
  Ready ready;
};

/// What one wait() brought.
class Events {
 public:
  static constexpr std::size_t capacity = 256;

  void clear() noexcept { size_ = 0; }
  void add(ReadyEvent event) noexcept { events_[size_++] = event; }
  const ReadyEvent* begin() const noexcept { return events_.data(); }
  const ReadyEvent* end() const noexcept { return events_.data() + size_; }
  std::size_t size() const noexcept { return size_; }

 private:
  std::array<ReadyEvent, capacity> events_;
  std::size_t size_ = 0;
};

/// What a platform provides: watching handles, and sleeping until some of them are ready.
class Selector {
 public:
  Selector() = default;
  Selector(const Selector&) = delete;
  Selector& operator=(const Selector&) = delete;
  virtual ~Selector() = default;

  /// Watches `handle`, edge-triggered, until remove(). Its events carry `token`.
  /// Fails for what cannot be watched: EPERM for an ordinary file, EEXIST, EBADF.
  virtual Result<void> add(Native handle, Token token, Interest interest) = 0;
  virtual Result<void> remove(Native handle) = 0;
  /// Sleeps until a handle is ready, `timeout` has passed or wake() is called; fills `events`.
  /// No timeout: as long as it takes.
  virtual Result<void> wait(std::optional<Duration> timeout, Events& events) = 0;
  /// Cuts wait() short, the next one if none is under way. The one member other threads and
  /// signal handlers may call.
  virtual void wake() noexcept = 0;
};

/// The selectors this program was built with, the best first.
std::span<const std::string_view> selector_names() noexcept;

/// Makes the named selector, or the best when no name is given.
Result<std::unique_ptr<Selector>> make_selector(std::string_view name = {});

}  // namespace fid
