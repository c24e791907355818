// SPDX-License-Identifier: MIT
#include "service/load/far_end.hpp"

#include "service/load/discard.hpp"
#include "service/load/message.hpp"

#include <fid/io/ops.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/thread_signals.hpp>
#include <fid/task/race.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace fid::service::load {
namespace {

constexpr std::size_t most_at_once = std::size_t{256} * 1024;
constexpr std::chrono::milliseconds accept_pause{10};

}  // namespace

FarEnd::FarEnd(const endpoint::Address& address, const endpoint::OpenContext& context,
               const Settings& settings)
    : address_(&address), context_(&context), settings_(settings), shared_(most_at_once) {}

Result<std::unique_ptr<FarEnd>> FarEnd::start(const endpoint::Address& address,
                                              const endpoint::OpenContext& context,
                                              const Settings& settings) {
  std::unique_ptr<FarEnd> made(new FarEnd(address, context, settings));
  std::promise<Urls> listening;
  auto urls = listening.get_future();
  made->thread_ = std::thread([&far = *made, listening = std::move(listening)]() mutable {
    block_all_signals();
    // What ends it early shows at the other end, as connections that are lost.
    static_cast<void>(fid::run([&] { return far.work(listening); }));
  });
  Urls result = urls.get();
  if (!result) return fail(result.error());
  made->urls_ = std::move(*result);
  return made;
}

FarEnd::~FarEnd() {
  if (mailbox_) mailbox_->post([this] { stop_.set(); });
  if (thread_.joinable()) thread_.join();
}

Task<void> FarEnd::stopped() {
  co_await stop_.wait();
}

Task<void> FarEnd::work(std::promise<Urls>& listening) {
  auto opening = endpoint::listen(*address_, *context_);
  auto listener = co_await as_result(std::move(opening));
  if (!listener) {
    listening.set_value(fail(listener.error()));
    co_return;
  }
  mailbox_ = Reactor::current().mailbox();
  listening.set_value((*listener)->urls());
  auto either = race(stopped(), accept_all(**listener));
  static_cast<void>(co_await std::move(either));
}

Task<void> FarEnd::accept_all(endpoint::Listener& listener) {
  TaskGroup connections;
  for (;;) {
    auto accepting = listener.accept();
    auto accepted = co_await as_result(std::move(accepting));
    if (accepted) {
      connections.add(serve(std::move(*accepted)));
    } else {
      co_await sleep(accept_pause);  // one that is lost, or too many: others may leave meanwhile
    }
  }
}

Task<void> FarEnd::serve(endpoint::ConnectionPtr connection) {
  co_await connection->adopt();
  const StreamPtr stream = connection->take_stream();
  if (settings_.mode != Mode::bulk) {
    co_await echo(*stream);
  } else if (settings_.download) {
    co_await give(*stream);
  } else {
    co_await take(*stream);
  }
}

Task<void> FarEnd::echo(Stream& stream) {
  Buffer buffer(std::clamp<std::size_t>(settings_.size, 1, most_at_once));
  while (const std::size_t n = co_await stream.read(buffer)) {
    co_await write_all(stream, Bytes(buffer).first(n));
  }
}

Task<void> FarEnd::take(Stream& stream) {
  while (const std::size_t n = co_await Discard(stream, shared_)) {
    received_.fetch_add(n, std::memory_order_relaxed);
  }
  ended_.fetch_add(1, std::memory_order_release);
}

Task<void> FarEnd::give(Stream& stream) {
  const Buffer content = make_message(settings_.size, 0);
  for (;;) co_await write_all(stream, content);
}

}  // namespace fid::service::load
