// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/base/clock.hpp>
#include <fid/base/handle.hpp>
#include <fid/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

/// The system calls we use, one plain function each; a platform implements them all.
///
/// Every handle made here is close-on-exec and non-blocking from birth (G1). EINTR is retried
/// (G3). No call raises SIGPIPE on a socket; for pipes see Reactor, which blocks the signal (G2).
/// Errors carry the call's man-page name.
namespace fid::os {

/// A socket address as the kernel takes it. sockaddr(3type)
struct RawAddr {
  alignas(8) std::array<std::byte, 128> storage{};
  std::uint32_t length = 0;
};

/// A system may have no `vsock`: socket() then fails with address_family_not_supported.
enum class Family : std::uint8_t { inet4, inet6, local, vsock };
enum class SocketType : std::uint8_t { stream, datagram, seqpacket };
/// What a stream socket of the Internet speaks. Multipath TCP speaks plain TCP to those that do
/// not.
enum class Protocol : std::uint8_t { usual, multipath };
enum class Shutdown : std::uint8_t { read, write, both };

/// What there is in a pipe, and whether anybody may read it.
struct PipeState {
  std::size_t unread = 0;
  bool has_reader = false;
};

/// What a handle turned out to be. fstat(2), isatty(3)
enum class HandleKind : std::uint8_t { file, directory, pipe, socket, terminal, device, other };

/// Permission to read and to write, as an open file description has it. fcntl(2), F_GETFL
struct Access {
  bool read = false;
  bool write = false;
};

struct OpenOptions {
  bool read = false;
  bool write = false;
  bool append = false;
  bool create = false;
  bool exclusive = false;
  bool truncate = false;
  FileMode mode = 0666;
};

// Buffers. At most IOV_MAX pieces of a vectored call are used.
using ReadPieces = std::span<const MutableBytes>;
using WritePieces = std::span<const Bytes>;

// --- any handle -----------------------------------------------------------------------------
Result<std::size_t> read(Native handle, MutableBytes into) noexcept;   // read(2)
Result<std::size_t> readv(Native handle, ReadPieces into) noexcept;    // readv(2)
Result<std::size_t> write(Native handle, Bytes from) noexcept;         // write(2)
Result<std::size_t> writev(Native handle, WritePieces from) noexcept;  // writev(2)
/// Sleeps until a write would not block, or `timeout` has passed: false. Outside a reactor. poll(2)
Result<bool> wait_writable(Native handle, Duration timeout) noexcept;
Result<Handle> duplicate(Native handle) noexcept;     // fcntl(2), F_DUPFD_CLOEXEC
Result<HandleKind> kind_of(Native handle) noexcept;   // fstat(2)
bool is_null_device(Native handle) noexcept;          // null(4)
Result<Access> access_of(Native handle) noexcept;     // fcntl(2), F_GETFL
Result<bool> is_nonblocking(Native handle) noexcept;  // fcntl(2), F_GETFL
/// The mode belongs to the open file description: every duplicate of `handle` changes too.
Result<void> set_nonblocking(Native handle, bool on) noexcept;    // fcntl(2), F_SETFL
Result<void> set_close_on_exec(Native handle, bool on) noexcept;  // fcntl(2), F_SETFD

// --- copying inside the kernel --------------------------------------------------------------
/// Whether bytes can be moved between the two through a pipe, never blocking, with none of their
/// boundaries lost. Always false where the system has no such call.
bool can_splice(Native from, Native to) noexcept;
/// Moves up to `most` bytes; one of the two is a pipe. Raises SIGPIPE on sockets too.  splice(2)
Result<std::size_t> splice(Native from, Native to, std::size_t most) noexcept;
/// Gives a pipe room for `size` bytes, if the system lets it have that.  fcntl(2), F_SETPIPE_SZ
Result<void> set_pipe_size(Native pipe, std::size_t size) noexcept;
/// Before bulk goes to `to`: gives a Unix socket a send buffer of `size` bytes, or of what the
/// system grants. Leaves one that somebody chose, and all that grow by themselves, as they are.
/// SO_SNDBUF, SO_BUF_LOCK
void widen_send_buffer(Native to, std::size_t size) noexcept;

// --- files and pipes ------------------------------------------------------------------------
/// Opens without waiting: a FIFO without a reader fails with ENXIO when opened for writing.
Result<Handle> open(const std::string& path, const OpenOptions& options) noexcept;  // open(2)
/// A new, non-blocking open file description of what `handle` refers to; `handle` keeps its own
/// mode. Only where the system can do it: Linux's /proc/self/fd, not for sockets.
Result<Handle> reopen(Native handle, Access access) noexcept;
Result<std::pair<Handle, Handle>> pipe() noexcept;        // pipe2(2): reader, writer
Result<PipeState> state_of_pipe(Native writer) noexcept;  // poll(2), FIONREAD
Result<void> make_fifo(const std::string& path, FileMode mode) noexcept;  // mkfifo(3)
Result<std::uint64_t> seek(Native handle, std::int64_t offset, bool from_end) noexcept;  // lseek(2)
Result<std::uint64_t> position(Native handle) noexcept;   // lseek(2), SEEK_CUR
Result<std::uint64_t> file_size(Native handle) noexcept;  // fstat(2)

// --- sockets --------------------------------------------------------------------------------
Result<Handle> socket(Family family, SocketType type,
                      Protocol protocol = Protocol::usual) noexcept;      // socket(2)
Result<std::pair<Handle, Handle>> socket_pair(SocketType type) noexcept;  // socketpair(2)
Result<SocketType> socket_type(Native socket) noexcept;                   // SO_TYPE
Result<void> bind(Native socket, const RawAddr& address) noexcept;        // bind(2)
Result<void> listen(Native socket, int backlog) noexcept;                 // listen(2)
/// Whether listen() was called on it; connections wait there, or can. SO_ACCEPTCONN
Result<bool> is_listening(Native socket) noexcept;
/// EINPROGRESS is not an error here: wait until writable, then ask take_error(). (G15)
Result<void> connect(Native socket, const RawAddr& address) noexcept;  // connect(2)
Result<Handle> accept(Native listener, RawAddr& peer) noexcept;        // accept4(2)
Result<RawAddr> local_name(Native socket) noexcept;                    // getsockname(2)
Result<RawAddr> peer_name(Native socket) noexcept;                     // getpeername(2)
Result<void> shutdown(Native socket, Shutdown how) noexcept;           // shutdown(2)
/// Bytes sent on a TCP connection that the peer's system has not acknowledged, the end of the
/// stream counted as one; 0 on anything else. ioctl(2), SIOCOUTQ
std::size_t unacknowledged(Native socket) noexcept;
/// The pending error of the socket, cleared by asking; success when there is none. SO_ERROR
Result<void> take_error(Native socket) noexcept;

// Never block, whatever the handle's mode: MSG_DONTWAIT. Never raise SIGPIPE: MSG_NOSIGNAL.
Result<std::size_t> recv(Native socket, MutableBytes into) noexcept;  // recv(2)
Result<std::size_t> peek(Native socket, MutableBytes into) noexcept;  // recv(2), MSG_PEEK
Result<std::size_t> recvv(Native socket, ReadPieces into) noexcept;   // recvmsg(2)
Result<std::size_t> send(Native socket, Bytes from) noexcept;         // send(2)
Result<std::size_t> sendv(Native socket, WritePieces from) noexcept;  // sendmsg(2)
Result<std::size_t> recv_from(Native socket, MutableBytes into, RawAddr& from) noexcept;
Result<std::size_t> peek_from(Native socket, MutableBytes into, RawAddr& from) noexcept;
Result<std::size_t> send_to(Native socket, Bytes from, const RawAddr& to) noexcept;

/// A socket option by its number, as setsockopt(2) takes it. The numbers are the platform's:
/// net/socket_options.hpp names them.
Result<void> set_option(Native socket, int level, int name, Bytes value) noexcept;
/// Returns the length the kernel filled in.
Result<std::size_t> get_option(Native socket, int level, int name, MutableBytes value) noexcept;

// --- the process ----------------------------------------------------------------------------
ProcessId process_id() noexcept;  // getpid(2)
/// The variable's value, taken out of the environment: children do not get it. Only while there is
/// one thread. getenv(3), unsetenv(3)
std::optional<std::string> take_variable(const char* name);

}  // namespace fid::os
