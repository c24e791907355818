// SPDX-License-Identifier: MIT
#include "platform/posix/syscall.hpp"
#include "platform/selectors.hpp"

#include <fid/base/error.hpp>
#include <fid/base/handle.hpp>
#include <fid/reactor/selector.hpp>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <limits>

namespace fid::platform {
namespace {

constexpr Token wake_token{std::numeric_limits<std::uint32_t>::max(), 0};

std::uint64_t pack(Token token) noexcept {
  return (std::uint64_t{token.generation} << 32U) | token.slot;
}

Token unpack(std::uint64_t data) noexcept {
  return {static_cast<std::uint32_t>(data), static_cast<std::uint32_t>(data >> 32U)};
}

std::uint32_t epoll_bits(Interest interest) noexcept {
  std::uint32_t bits = EPOLLET;
  if (interest.is_readable()) bits |= EPOLLIN | EPOLLRDHUP;
  if (interest.is_writable()) bits |= EPOLLOUT;
  if (interest.is_priority()) bits |= EPOLLPRI | EPOLLRDHUP;
  return bits;
}

/// G26: what the kernel's bits mean, for pipes too, whose writer sees OUT|ERR, or ERR when full,
/// once the reader is gone.
Ready states(std::uint32_t bits) noexcept {
  const auto has = [bits](std::uint32_t which) { return (bits & which) != 0; };
  Ready ready;
  if (has(EPOLLIN | EPOLLPRI)) ready |= Ready::readable;
  if (has(EPOLLOUT)) ready |= Ready::writable;
  if (has(EPOLLPRI)) ready |= Ready::priority;
  if (has(EPOLLERR)) ready |= Ready::error;
  if (has(EPOLLHUP) || (has(EPOLLIN) && has(EPOLLRDHUP))) ready |= Ready::read_closed;
  if (has(EPOLLHUP) || (has(EPOLLOUT) && has(EPOLLERR)) || bits == EPOLLERR) {
    ready |= Ready::write_closed;
  }
  return ready;
}

/// epoll(7), edge-triggered; woken through an eventfd(2).
class EpollSelector final : public Selector {
 public:
  EpollSelector(Handle epoll, Handle waker) noexcept
      : epoll_(std::move(epoll)), waker_(std::move(waker)) {}

  Result<void> add(Native handle, Token token, Interest interest) override {
    epoll_event event{};
    event.events = epoll_bits(interest);
    event.data.u64 = pack(token);
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, handle, &event) != 0) {
      return fail(system_error(errno, "epoll_ctl"));
    }
    return {};
  }

  Result<void> remove(Native handle) override {
    epoll_event unused{};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, handle, &unused) != 0) {
      return fail(system_error(errno, "epoll_ctl"));
    }
    return {};
  }

  Result<void> wait(std::optional<Duration> timeout, Events& events) override {
    RawEvents raw;
    events.clear();
    const int count = wait_for(timeout, raw);
    if (count < 0) {
      if (errno == EINTR) return {};  // the caller looks at its clock and waits again
      return fail(system_error(errno, "epoll_wait"));
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const Token token = unpack(raw[i].data.u64);
      if (token == wake_token) {
        drain();
      } else {
        events.add({token, states(raw[i].events)});
      }
    }
    return {};
  }

  void wake() noexcept override {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the wake-up is under way already.
    uninterrupted([&] { return ::write(waker_.get(), &one, sizeof one); });
  }

 private:
  using RawEvents = std::array<epoll_event, Events::capacity>;

  int wait_for(std::optional<Duration> timeout, RawEvents& events) noexcept {
    const auto room = static_cast<int>(events.size());
    // To the nanosecond where the kernel can: what is to happen more often than every millisecond
    // would come in bursts. epoll_pwait2(2), Linux 5.11
    if (precise_ && timeout && *timeout > Duration::zero()) {
      const timespec left = to_timespec(*timeout);
      const int count = ::epoll_pwait2(epoll_.get(), events.data(), room, &left, nullptr);
      // A filter made before that kernel says EPERM of a call that it does not know. seccomp(2)
      if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
      precise_ = false;
    }
    return ::epoll_wait(epoll_.get(), events.data(), room, milliseconds(timeout));
  }

  void drain() noexcept {
    std::uint64_t count = 0;
    uninterrupted([&] { return ::read(waker_.get(), &count, sizeof count); });
  }

  static timespec to_timespec(Duration duration) noexcept {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    timespec result{};
    result.tv_sec = static_cast<std::time_t>(seconds.count());
    result.tv_nsec = static_cast<long>((duration - seconds).count());
    return result;
  }

  /// Rounded up, so that a deadline has passed when the wait is over.
  static int milliseconds(std::optional<Duration> timeout) noexcept {
    if (!timeout) return -1;
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(*timeout).count();
    if (whole <= 0) return 0;
    return static_cast<int>(std::min<long long>(whole, std::numeric_limits<int>::max()));
  }

  Handle epoll_;
  Handle waker_;
  bool precise_ = true;
};

}  // namespace

Result<std::unique_ptr<Selector>> make_epoll_selector() {
  Handle epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return fail(system_error(errno, "epoll_create1"));
  Handle waker(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!waker) return fail(system_error(errno, "eventfd"));
  const Native wake_handle = waker.get();
  auto selector = std::make_unique<EpollSelector>(std::move(epoll), std::move(waker));
  if (auto added = selector->add(wake_handle, wake_token, Interest::readable); !added) {
    return fail(added.error());
  }
  return selector;
}

}  // namespace fid::platform
