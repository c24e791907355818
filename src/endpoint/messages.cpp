// SPDX-License-Identifier: MIT
#include "endpoint/messages.hpp"

#include <algorithm>
#include <utility>

namespace fid::endpoint {
namespace {

class MessageStream final : public Stream {
 public:
  explicit MessageStream(MessagesPtr messages) : messages_(std::move(messages)) {}

  Result<std::size_t> attempt_read(MutableBytes into) override {
    if (into.empty()) return 0;
    while (rest_.empty()) {
      if (buffer_.empty()) buffer_.resize(longest_message);
      const auto received = messages_->attempt_receive(buffer_);
      if (!received) return fail(received.error());
      if (received->cut) return fail(std::errc::message_size, "recv");
      if (received->end) return 0;
      rest_ = Bytes(buffer_).first(received->size);
    }
    // A message longer than `into` fills it, so the reader asks again without waiting.
    const std::size_t n = std::min(into.size(), rest_.size());
    std::copy_n(rest_.begin(), n, into.begin());
    rest_ = rest_.subspan(n);
    return n;
  }
  Readiness& read_readiness() override { return messages_->read_readiness(); }

  Result<std::size_t> attempt_write(Bytes from) override {
    const Bytes message = from.first(std::min(from.size(), longest_piece));
    if (auto sent = messages_->attempt_send(message); !sent) return fail(sent.error());
    return message.size();
  }
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override { return messages_->attempt_shutdown(); }
  Readiness& write_readiness() override { return messages_->write_readiness(); }

 private:
  MessagesPtr messages_;
  Buffer buffer_;
  Bytes rest_;  ///< of the last message, within buffer_
};

}  // namespace

StreamPtr as_stream(MessagesPtr messages) {
  return std::make_unique<MessageStream>(std::move(messages));
}

}  // namespace fid::endpoint
