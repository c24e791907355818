// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/messages.hpp"

#include <fid/reactor/soft_readiness.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fid::service::test {

/// Messages in memory: gives what it was told to, in turn, and keeps what it is sent.
class ScriptedMessages final : public endpoint::Messages {
 public:
  explicit ScriptedMessages(std::deque<std::string> texts = {}, bool ends = false)
      : texts_(std::move(texts)), ends_(ends) {}

  Result<endpoint::Received> attempt_receive(MutableBytes into) override {
    if (texts_.empty()) {
      if (ends_) return endpoint::Received{.end = true};
      return fail(std::errc::resource_unavailable_try_again, "recv");
    }
    const std::string text = std::move(texts_.front());
    texts_.pop_front();
    std::ranges::copy(as_bytes(text), into.begin());
    return endpoint::Received{.size = text.size(), .cut = gives_cut};
  }
  Readiness& read_readiness() override { return *readable_; }

  Result<void> attempt_send(Bytes message) override {
    if (refuses) return fail(*refuses, "send");
    sent.emplace_back(as_text(message));
    return {};
  }
  Readiness& write_readiness() override { return *writable_; }
  Result<void> attempt_shutdown() override { return {}; }

  bool gives_cut = false;            ///< each is longer than its room
  std::optional<std::errc> refuses;  ///< to send
  std::vector<std::string> sent;

 private:
  std::deque<std::string> texts_;
  bool ends_;
  SoftReadiness readable_{Readiness::Kind::pieces, Ready::readable};
  SoftReadiness writable_{Readiness::Kind::pieces, Ready::writable};
};

}  // namespace fid::service::test
