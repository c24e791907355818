// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/base/result.hpp>
#include <fid/io/read_write.hpp>
#include <fid/io/vectored.hpp>

#include <memory>
#include <string>
#include <utility>

namespace fid {

namespace detail {

/// What each half of a stream S has: the whole, which it refers to or has a share of, and the
/// addresses and states of that.
template <class S, class Share>
class HalfOf {
 public:
  /// The whole stream.
  S& stream() const noexcept { return *share_; }

  /// Any interest, not only the half's own direction.
  ReadyOp ready(Interest interest) const noexcept { return stream().ready(interest); }
  auto local_addr() const { return stream().local_addr(); }
  auto peer_addr() const { return stream().peer_addr(); }
  std::string to_string() const { return stream().to_string(); }

 protected:
  explicit HalfOf(Share share) noexcept : share_(std::move(share)) {}
  ~HalfOf() = default;
  HalfOf(HalfOf&&) noexcept = default;
  HalfOf& operator=(HalfOf&&) noexcept = default;

  Share share_;
};

template <class Half, class S, class Share>
class ReadingHalf : public HalfOf<S, Share>, public Reads<Half>, public ReadsVectored<Half> {
 public:
  /// Where the stream has it, as TCP does.
  auto peek(MutableBytes into) const noexcept requires requires(S& whole) { whole.peek(into); }
  { return this->stream().peek(into); }
  auto try_peek(MutableBytes into) const requires requires(S& whole) { whole.try_peek(into); }
  { return this->stream().try_peek(into); }

  Result<std::size_t> attempt_read(MutableBytes into) const noexcept {
    return this->stream().attempt_read(into);
  }
  Result<std::size_t> attempt_read_vectored(ReadPieces into) const noexcept {
    return this->stream().attempt_read_vectored(into);
  }
  Readiness& read_readiness() const noexcept { return this->stream().read_readiness(); }

 protected:
  using HalfOf<S, Share>::HalfOf;
  ~ReadingHalf() = default;
  ReadingHalf(ReadingHalf&&) noexcept = default;
  ReadingHalf& operator=(ReadingHalf&&) noexcept = default;
};

template <class Half, class S, class Share>
class WritingHalf : public HalfOf<S, Share>, public Writes<Half> {
 public:
  Result<std::size_t> attempt_write(Bytes from) const noexcept {
    return this->stream().attempt_write(from);
  }
  Result<std::size_t> attempt_write_vectored(WritePieces from) const noexcept {
    return this->stream().attempt_write_vectored(from);
  }
  Result<void> attempt_flush() const noexcept { return this->stream().attempt_flush(); }
  Result<void> attempt_shutdown() const noexcept { return this->stream().attempt_shutdown(); }
  Readiness& write_readiness() const noexcept { return this->stream().write_readiness(); }

 protected:
  using HalfOf<S, Share>::HalfOf;
  ~WritingHalf() = default;
  WritingHalf(WritingHalf&&) noexcept = default;
  WritingHalf& operator=(WritingHalf&&) noexcept = default;
};

}  // namespace detail

/// The reading half of a stream that stays its owner's and outlives it. Destroying it does nothing.
template <class S>
class ReadHalf final : public detail::ReadingHalf<ReadHalf<S>, S, S*> {
 public:
  explicit ReadHalf(S& stream) noexcept : ReadHalf::ReadingHalf(&stream) {}
};

/// The writing half of a stream that stays its owner's and outlives it. Destroying it does nothing.
template <class S>
class WriteHalf final : public detail::WritingHalf<WriteHalf<S>, S, S*> {
 public:
  explicit WriteHalf(S& stream) noexcept : WriteHalf::WritingHalf(&stream) {}
};

template <class S>
class OwnedWriteHalf;
template <class S>
class ReuniteError;

/// The reading half of a stream that it shares with the other half. The stream closes when both
/// are gone; that this one goes, the peer does not notice.
template <class S>
class OwnedReadHalf final : public detail::ReadingHalf<OwnedReadHalf<S>, S, std::shared_ptr<S>> {
 public:
  /// The stream again, if both halves are of one; the direction of `write` is not shut down.
  /// Otherwise both halves come back, unharmed.
  ResultOr<S, ReuniteError<S>> reunite(OwnedWriteHalf<S> write) &&;

 private:
  template <class T>
  friend auto split_in_two(T stream);
  template <class T>
  friend class OwnedWriteHalf;
  explicit OwnedReadHalf(std::shared_ptr<S> stream) noexcept
      : OwnedReadHalf::ReadingHalf(std::move(stream)) {}
};

/// The writing half of a stream that it shares with the other half. Destroying it shuts its
/// direction down, unless that was done or forget() called; the other half goes on reading.
template <class S>
class OwnedWriteHalf final : public detail::WritingHalf<OwnedWriteHalf<S>, S, std::shared_ptr<S>> {
  using Base = detail::WritingHalf<OwnedWriteHalf<S>, S, std::shared_ptr<S>>;

 public:
  OwnedWriteHalf(OwnedWriteHalf&&) noexcept = default;
  OwnedWriteHalf& operator=(OwnedWriteHalf&& other) noexcept {
    const OwnedWriteHalf old(std::move(*this));
    Base::operator=(std::move(other));
    is_shut_down_ = other.is_shut_down_;
    return *this;
  }
  ~OwnedWriteHalf() {
    if (this->share_ != nullptr && !is_shut_down_) static_cast<void>(Base::attempt_shutdown());
  }

  /// As OwnedReadHalf::reunite().
  ResultOr<S, ReuniteError<S>> reunite(OwnedReadHalf<S> read) && {
    return std::move(read).reunite(std::move(*this));
  }

  /// Gives the half up without shutting its direction down: the peer sees no end before the reading
  /// half goes too.
  void forget() && noexcept { this->share_.reset(); }

  /// One that fails is made again on destruction.
  Result<void> attempt_shutdown() noexcept {
    const Result<void> done = Base::attempt_shutdown();
    if (done) is_shut_down_ = true;
    return done;
  }

 private:
  template <class T>
  friend auto split_in_two(T stream);
  template <class T>
  friend class OwnedReadHalf;
  explicit OwnedWriteHalf(std::shared_ptr<S> stream) noexcept : Base(std::move(stream)) {}

  bool is_shut_down_ = false;
};

/// Two halves that are not of one stream, and can be used on.
template <class S>
class ReuniteError {
 public:
  ReuniteError(OwnedReadHalf<S> read_half, OwnedWriteHalf<S> write_half) noexcept
      : read(std::move(read_half)), write(std::move(write_half)) {}

  Error error() const noexcept {
    return {std::make_error_code(std::errc::invalid_argument), "reunite halves of two streams"};
  }
  /// As describe() has it.
  std::string to_string() const { return describe(error()); }

  OwnedReadHalf<S> read;
  OwnedWriteHalf<S> write;
};

template <class S>
ResultOr<S, ReuniteError<S>> OwnedReadHalf<S>::reunite(OwnedWriteHalf<S> write) && {
  if (this->share_ != write.share_) {
    return fail_with(ReuniteError<S>(std::move(*this), std::move(write)));
  }
  std::move(write).forget();
  S whole = std::move(*this->share_);
  this->share_.reset();
  return whole;
}

/// Makes the two owned halves of a stream: see StreamSocket::into_split().
template <class S>
auto split_in_two(S stream) {
  auto shared = std::make_shared<S>(std::move(stream));
  return std::pair(OwnedReadHalf<S>(shared), OwnedWriteHalf<S>(shared));
}

}  // namespace fid
