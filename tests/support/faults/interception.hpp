// SPDX-License-Identifier: MIT
#pragma once

#include "support/faults/injector.hpp"
#include "support/faults/watched.hpp"

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <vector>

/// What the wrappers of calls are made of. `real` makes the call itself.
namespace fid::test {

/// What this thread watches.
Watched& watched_here() noexcept;
/// Reports once more what is watched and ready, as the kernel does when what would have blocked
/// would not any more.
void report_again() noexcept;

/// The descriptors from eventfd(2), which every thread may write to.
void event_counter_made(int handle) noexcept;
void event_counter_closed(int handle) noexcept;
bool counts_events(int handle) noexcept;

/// Sets errno, and gives what a call that failed returns.
int failed(const Injector::Verdict& verdict) noexcept;

template <class Real>
auto intercept(const Call& call, Real real) -> decltype(real()) {
  const auto verdict = Injector::verdict_on(call);
  if (verdict.error == 0) return real();
  if (verdict.performed) static_cast<void>(real());
  return failed(verdict);
}

/// For calls that return the number of their error.
template <class Real>
int intercept_returned(const Call& call, Real real) {
  const auto verdict = Injector::verdict_on(call);
  return verdict.error == 0 ? real() : verdict.error;
}

/// For calls that move as many bytes as they are asked to, or fewer. The kernel does the latter
/// only where no more is there, and reports it when there is; a stream may go by that.
template <class Real>
ssize_t intercept_bytes(const Call& call, std::size_t size, Real real) {
  const auto verdict = Injector::verdict_on(call);
  if (verdict.error != 0) {
    if (verdict.performed) static_cast<void>(real(size));
    return failed(verdict);
  }
  // An event counter is read and written whole.
  const std::size_t most = call.purpose == "eventfd" ? size : verdict.most_bytes;
  const ssize_t moved = real(std::min(size, most));
  if (size > most) report_again();
  return moved;
}

/// For calls that send several datagrams, or only the first of them.
template <class Real>
int intercept_datagrams(const Call& call, unsigned count, Real real) {
  const auto verdict = Injector::verdict_on(call);
  if (verdict.error != 0) return failed(verdict);
  return real(static_cast<unsigned>(std::min<std::size_t>(count, verdict.most_datagrams)));
}

/// The first `most` bytes of what a call is asked to move.
class Shortened {
 public:
  Shortened(const iovec* pieces, std::size_t count, std::size_t most)
      : pieces_(pieces, pieces + count) {
    for (iovec& piece : pieces_) {
      is_shorter_ = is_shorter_ || piece.iov_len > most;
      piece.iov_len = std::min(piece.iov_len, most);
      most -= piece.iov_len;
    }
  }
  iovec* data() noexcept { return pieces_.data(); }
  void after() const {
    if (is_shorter_) report_again();
  }

 private:
  std::vector<iovec> pieces_;
  bool is_shorter_ = false;
};

template <class Real>
ssize_t intercept_pieces(const Call& call, const iovec* pieces, int count, Real real) {
  const auto verdict = Injector::verdict_on(call);
  if (verdict.error != 0) return failed(verdict);
  Shortened some(pieces, static_cast<std::size_t>(count), verdict.most_bytes);
  const ssize_t moved = real(some.data());
  some.after();
  return moved;
}

template <class Message, class Real>
ssize_t intercept_message(const Call& call, Message* message, Real real) {
  const auto verdict = Injector::verdict_on(call);
  if (verdict.error != 0) return failed(verdict);
  Shortened some(message->msg_iov, message->msg_iovlen, verdict.most_bytes);
  msghdr copy = *message;
  copy.msg_iov = some.data();
  const ssize_t moved = real(&copy);
  if constexpr (!std::is_const_v<Message>) {
    copy.msg_iov = message->msg_iov;
    *message = copy;
  }
  some.after();
  return moved;
}

}  // namespace fid::test
