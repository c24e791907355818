// SPDX-License-Identifier: MIT
#include "service/message_pump.hpp"

#include <fid/base/bytes.hpp>
#include <fid/io/read_write.hpp>

#include <system_error>

namespace fid::service {

using endpoint::Messages;
using endpoint::ReceiveOp;
using endpoint::SendOp;

MessagePump::MessagePump(Messages& from, Messages& to, Event& changed, const PumpOptions& options)
    : from_(&from), to_(&to), changed_(&changed), options_(options), last_activity_(Clock::now()) {}

Task<void> MessagePump::run() {
  Buffer buffer(endpoint::longest_message);
  for (;;) {
    const auto received = co_await as_result(ReceiveOp(*from_, buffer));
    if (!received) co_return finish(PumpEnd::read_failed, received.error());
    if (received->end) break;
    if (received->cut) {
      co_return finish(PumpEnd::read_failed, fail(std::errc::message_size, "recv").value());
    }
    const Bytes message = Bytes(buffer).first(received->size);
    std::uint64_t& left = options_.allowance != nullptr ? *options_.allowance : options_.limit;
    if (message.size() > left) {
      // It was taken, and neither it nor anything after it is passed on.
      unsent_ = message.size();
      left = 0;
      co_return finish(PumpEnd::limit);
    }
    left -= message.size();
    if (options_.observer != nullptr) options_.observer->passing(message);
    unsent_ = message.size();
    const auto sent = co_await as_result(SendOp(*to_, message));
    if (!sent) co_return finish(PumpEnd::write_failed, sent.error());
    unsent_ = 0;
    bytes_ += message.size();
    last_activity_ = Clock::now();
  }
  if (options_.shutdown) {
    if (auto told = to_->attempt_shutdown(); !told) {
      co_return finish(PumpEnd::write_failed, told.error());
    }
  }
  finish(PumpEnd::eof);
}

void MessagePump::finish(PumpEnd how, const Error& error) {
  end_ = how;
  error_ = error;
  changed_->set();
}

}  // namespace fid::service
