// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/io/raw_io.hpp>
#include <fid/io/read_write.hpp>
#include <fid/io/vectored.hpp>
#include <fid/net/socket_names.hpp>
#include <fid/net/stream_halves.hpp>
#include <fid/reactor/registration.hpp>

#include <optional>
#include <utility>

namespace fid {

/// What TcpStream and UnixStream share: a connected socket S of bytes, named by an Addr.
///
/// Shape: movable, sole owner of its socket; lives on the reactor of the thread that made it.
/// Destroying it stops watching, then closes; what was received and not read makes TCP reset.
/// Cancellation: every operation here has had no effect when it is cancelled (G11).
template <class S, class Addr>
class StreamSocket : public Reads<S>, public ReadsVectored<S>, public Writes<S>, public RawIo<S> {
 public:
  using Address = Addr;
  using ReadHalf = fid::ReadHalf<S>;
  using WriteHalf = fid::WriteHalf<S>;
  using OwnedReadHalf = fid::OwnedReadHalf<S>;
  using OwnedWriteHalf = fid::OwnedWriteHalf<S>;
  using ReuniteError = fid::ReuniteError<S>;

  /// Two views of this stream, which stays in its place and is not used otherwise meanwhile:
  /// `auto [reader, writer] = stream.split();`
  std::pair<ReadHalf, WriteHalf> split() noexcept {
    S& self = static_cast<S&>(*this);
    return {ReadHalf(self), WriteHalf(self)};
  }
  /// Two halves that own the stream together, for two tasks.
  std::pair<OwnedReadHalf, OwnedWriteHalf> into_split() && {
    return split_in_two(static_cast<S&&>(*this));
  }

  /// Its own address.
  Result<Addr> local_addr() const { return detail::local_addr<Addr>(native()); }
  /// Fails with not_connected once the connection is gone.
  Result<Addr> peer_addr() const { return detail::peer_addr<Addr>(native()); }

  /// The pending error of the socket, once; none when there is none. SO_ERROR
  std::optional<Error> take_error() noexcept { return detail::take_error(native()); }

  /// Borrowed: neither to be closed nor to be made blocking.
  Native native() const noexcept { return io_.native(); }
  /// Gives the socket up, still non-blocking.
  Result<Handle> into_native() && { return std::move(io_).release(); }

  // What reading and writing are made from: see AsyncRead and AsyncWrite.
  Result<std::size_t> attempt_read(MutableBytes into) noexcept { return os::recv(native(), into); }
  Result<std::size_t> attempt_read_vectored(ReadPieces into) noexcept {
    return os::recvv(native(), into);
  }
  Result<std::size_t> attempt_write(Bytes from) noexcept { return os::send(native(), from); }
  Result<std::size_t> attempt_write_vectored(WritePieces from) noexcept {
    return os::sendv(native(), from);
  }
  Result<void> attempt_flush() noexcept { return {}; }
  Readiness& read_readiness() const noexcept { return io_.readiness(); }
  Readiness& write_readiness() const noexcept { return io_.readiness(); }

 protected:
  explicit StreamSocket(Registration io) noexcept : io_(std::move(io)) {}
  ~StreamSocket() = default;
  StreamSocket(StreamSocket&&) noexcept = default;
  StreamSocket& operator=(StreamSocket&&) noexcept = default;

 private:
  Registration io_;
};

}  // namespace fid
