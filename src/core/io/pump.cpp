// SPDX-License-Identifier: MIT
//
//     state         | waits for              | then                                | next
//     reading       | reader readable;       | bytes, and the writer took them all | reading
//                   | while unflushed, also  | bytes, and it did not               | writing
//                   |   writer writable;     | end of stream, limit, failure       | flushing
//                   | if it is watched, also | nobody reads any more               | ended
//                   |   writer closed        |                                     |
//     writing       | writer writable        | the rest is written                 | reading
//     flushing      | writer writable        | flushed, at the end of the stream   | shutting_down
//                   |                        | flushed, else                       | ended
//     shutting_down | writer writable        | done                                | ended
//
// In every state a failure of the writer ends it. Where a state can go on at once it does, for
// some steps; then it gives way to others until the next turn.
#include "io/kernel_pipe.hpp"

#include <fid/base/error.hpp>
#include <fid/base/os.hpp>
#include <fid/io/pump.hpp>

#include <algorithm>
#include <utility>

namespace fid {
namespace {

using detail::KernelPipe;

constexpr std::size_t chunk_size = std::size_t{64} * 1024;
// Whichever comes first: many small moves, or a megabyte.
constexpr int steps_per_turn = 32;
constexpr std::uint64_t bytes_per_turn = std::uint64_t{1024} * 1024;
/// Asked of one splice: as much as the pipe takes, or about what the writer takes at once if that
/// is less. A socket that was filled to the brim has this thread and its reader wait for each
/// other; so a Unix socket, which does not grow with what is sent, is made to hold as much too.
constexpr std::uint32_t most_at_once = std::uint32_t{1024} * 1024;
constexpr std::uint32_t least_at_once = std::uint32_t{256} * 1024;
/// After so many writes that took all of it, more is tried.
constexpr std::uint8_t more_after = 16;
/// A direction is bulky after so many reads in a row of at least so much, and until one brings
/// less than the other: small amounts cost less to copy.
constexpr std::uint8_t bulky_after = 4;
constexpr std::size_t much = std::size_t{16} * 1024;
constexpr std::size_t little = std::size_t{4} * 1024;

/// What a watched writer is looked at for while there is nothing to read.
constexpr Ready writer_gone = Ready::write_closed | Ready::error;

/// What every pump of this thread reads into, as long as writers keep up.
thread_local std::unique_ptr<std::byte[]> shared_chunk;

MutableBytes chunk() {
  if (!shared_chunk) shared_chunk.reset(new std::byte[chunk_size]);
  return {shared_chunk.get(), chunk_size};
}

Error reactor_stopped() noexcept {
  return Error{make_error_code(Errc::reactor_stopped), "wait"};
}

}  // namespace

struct Pump::Rare {
  PumpObserver* observer = nullptr;
  std::uint64_t limit = 0;  ///< where it shares none
  // The rest, once it is not in the shared chunk any more.
  std::unique_ptr<std::byte[]> rest;
  std::unique_ptr<KernelPipe> pipe;
  std::uint32_t at_once = most_at_once;  ///< asked of one splice
  std::uint8_t took_all = 0;             ///< writes in a row
  Error error;
};

Pump::Rare& Pump::rare() {
  if (!rare_) rare_ = std::make_unique<Rare>();
  return *rare_;
}

Pump::Pump(Stream& from, Stream& to, Event& changed, const PumpOptions& options)
    : from_(&from),
      to_(&to),
      changed_(&changed),
      left_(options.allowance),
      last_activity_(Clock::now()),
      splice_(options.splice && options.observer == nullptr ? Splice::untested : Splice::never),
      shutdown_(options.shutdown),
      watch_writer_(options.watch_writer) {
  if (options.observer != nullptr) rare().observer = options.observer;
  if (left_ == nullptr) {
    rare().limit = options.limit;
    left_ = &rare().limit;
  }
}

Pump::~Pump() = default;

Error Pump::error() const noexcept {
  return rare_ ? rare_->error : Error();
}

void Pump::proceed() {
  const std::uint64_t before = bytes_;
  Next next = Next::again;
  for (int steps = 0; next == Next::again; ++steps) {
    if (steps == steps_per_turn || bytes_ - before >= bytes_per_turn) break;
    next = step();
  }
  if (bytes_ != before) last_activity_ = Clock::now();
  if (next == Next::again) give_way();
  if (next == Next::ended) changed_->set();
}

Pump::Next Pump::step() {
  switch (state_) {
    case State::reading:
      return read();
    case State::writing:
      return write_rest();
    case State::flushing:
      return flush();
    case State::shutting_down:
      return shut_down();
    case State::ended:
      break;
  }
  return Next::ended;
}

Pump::Next Pump::read() {
  if (*left_ == 0) return finish(PumpEnd::limit);
  if (!from_->read_readiness().worth_trying(Interest::readable)) return nothing_to_read();
  return should_splice() ? splice_some() : copy_some();
}

Pump::Next Pump::copy_some() {
  const MutableBytes into =
      chunk().first(static_cast<std::size_t>(std::min<std::uint64_t>(chunk_size, *left_)));
  const std::uint32_t tick = from_->read_readiness().tick();
  const auto count = from_->attempt_read(into);
  if (!count) {
    if (!count.error().would_block()) return read_failed(count.error());
    from_->read_readiness().clear(Interest::readable, tick);
    return nothing_to_read();
  }
  if (*count == 0) return finish(PumpEnd::eof);
  *left_ -= *count;
  if (*count < into.size() && reads_directly(*from_)) {
    from_->read_readiness().clear_short(Interest::readable);
  }
  judge(*count);
  if (rare_ && rare_->observer != nullptr) rare_->observer->passing(into.first(*count));

  rest_begin_ = 0;
  rest_size_ = static_cast<std::uint32_t>(*count);
  const Next next = write_rest();
  if (rest_size_ > 0) keep_rest();
  return next;
}

/// Whether a read of `count` bytes speaks for bulk.
void Pump::judge(std::size_t count) noexcept {
  if (count < little) much_in_a_row_ = 0;
  if (count >= much && much_in_a_row_ < bulky_after) ++much_in_a_row_;
}

bool Pump::should_splice() {
  if (splice_ == Splice::never || much_in_a_row_ < bulky_after) return false;
  if (splice_ == Splice::untested) {
    const auto from = from_->read_handle();
    const auto to = to_->write_handle();
    splice_ = from && to && os::can_splice(*from, *to) ? Splice::works : Splice::never;
    if (splice_ == Splice::works) os::widen_send_buffer(*to, most_at_once);
  }
  return splice_ == Splice::works;
}

Pump::Next Pump::splice_some() {
  auto pipe = KernelPipe::take();
  if (!pipe) return copy_some();
  const std::uint32_t tick = from_->read_readiness().tick();
  const auto count =
      pipe->fill(*from_->read_handle(),
                 static_cast<std::size_t>(std::min<std::uint64_t>(rare().at_once, *left_)));
  if (!count || *count == 0) {
    KernelPipe::give_back(std::move(pipe));
    if (count) return finish(PumpEnd::eof);
    if (count.error().code == std::errc::invalid_argument) {
      splice_ = Splice::never;
      return Next::again;
    }
    if (!count.error().would_block()) return read_failed(count.error());
    from_->read_readiness().clear(Interest::readable, tick);
    return nothing_to_read();
  }
  judge(*count);
  *left_ -= *count;
  rest_size_ = static_cast<std::uint32_t>(*count);
  rare().pipe = std::move(pipe);
  const Next next = write_rest();
  fit_to_writer(static_cast<std::uint32_t>(*count));
  return next;
}

/// After the first attempt to write what a splice of `count` bytes brought.
void Pump::fit_to_writer(std::uint32_t count) noexcept {
  Rare& rare = *rare_;
  if (rest_size_ > 0) {
    rare.at_once = std::clamp(count - rest_size_, least_at_once, most_at_once);
    rare.took_all = 0;
  } else if (count == rare.at_once && ++rare.took_all == more_after) {
    rare.at_once = std::min(rare.at_once * 2, most_at_once);
    rare.took_all = 0;
  }
}

/// Makes one attempt to write what is at hand; keeping the rest of it is up to the caller.
Pump::Next Pump::write_rest() {
  state_ = State::writing;
  Readiness& writable = to_->write_readiness();
  if (!writable.worth_trying(Interest::writable)) return writer_blocked();
  KernelPipe* const pipe = rare_ ? rare_->pipe.get() : nullptr;
  const std::byte* const bytes = rare_ && rare_->rest ? rare_->rest.get() : shared_chunk.get();
  const std::uint32_t tick = writable.tick();
  const auto count = pipe != nullptr ? pipe->drain(*to_->write_handle())
                                     : to_->attempt_write(Bytes(bytes + rest_begin_, rest_size_));
  if (!count) {
    if (count.error().would_block()) {
      writable.clear(Interest::writable, tick);
      return writer_blocked();
    }
    if (pipe != nullptr && count.error().code == std::errc::invalid_argument)
      return stop_splicing();
    return write_failed(count.error());
  }
  if (*count == 0) return write_failed(Error{make_error_code(Errc::write_zero), "write"});
  bytes_ += *count;
  rest_begin_ += static_cast<std::uint32_t>(*count);
  rest_size_ -= static_cast<std::uint32_t>(*count);
  unflushed_ = true;
  if (rest_size_ > 0) {
    if (pipe == nullptr && writes_directly(*to_)) writable.clear_short(Interest::writable);
    return Next::again;
  }
  if (rare_) {
    rare_->rest.reset();
    KernelPipe::give_back(std::move(rare_->pipe));
  }
  state_ = State::reading;
  return Next::again;
}

/// The chunk is every pump's: takes it over, or copies a small rest out of it.
void Pump::keep_rest() {
  std::unique_ptr<std::byte[]>& rest = rare().rest;
  if (rest) return;
  if (rest_size_ > chunk_size / 4) {
    rest = std::move(shared_chunk);
    return;
  }
  rest.reset(new std::byte[rest_size_]);
  std::copy_n(shared_chunk.get() + rest_begin_, rest_size_, rest.get());
  rest_begin_ = 0;
}

/// The writer does not take bytes from a pipe after all: gets back those that are in it.
Pump::Next Pump::stop_splicing() {
  splice_ = Splice::never;
  Rare& rare = *rare_;
  rare.rest.reset(new std::byte[rest_size_]);
  rest_begin_ = 0;
  for (std::size_t got = 0; got < rest_size_;) {
    const auto count = rare.pipe->read(MutableBytes(rare.rest.get() + got, rest_size_ - got));
    if (!count) return write_failed(count.error());
    got += *count;
  }
  KernelPipe::give_back(std::move(rare.pipe));
  return Next::again;
}

Pump::Next Pump::nothing_to_read() {
  Readiness& readable = from_->read_readiness();
  Readiness& writable = to_->write_readiness();
  if (unflushed_) {
    // A writer that buffers must not sit on bytes which the next ones to read depend on.
    const std::uint32_t tick = writable.tick();
    const auto flushed = to_->attempt_flush();
    if (!flushed && !flushed.error().would_block()) return write_failed(flushed.error());
    unflushed_ = !flushed;
    if (!flushed) writable.clear(Interest::writable, tick);
  }
  if (watch_writer_ && !(writable.ready() & writer_gone).is_empty()) {
    // Why, an attempt tells better than the readiness does.
    const auto written = to_->attempt_write({});
    if (!written && !written.error().would_block()) return write_failed(written.error());
    if (writable.ready().is_write_closed()) {
      return write_failed(fail(std::errc::broken_pipe, "write").value());
    }
  }
  if (readable.stopped()) return read_failed(reactor_stopped());
  wait_for_reader(readable);
  if (unflushed_) {
    wait_for_writer(writable);
  } else if (watch_writer_) {
    wait_for_writer(writable, writer_gone);
  }
  return Next::wait;
}

Pump::Next Pump::writer_blocked() {
  Readiness& writable = to_->write_readiness();
  if (writable.stopped()) return write_failed(reactor_stopped());
  wait_for_writer(writable);
  return Next::wait;
}

Pump::Next Pump::finish(PumpEnd how) {
  why_ = how;
  state_ = State::flushing;
  return Next::again;
}

Pump::Next Pump::flush() {
  const std::uint32_t tick = to_->write_readiness().tick();
  if (const auto flushed = to_->attempt_flush(); !flushed)
    return not_finished(flushed.error(), tick);
  if (!shutdown_ || why_ == PumpEnd::read_failed) return ended(why_);
  state_ = State::shutting_down;
  return Next::again;
}

Pump::Next Pump::shut_down() {
  const std::uint32_t tick = to_->write_readiness().tick();
  if (const auto done = to_->attempt_shutdown(); !done) return not_finished(done.error(), tick);
  return ended(why_);
}

Pump::Next Pump::not_finished(const Error& error, std::uint32_t tick) {
  if (error.would_block()) {
    to_->write_readiness().clear(Interest::writable, tick);
    return writer_blocked();
  }
  // The failure that came first is the one to tell.
  return why_ == PumpEnd::read_failed ? ended(why_) : write_failed(error);
}

Pump::Next Pump::ended(PumpEnd how) noexcept {
  end_ = how;
  state_ = State::ended;
  return Next::ended;
}

Pump::Next Pump::read_failed(const Error& error) {
  rare().error = error;
  return finish(PumpEnd::read_failed);
}

Pump::Next Pump::write_failed(const Error& error) {
  rare().error = error;
  return ended(PumpEnd::write_failed);
}

}  // namespace fid
