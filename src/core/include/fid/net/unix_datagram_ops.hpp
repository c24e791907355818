// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>
#include <fid/base/os.hpp>
#include <fid/net/passing.hpp>
#include <fid/net/unix_addr.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/timer_queue.hpp>

#include <chrono>
#include <coroutine>
#include <cstddef>

namespace fid {

/// One message on its way to an address.  sendto(2), unix(7)
///
/// Shape: movable until it is awaited. Cancellation: a cancelled one has sent nothing.
class SendToUnixOp final : public Timer {
 public:
  static constexpr Duration first_pause = std::chrono::milliseconds(1);
  static constexpr Duration longest_pause = std::chrono::milliseconds(50);

  /// One that fails if `to` is a failure.
  SendToUnixOp(Native socket, Bytes message, const Result<UnixAddr>& to,
               const Passing& with = Passing()) noexcept;
  SendToUnixOp(const SendToUnixOp& other) noexcept;

  auto passing_on() noexcept { return detail::OperationAwaiter<SendToUnixOp>(*this); }
  auto as_result() noexcept { return detail::OperationResultAwaiter<SendToUnixOp>(*this); }

  /// Bytes sent.
  std::size_t await_resume() const noexcept { return *sent_; }

  // For the awaiters: see Operation.
  bool start();
  void suspend(std::coroutine_handle<> waiting, detail::PromiseBase* parent) noexcept {
    waiting_ = waiting;
    parent_ = parent;
  }
  bool failed() const noexcept { return !sent_; }
  const Error& error() const noexcept { return sent_.error(); }

 private:
  void run() override;
  bool try_once();

  Native socket_;
  Bytes message_;
  Passing with_;
  os::RawAddr to_;
  Result<std::size_t> sent_ = 0;
  Duration pause_ = first_pause;
  std::coroutine_handle<> waiting_;
  detail::PromiseBase* parent_ = nullptr;
};

}  // namespace fid
