// SPDX-License-Identifier: MIT
#include "load/flow.hpp"
#include "load/modes.hpp"
#include "load/request.hpp"

#include <deque>
#include <optional>
#include <stdexcept>

namespace load {
namespace {

class Transfer {
 public:
  Transfer(const Address& target, std::uint64_t seed, const Options& options)
      : socket_(connect_to(target)), download_(options.download), expected_(options.bytes) {
    Request request;
    request.role = download_ ? Role::source : Role::sink;
    request.verify = options.verify;
    request.seed = seed;
    request.bytes = options.bytes;
    request.milliseconds = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(options.duration).count());
    send_all(socket_, bytes_of(request));
    if (download_) sink_.emplace(seed, options.verify);
  }

  const Fd& socket() const noexcept { return socket_; }

  void start(std::uint64_t seed, Limit limit) {
    if (!download_) source_.emplace(seed, limit);
  }

  std::uint32_t wanted() const noexcept { return download_ || sent_ ? EPOLLIN : EPOLLOUT; }

  /// One event's worth; false once all has arrived.
  bool go_on() {
    if (!download_ && sent_) {
      read_receipt();
      return false;
    }
    switch (download_ ? sink_->pump(socket_) : source_->pump(socket_)) {
      case Flow::going:
      case Flow::blocked:
        return true;
      case Flow::broken:
        throw std::runtime_error("a connection ended early");
      case Flow::ended:
        break;
    }
    if (download_) {
      check_download();
      return false;
    }
    sent_ = true;
    return true;
  }

  std::uint64_t bytes() const noexcept { return download_ ? sink_->bytes() : source_->bytes(); }

 private:
  void read_receipt() {
    Receipt receipt;
    receive_all(socket_, writable_bytes_of(receipt));
    if (receipt.bytes != source_->bytes()) {
      throw std::runtime_error("sent " + std::to_string(source_->bytes()) + " bytes, " +
                               std::to_string(receipt.bytes) + " arrived");
    }
    if (receipt.intact == 0) throw std::runtime_error("other content arrived than was sent");
  }

  void check_download() const {
    if (expected_ != 0 && sink_->bytes() != expected_) {
      throw std::runtime_error("asked for " + std::to_string(expected_) + " bytes, " +
                               std::to_string(sink_->bytes()) + " arrived");
    }
    if (!sink_->intact()) throw std::runtime_error("other content arrived than was sent");
  }

  Fd socket_;
  bool download_;
  std::uint64_t expected_;
  bool sent_ = false;
  std::optional<Source> source_;
  std::optional<Sink> sink_;
};

}  // namespace

Report bulk(const Address& target, const Options& options) {
  std::deque<Transfer> transfers;
  for (std::uint64_t seed = 0; seed < options.connections; ++seed) {
    transfers.emplace_back(target, seed, options);
  }
  Poller poller;
  const Clock::time_point start = Clock::now();
  Limit limit{options.bytes, {}};
  if (options.duration.count() != 0) limit.deadline = start + options.duration;
  std::uint64_t seed = 0;
  for (Transfer& transfer : transfers) {
    transfer.start(seed++, limit);
    poller.add(transfer.socket(), transfer.wanted(), &transfer);
  }

  std::uint64_t bytes = 0;
  for (std::size_t open = transfers.size(); open > 0;) {
    for (const epoll_event& event : poller.wait()) {
      auto& transfer = *static_cast<Transfer*>(event.data.ptr);
      const std::uint32_t wanted = transfer.wanted();
      if (!transfer.go_on()) {
        bytes += transfer.bytes();
        poller.remove(transfer.socket());
        --open;
      } else if (transfer.wanted() != wanted) {
        poller.change(transfer.socket(), transfer.wanted(), &transfer);
      }
    }
  }
  const double seconds = seconds_between(start, Clock::now());
  const double gib = static_cast<double>(bytes) / (1024.0 * 1024 * 1024);
  return Report().add("bytes", bytes).add("seconds", seconds).add("gib_per_s", gib / seconds);
}

}  // namespace load
