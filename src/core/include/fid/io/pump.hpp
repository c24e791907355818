// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>
#include <fid/base/handle.hpp>
#include <fid/io/stream.hpp>
#include <fid/io/two_waits.hpp>
#include <fid/task/event.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

namespace fid {

/// Sees every chunk that a pump has read, in order, before it is written.
class PumpObserver {
 public:
  virtual void passing(Bytes chunk) = 0;

 protected:
  ~PumpObserver() = default;
};

struct PumpOptions {
  /// Bytes after which it ends as at the end of the stream; never reads more.
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  /// Instead, a count shared with other pumps, which goes down as they read; outlives them.
  std::uint64_t* allowance = nullptr;
  PumpObserver* observer = nullptr;
  /// At the end of the stream, end the writer's stream too.
  bool shutdown = true;
  /// While there is nothing to read, notice that nobody reads what is written any more: for a
  /// writer whose failure no other direction reports, such as a pipe.
  bool watch_writer = false;
  /// Move bulk inside the kernel where the system and both streams can. splice(2)
  bool splice = true;
};

enum class PumpEnd : std::uint8_t {
  running,
  eof,           ///< the reader's stream ended, and all of it was written
  limit,         ///< as many bytes as allowed were written
  read_failed,   ///< the reader failed; what it had given was written
  write_failed,  ///< the writer failed; unsent() bytes had been read and not taken by it
};

/// One direction between two streams, until the end of the reader's stream or a failure.
///
/// Shape: stays where it is, a part of its owner; holds memory for bytes only while some are read
/// and not yet written. Both streams must outlive it. A relay is two of them and one Event:
///
///     Event changed;
///     Pump there(a, b, changed), back(b, a, changed);
///     there.start(), back.start();
///     while (there.running() || back.running()) {
///       co_await changed.wait();
///       changed.reset();
///     }
///
/// Errors: end() says which side failed, error() with what; reactor_stopped is the side's that was
/// waited for.
/// Cancellation: destroying it leaves unsent() bytes unwritten; all others were taken by the
/// writer, in order.
class Pump final : private detail::TwoWaits {
 public:
  /// `changed` is set when the pump has ended.
  Pump(Stream& from, Stream& to, Event& changed, const PumpOptions& options = PumpOptions());
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;
  ~Pump();

  /// Begins, and may end at once. Call it once.
  void start() { proceed(); }

  PumpEnd end() const noexcept { return end_; }
  bool running() const noexcept { return end_ == PumpEnd::running; }
  /// What the failed side failed with.
  Error error() const noexcept;

  /// Bytes taken by the writer.
  std::uint64_t bytes() const noexcept { return bytes_; }
  /// Bytes read that the writer has not taken.
  std::size_t unsent() const noexcept { return rest_size_; }
  /// When bytes last moved, or when the pump was made.
  TimePoint last_activity() const noexcept { return last_activity_; }

 private:
  enum class State : std::uint8_t { reading, writing, flushing, shutting_down, ended };
  enum class Next : std::uint8_t { again, wait, ended };
  enum class Splice : std::uint8_t { never, untested, works };

  /// What a pump does without until it needs it: thousands of them may be idle.
  struct Rare;

  void proceed() override;
  Next step();
  Next read();
  Next copy_some();
  Next splice_some();
  Next write_rest();
  Next flush();
  Next shut_down();

  void judge(std::size_t count) noexcept;
  bool should_splice();
  void fit_to_writer(std::uint32_t count) noexcept;
  Next stop_splicing();
  void keep_rest();

  Next nothing_to_read();
  Next writer_blocked();
  Next finish(PumpEnd how);
  Next not_finished(const Error& error, std::uint32_t tick);
  Next ended(PumpEnd how) noexcept;
  Next read_failed(const Error& error);
  Next write_failed(const Error& error);

  Rare& rare();

  Stream* from_;
  Stream* to_;
  Event* changed_;
  std::uint64_t* left_;  ///< bytes it may still read: its own limit, or what it shares
  std::uint64_t bytes_ = 0;
  TimePoint last_activity_;
  std::unique_ptr<Rare> rare_;
  // What was read and not yet written: in the pipe if there is one, else from rest_begin_ on.
  std::uint32_t rest_begin_ = 0;
  std::uint32_t rest_size_ = 0;
  State state_ = State::reading;
  PumpEnd end_ = PumpEnd::running;
  PumpEnd why_ = PumpEnd::running;  ///< what end_ will be, once flushed and shut down
  Splice splice_;
  std::uint8_t much_in_a_row_ = 0;  ///< reads that brought much
  bool unflushed_ = false;
  bool shutdown_;
  bool watch_writer_;
};

}  // namespace fid
