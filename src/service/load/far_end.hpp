// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "service/load/settings.hpp"

#include <fid/reactor/mailbox.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task.hpp>
#include <fid/task/task_group.hpp>

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace fid::service::load {

/// The far end of a relay that is measured: serves its connections on a thread of its own, so that
/// the load is not limited to what one processor can make and take.
///
/// Shape: stays where it is; its destructor ends the thread.
class FarEnd {
 public:
  /// Listens on `address`; when this returns, clients can connect. What is given outlives it.
  static Result<std::unique_ptr<FarEnd>> start(const endpoint::Address& address,
                                               const endpoint::OpenContext& context,
                                               const Settings& settings);
  FarEnd(const FarEnd&) = delete;
  FarEnd& operator=(const FarEnd&) = delete;
  ~FarEnd();

  const std::vector<std::string>& urls() const noexcept { return urls_; }
  /// Bytes that have arrived, and connections whose end has. Any thread.
  std::uint64_t received() const noexcept { return received_.load(std::memory_order_relaxed); }
  std::uint64_t ended() const noexcept { return ended_.load(std::memory_order_acquire); }

 private:
  using Urls = Result<std::vector<std::string>>;

  FarEnd(const endpoint::Address& address, const endpoint::OpenContext& context,
         const Settings& settings);

  Task<void> work(std::promise<Urls>& listening);
  Task<void> accept_all(endpoint::Listener& listener);
  Task<void> stopped();
  Task<void> serve(endpoint::ConnectionPtr connection);
  Task<void> echo(Stream& stream);
  Task<void> take(Stream& stream);
  Task<void> give(Stream& stream);

  const endpoint::Address* address_;
  const endpoint::OpenContext* context_;
  const Settings settings_;
  std::vector<std::string> urls_;
  std::atomic<std::uint64_t> received_ = 0;
  std::atomic<std::uint64_t> ended_ = 0;
  std::shared_ptr<Mailbox> mailbox_;

  // Of the thread.
  Event stop_;
  Buffer shared_;  // what is dropped or has no content to keep needs no buffer a connection
  std::thread thread_;
};

}  // namespace fid::service::load
