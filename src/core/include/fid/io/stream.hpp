// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/read_write.hpp>
#include <fid/platform/native.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <utility>

namespace fid {

/// Any byte stream, behind one pointer.
///
/// Shape: a resource with identity, made by make_stream() or by deriving from it; usually held in
/// a StreamPtr. Models AsyncRead and AsyncWrite.
class Stream : public Reads<Stream>, public Writes<Stream> {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  virtual Result<std::size_t> attempt_read(MutableBytes into) = 0;
  virtual Readiness& read_readiness() = 0;
  virtual Result<std::size_t> attempt_write(Bytes from) = 0;
  /// Several buffers as one action, where is_write_vectored(); else the first that is not empty.
  virtual Result<std::size_t> attempt_write_vectored(WritePieces from);
  virtual bool is_write_vectored() const noexcept { return false; }
  virtual Result<void> attempt_flush() = 0;
  virtual Result<void> attempt_shutdown() = 0;
  virtual Readiness& write_readiness() = 0;

  /// The handles behind it, if reading and writing them directly is the same as going through the
  /// stream: for copying inside the kernel. Nothing where the stream changes or buffers bytes.
  virtual std::optional<Native> read_handle() const noexcept { return std::nullopt; }
  virtual std::optional<Native> write_handle() const noexcept { return std::nullopt; }

  /// Makes closing abort the connection: the peer sees a reset, what is unsent is dropped. Does
  /// nothing on streams without such a thing.
  virtual void abort_on_close() noexcept {}
};

using StreamPtr = std::unique_ptr<Stream>;

namespace detail {

template <AsyncStream S>
class StreamOf final : public Stream {
 public:
  explicit StreamOf(S stream) : stream_(std::move(stream)) {}

  Result<std::size_t> attempt_read(MutableBytes into) override {
    return stream_.attempt_read(into);
  }
  Readiness& read_readiness() override { return stream_.read_readiness(); }
  Result<std::size_t> attempt_write(Bytes from) override { return stream_.attempt_write(from); }
  Result<std::size_t> attempt_write_vectored(WritePieces from) override {
    return attempt_write_pieces(stream_, from);
  }
  bool is_write_vectored() const noexcept override { return fid::is_write_vectored(stream_); }
  Result<void> attempt_flush() override { return stream_.attempt_flush(); }
  Result<void> attempt_shutdown() override { return stream_.attempt_shutdown(); }
  Readiness& write_readiness() override { return stream_.write_readiness(); }

  std::optional<Native> read_handle() const noexcept override { return handle(); }
  std::optional<Native> write_handle() const noexcept override { return handle(); }

  void abort_on_close() noexcept override {
    if constexpr (requires(S & s) { s.set_zero_linger(); }) {
      static_cast<void>(stream_.set_zero_linger());
    }
  }

 private:
  std::optional<Native> handle() const noexcept {
    if constexpr (requires(const S& s) {
                    { s.native() } -> std::same_as<Native>;
                  }) {
      return stream_.native();
    } else {
      return std::nullopt;
    }
  }

  S stream_;
};

}  // namespace detail

/// Puts any stream behind a pointer, without copying bytes.
template <AsyncStream S>
StreamPtr make_stream(S stream) {
  return std::make_unique<detail::StreamOf<S>>(std::move(stream));
}

}  // namespace fid
