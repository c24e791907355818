// SPDX-License-Identifier: MIT
#include "support/pty.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/error.hpp>
#include <fid/base/os.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

namespace fid {
namespace {

class OsTest : public testing::Test {
 protected:
  std::string path(const char* name) const { return folder_ / name; }
  std::string file_with(const char* name, std::string_view content) const {
    std::ofstream(path(name)) << content;
    return path(name);
  }

 private:
  const test::TempDir folder_;
};

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(describe(result.error()));
  return std::move(*result);
}

void expect_flags_of_birth(const Handle& handle) {
  EXPECT_TRUE(os::is_nonblocking(handle.get()).value_or(false));
  EXPECT_EQ(::fcntl(handle.get(), F_GETFD), FD_CLOEXEC);
}

os::RawAddr loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  os::RawAddr raw;
  std::memcpy(raw.storage.data(), &address, sizeof address);
  raw.length = sizeof address;
  return raw;
}

std::uint16_t port_of(const os::RawAddr& raw) {
  sockaddr_in address{};
  std::memcpy(&address, raw.storage.data(), sizeof address);
  return ntohs(address.sin_port);
}

void wait_for(const Handle& handle, short events) {
  pollfd watched{handle.get(), events, 0};
  ASSERT_EQ(::poll(&watched, 1, -1), 1);
}

std::string text_of(const std::vector<std::byte>& buffer, std::size_t count) {
  return std::string(as_text(Bytes(buffer).first(count)));
}

TEST(Handle, ClosesOnceAndOnlyWhatItOwns) {
  auto [reader, writer] = value_of(os::pipe());
  const Native number = writer.get();
  Handle moved = std::move(writer);
  EXPECT_FALSE(writer);
  EXPECT_EQ(moved.get(), number);
  moved = Handle();
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
  EXPECT_EQ(errno, EBADF);
}

TEST(Handle, ReleasedHandleStaysOpen) {
  auto [reader, writer] = value_of(os::pipe());
  const Native number = writer.release();
  EXPECT_NE(::fcntl(number, F_GETFD), -1);
  close_native(number);
}

TEST_F(OsTest, EveryNewHandleIsNonBlockingAndCloseOnExec) {
  auto [reader, writer] = value_of(os::pipe());
  expect_flags_of_birth(reader);
  expect_flags_of_birth(writer);
  auto [left, right] = value_of(os::socket_pair(os::SocketType::stream));
  expect_flags_of_birth(left);
  expect_flags_of_birth(right);
  expect_flags_of_birth(value_of(os::socket(os::Family::inet4, os::SocketType::datagram)));
  expect_flags_of_birth(value_of(os::open(file_with("file", ""), {.read = true})));
  expect_flags_of_birth(value_of(os::reopen(reader.get(), {.read = true})));
  expect_flags_of_birth(value_of(os::duplicate(reader.get())));
}

TEST_F(OsTest, ReportsAnEmptyPipeAsWouldBlockAndAClosedOneAsItsEnd) {
  auto [reader, writer] = value_of(os::pipe());
  std::vector<std::byte> buffer(16);
  EXPECT_TRUE(os::read(reader.get(), buffer).error().would_block());
  EXPECT_EQ(os::write(writer.get(), as_bytes("abc")), 3u);
  EXPECT_EQ(os::read(reader.get(), buffer), 3u);
  EXPECT_EQ(text_of(buffer, 3), "abc");
  writer = Handle();
  EXPECT_EQ(os::read(reader.get(), buffer), 0u);
}

TEST_F(OsTest, VectoredCallsGoThroughTheirPiecesInOrder) {
  auto [reader, writer] = value_of(os::pipe());
  const Bytes out[] = {as_bytes("one"), as_bytes(""), as_bytes("two")};
  EXPECT_EQ(os::writev(writer.get(), out), 6u);
  std::vector<std::byte> first(4);
  std::vector<std::byte> second(4);
  const MutableBytes in[] = {first, second};
  EXPECT_EQ(os::readv(reader.get(), in), 6u);
  EXPECT_EQ(text_of(first, 4), "onet");
  EXPECT_EQ(text_of(second, 2), "wo");
}

TEST_F(OsTest, VectoredCallsUseAsManyPiecesAsTheSystemTakes) {
  const std::vector<Bytes> out(IOV_MAX + 10, as_bytes("x"));
  auto [left, right] = value_of(os::socket_pair(os::SocketType::stream));
  EXPECT_EQ(os::sendv(left.get(), out), static_cast<std::size_t>(IOV_MAX));
  EXPECT_EQ(os::writev(left.get(), out), static_cast<std::size_t>(IOV_MAX));
  std::vector<std::byte> room(IOV_MAX + 10);
  std::vector<MutableBytes> in;
  for (std::byte& byte : room) in.emplace_back(&byte, 1);
  EXPECT_EQ(os::recvv(right.get(), in), static_cast<std::size_t>(IOV_MAX));
  EXPECT_EQ(os::readv(right.get(), in), static_cast<std::size_t>(IOV_MAX));
}

TEST_F(OsTest, TellsWhatAHandleRefersTo) {
  auto [reader, writer] = value_of(os::pipe());
  EXPECT_EQ(os::kind_of(reader.get()), os::HandleKind::pipe);
  const Handle file = value_of(os::open(file_with("file", ""), {.read = true}));
  EXPECT_EQ(os::kind_of(file.get()), os::HandleKind::file);
  const Handle folder = value_of(os::open(path("."), {.read = true}));
  EXPECT_EQ(os::kind_of(folder.get()), os::HandleKind::directory);
  const Handle null = value_of(os::open("/dev/null", {.read = true}));
  EXPECT_EQ(os::kind_of(null.get()), os::HandleKind::device);
  EXPECT_TRUE(os::is_null_device(null.get()));
  const Handle zero = value_of(os::open("/dev/zero", {.read = true}));
  EXPECT_FALSE(os::is_null_device(zero.get()));
  EXPECT_FALSE(os::is_null_device(file.get()));
  const Handle socket = value_of(os::socket(os::Family::local, os::SocketType::stream));
  EXPECT_EQ(os::kind_of(socket.get()), os::HandleKind::socket);
  const Handle terminal(::posix_openpt(O_RDWR | O_NOCTTY));
  ASSERT_TRUE(terminal);
  EXPECT_EQ(os::kind_of(terminal.get()), os::HandleKind::terminal);
  EXPECT_EQ(os::kind_of(invalid_native).error(), system_error(EBADF, "fstat"));
}

TEST_F(OsTest, TellsTheAccessOfAHandle) {
  auto [reader, writer] = value_of(os::pipe());
  EXPECT_TRUE(value_of(os::access_of(reader.get())).read);
  EXPECT_FALSE(value_of(os::access_of(reader.get())).write);
  EXPECT_FALSE(value_of(os::access_of(writer.get())).read);
  EXPECT_TRUE(value_of(os::access_of(writer.get())).write);
}

TEST_F(OsTest, TheBlockingModeIsSharedWithDuplicates) {
  auto [reader, writer] = value_of(os::pipe());
  const Handle copy = value_of(os::duplicate(reader.get()));
  EXPECT_TRUE(os::set_nonblocking(copy.get(), false));
  EXPECT_EQ(os::is_nonblocking(reader.get()), false);
  EXPECT_TRUE(os::set_nonblocking(reader.get(), true));
  EXPECT_EQ(os::is_nonblocking(copy.get()), true);
}

TEST_F(OsTest, CloseOnExecCanBeTakenBack) {
  auto [reader, writer] = value_of(os::pipe());
  EXPECT_TRUE(os::set_close_on_exec(reader.get(), false));
  EXPECT_EQ(::fcntl(reader.get(), F_GETFD), 0);
}

TEST_F(OsTest, ReopeningLeavesTheModeOfTheOriginalAlone) {
  auto [reader, writer] = value_of(os::pipe());
  ASSERT_TRUE(os::set_nonblocking(reader.get(), false));
  const Handle own = value_of(os::reopen(reader.get(), {.read = true}));
  EXPECT_EQ(os::is_nonblocking(own.get()), true);
  EXPECT_EQ(os::is_nonblocking(reader.get()), false);
  ASSERT_TRUE(os::write(writer.get(), as_bytes("x")));
  std::vector<std::byte> buffer(4);
  EXPECT_EQ(os::read(own.get(), buffer), 1u);
}

TEST_F(OsTest, ReopeningAFileOpenForAppendingGoesOnAppending) {
  const std::string name = file_with("log", "old ");
  const Handle file = value_of(os::open(name, {.write = true, .append = true}));
  const Handle own = value_of(os::reopen(file.get(), {.write = true}));
  EXPECT_EQ(os::write(own.get(), as_bytes("new")), 3u);
  EXPECT_EQ(os::file_size(own.get()), 7u);
}

TEST_F(OsTest, SocketsCannotBeReopened) {
  auto [left, right] = value_of(os::socket_pair(os::SocketType::stream));
  EXPECT_EQ(os::reopen(left.get(), {.read = true}).error(), system_error(ENXIO, "open"));
}

TEST_F(OsTest, OpensAsTheOptionsSay) {
  const std::string name = path("file");
  EXPECT_EQ(os::open(name, {.read = true}).error(), system_error(ENOENT, "open"));
  EXPECT_TRUE(os::open(name, {.write = true, .create = true, .mode = 0600}));
  EXPECT_EQ(std::filesystem::status(name).permissions(), std::filesystem::perms(0600));
  EXPECT_EQ(os::open(name, {.write = true, .exclusive = true}).error(),
            system_error(EEXIST, "open"));

  EXPECT_TRUE(os::write(value_of(os::open(name, {.write = true})).get(), as_bytes("abcdef")));
  EXPECT_TRUE(os::write(value_of(os::open(name, {.append = true})).get(), as_bytes("gh")));
  const Handle file = value_of(os::open(name, {.read = true}));
  EXPECT_EQ(os::file_size(file.get()), 8u);
  EXPECT_TRUE(os::open(name, {.write = true, .truncate = true}));
  EXPECT_EQ(os::file_size(file.get()), 0u);
}

TEST_F(OsTest, RefusesToOpenWithoutAnAccessOrUnderACutPath) {
  const std::string name = file_with("file", "");
  EXPECT_EQ(os::open(name, {}).error().code, std::errc::invalid_argument);
  const std::string cut = name + '\0' + "more";
  EXPECT_EQ(os::open(cut, {.read = true}).error().code, std::errc::invalid_argument);
  EXPECT_EQ(os::make_fifo(cut, 0600).error().code, std::errc::invalid_argument);
}

TEST_F(OsTest, AFifoOpensForReadingAtOnceAndForWritingOnlyWithAReader) {
  ASSERT_TRUE(os::make_fifo(path("fifo"), 0600));
  EXPECT_EQ(os::make_fifo(path("fifo"), 0600).error(), system_error(EEXIST, "mkfifo"));
  EXPECT_EQ(os::open(path("fifo"), {.write = true}).error(), system_error(ENXIO, "open"));
  const Handle reader = value_of(os::open(path("fifo"), {.read = true}));
  EXPECT_TRUE(os::open(path("fifo"), {.write = true}));
}

TEST_F(OsTest, SeeksFromEitherEndAndOnlyWhereThatMeansSomething) {
  const Handle file = value_of(os::open(file_with("file", "0123456789"), {.read = true}));
  EXPECT_EQ(os::seek(file.get(), 4, false), 4u);
  std::vector<std::byte> buffer(2);
  ASSERT_EQ(os::read(file.get(), buffer), 2u);
  EXPECT_EQ(text_of(buffer, 2), "45");
  EXPECT_EQ(os::seek(file.get(), -3, true), 7u);
  auto [reader, writer] = value_of(os::pipe());
  EXPECT_EQ(os::seek(reader.get(), 0, false).error(), system_error(ESPIPE, "lseek"));
  EXPECT_EQ(os::file_size(reader.get()).error(), system_error(ESPIPE, "fstat"));
}

TEST_F(OsTest, ConnectsAcceptsAndNamesBothEnds) {
  const Handle listener = value_of(os::socket(os::Family::inet4, os::SocketType::stream));
  ASSERT_TRUE(os::bind(listener.get(), loopback(0)));
  ASSERT_TRUE(os::listen(listener.get(), 8));
  os::RawAddr peer;
  EXPECT_TRUE(os::accept(listener.get(), peer).error().would_block());

  const os::RawAddr where = value_of(os::local_name(listener.get()));
  const Handle client = value_of(os::socket(os::Family::inet4, os::SocketType::stream));
  ASSERT_TRUE(os::connect(client.get(), where));
  wait_for(client, POLLOUT);
  EXPECT_TRUE(os::take_error(client.get()));

  wait_for(listener, POLLIN);
  const Handle served = value_of(os::accept(listener.get(), peer));
  expect_flags_of_birth(served);
  EXPECT_EQ(port_of(peer), port_of(value_of(os::local_name(client.get()))));
  EXPECT_EQ(port_of(value_of(os::peer_name(client.get()))), port_of(where));
}

TEST_F(OsTest, ARefusedConnectionIsToldOnceByThePendingError) {
  Handle closed = value_of(os::socket(os::Family::inet4, os::SocketType::stream));
  ASSERT_TRUE(os::bind(closed.get(), loopback(0)));
  const os::RawAddr nobody = value_of(os::local_name(closed.get()));
  const Handle client = value_of(os::socket(os::Family::inet4, os::SocketType::stream));
  ASSERT_TRUE(os::connect(client.get(), nobody));  // EINPROGRESS
  wait_for(client, POLLOUT);
  const Result<void> told = os::take_error(client.get());
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, std::errc::connection_refused);
  EXPECT_TRUE(os::take_error(client.get()));
  EXPECT_EQ(os::peer_name(client.get()).error(), system_error(ENOTCONN, "getpeername"));
}

TEST_F(OsTest, PeekingLeavesTheBytes) {
  auto [left, right] = value_of(os::socket_pair(os::SocketType::stream));
  std::vector<std::byte> buffer(8);
  EXPECT_TRUE(os::peek(right.get(), buffer).error().would_block());
  ASSERT_EQ(os::send(left.get(), as_bytes("abc")), 3u);
  EXPECT_EQ(os::peek(right.get(), buffer), 3u);
  EXPECT_EQ(os::recv(right.get(), buffer), 3u);
  EXPECT_TRUE(os::recv(right.get(), buffer).error().would_block());
}

TEST_F(OsTest, SendingAndReceivingNeverBlockEvenOnABlockingSocket) {
  auto [left, right] = value_of(os::socket_pair(os::SocketType::stream));
  ASSERT_TRUE(os::set_nonblocking(left.get(), false));
  std::vector<std::byte> buffer(1 << 16);
  const MutableBytes in[] = {buffer};
  EXPECT_TRUE(os::recv(left.get(), buffer).error().would_block());
  EXPECT_TRUE(os::recvv(left.get(), in).error().would_block());
  Result<std::size_t> sent = os::send(left.get(), buffer);
  while (sent) sent = os::send(left.get(), buffer);
  EXPECT_TRUE(sent.error().would_block());
  const Bytes out[] = {buffer};
  EXPECT_TRUE(os::sendv(left.get(), out).error().would_block());
}

// The test's process has the default action for SIGPIPE: the signal would end it.
TEST_F(OsTest, SendingToAClosedPeerFailsWithoutASignal) {
  ASSERT_EQ(::signal(SIGPIPE, SIG_DFL), SIG_DFL);
  auto [left, right] = value_of(os::socket_pair(os::SocketType::stream));
  right = Handle();
  const Bytes out[] = {as_bytes("x")};
  EXPECT_EQ(os::send(left.get(), as_bytes("x")).error(), system_error(EPIPE, "send"));
  EXPECT_EQ(os::sendv(left.get(), out).error(), system_error(EPIPE, "sendmsg"));
}

TEST_F(OsTest, ShuttingDownOneDirectionKeepsTheOther) {
  auto [left, right] = value_of(os::socket_pair(os::SocketType::stream));
  ASSERT_TRUE(os::shutdown(left.get(), os::Shutdown::write));
  std::vector<std::byte> buffer(8);
  EXPECT_EQ(os::recv(right.get(), buffer), 0u);
  EXPECT_EQ(os::send(right.get(), as_bytes("late")), 4u);
  EXPECT_EQ(os::recv(left.get(), buffer), 4u);
}

TEST_F(OsTest, DatagramsKeepTheirBoundsAndTheirSender) {
  const Handle left = value_of(os::socket(os::Family::inet4, os::SocketType::datagram));
  const Handle right = value_of(os::socket(os::Family::inet4, os::SocketType::datagram));
  ASSERT_TRUE(os::bind(left.get(), loopback(0)));
  ASSERT_TRUE(os::bind(right.get(), loopback(0)));
  const os::RawAddr to = value_of(os::local_name(right.get()));
  ASSERT_EQ(os::send_to(left.get(), as_bytes("one"), to), 3u);
  ASSERT_EQ(os::send_to(left.get(), {}, to), 0u);
  std::vector<std::byte> buffer(8);
  os::RawAddr from;
  wait_for(right, POLLIN);
  EXPECT_EQ(os::recv_from(right.get(), buffer, from), 3u);
  EXPECT_EQ(port_of(from), port_of(value_of(os::local_name(left.get()))));
  wait_for(right, POLLIN);
  EXPECT_EQ(os::recv_from(right.get(), buffer, from), 0u);
}

TEST_F(OsTest, TellsTheTypeOfASocket) {
  for (const os::SocketType type :
       {os::SocketType::stream, os::SocketType::datagram, os::SocketType::seqpacket}) {
    auto [left, right] = value_of(os::socket_pair(type));
    EXPECT_EQ(os::socket_type(left.get()), type);
  }
  auto [reader, writer] = value_of(os::pipe());
  EXPECT_EQ(os::socket_type(reader.get()).error(), system_error(ENOTSOCK, "getsockopt"));
}

TEST_F(OsTest, OptionsTravelAsBytes) {
  const Handle socket = value_of(os::socket(os::Family::inet4, os::SocketType::stream));
  int value = 1;
  ASSERT_TRUE(
      os::set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, std::as_bytes(std::span(&value, 1))));
  value = 0;
  EXPECT_EQ(os::get_option(socket.get(), SOL_SOCKET, SO_REUSEADDR,
                           std::as_writable_bytes(std::span(&value, 1))),
            sizeof value);
  EXPECT_EQ(value, 1);
}

int send_buffer(const Handle& socket) {
  int size = 0;
  EXPECT_TRUE(os::get_option(socket.get(), SOL_SOCKET, SO_SNDBUF,
                             std::as_writable_bytes(std::span(&size, 1))));
  return size;
}

TEST_F(OsTest, WidensTheSendBufferOfAUnixSocketThatNobodyChose) {
  const auto [fresh, other] = value_of(os::socket_pair(os::SocketType::stream));
  const int before = send_buffer(fresh);
  os::widen_send_buffer(fresh.get(), 1U << 20U);
  EXPECT_GT(send_buffer(fresh), before);
  EXPECT_EQ(send_buffer(other), before);

  const int chosen = 32 * 1024;
  ASSERT_TRUE(
      os::set_option(other.get(), SOL_SOCKET, SO_SNDBUF, std::as_bytes(std::span(&chosen, 1))));
  os::widen_send_buffer(other.get(), 1U << 20U);
  EXPECT_EQ(send_buffer(other), 2 * chosen);
}

TEST_F(OsTest, LeavesASendBufferThatIsWideEnoughAsItIs) {
  const auto [wide, other] = value_of(os::socket_pair(os::SocketType::stream));
  const int before = send_buffer(wide);
  os::widen_send_buffer(wide.get(), static_cast<std::size_t>(before) / 2);
  EXPECT_EQ(send_buffer(wide), before);
}

TEST_F(OsTest, LeavesASendBufferThatGrowsByItselfAsItIs) {
  const Handle tcp = value_of(os::socket(os::Family::inet4, os::SocketType::stream));
  const int before = send_buffer(tcp);
  os::widen_send_buffer(tcp.get(), 1U << 20U);
  EXPECT_EQ(send_buffer(tcp), before);
}

TEST_F(OsTest, TellsAListeningSocketFromOthers) {
  const Handle socket = value_of(os::socket(os::Family::inet4, os::SocketType::stream));
  EXPECT_EQ(os::is_listening(socket.get()), false);
  ASSERT_TRUE(os::bind(socket.get(), loopback(0)));
  ASSERT_TRUE(os::listen(socket.get(), 1));
  EXPECT_EQ(os::is_listening(socket.get()), true);
}

TEST_F(OsTest, WaitsForRoomToWrite) {
  auto [reader, writer] = value_of(os::pipe());
  EXPECT_EQ(os::wait_writable(writer.get(), Duration::zero()), true);
  const std::vector<std::byte> page(4096);
  while (os::write(writer.get(), page)) {
  }
  EXPECT_EQ(os::wait_writable(writer.get(), std::chrono::milliseconds(1)), false);
  reader = Handle();
  EXPECT_EQ(os::wait_writable(writer.get(), std::chrono::hours(1)), true);
}

TEST_F(OsTest, AVariableTakenOutOfTheEnvironmentIsGone) {
  ::setenv("FID_OS_TEST", "1", 1);
  EXPECT_EQ(os::take_variable("FID_OS_TEST"), "1");
  EXPECT_EQ(os::take_variable("FID_OS_TEST"), std::nullopt);
  EXPECT_EQ(std::getenv("FID_OS_TEST"), nullptr);
  EXPECT_EQ(os::process_id(), ::getpid());
}

// A timer interrupts the read again and again, without SA_RESTART, until the handler writes.
int interruptions = 0;
Native to_write = invalid_native;

TEST_F(OsTest, InterruptedCallsAreMadeAgain) {
  auto [reader, writer] = value_of(os::pipe());
  ASSERT_TRUE(os::set_nonblocking(reader.get(), false));
  interruptions = 0;
  to_write = writer.get();
  struct sigaction action {};
  action.sa_handler = [](int) {
    if (++interruptions == 3 && ::write(to_write, "x", 1) != 1) std::abort();
  };
  struct sigaction before {};
  ASSERT_EQ(::sigaction(SIGALRM, &action, &before), 0);
  const itimerval often{{0, 2000}, {0, 2000}};
  ASSERT_EQ(::setitimer(ITIMER_REAL, &often, nullptr), 0);
  std::vector<std::byte> buffer(1);
  EXPECT_EQ(os::read(reader.get(), buffer), 1u);
  const itimerval never{};
  ::setitimer(ITIMER_REAL, &never, nullptr);
  ::sigaction(SIGALRM, &before, nullptr);
  EXPECT_GE(interruptions, 3);
}

TEST_F(OsTest, ATerminalThatIsOpenedControlsNobody) {
  const test::Terminal terminal(test::Terminal::Mode::raw);
  const std::string name = ::ttyname(terminal.program.get());
  const pid_t leader = ::fork();
  if (leader == 0) {
    ::setsid();
    const auto opened = os::open(name, {.read = true, .write = true});
    const int controlling = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    ::_exit(opened && controlling == -1 && errno == ENXIO ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(leader, &status, 0), leader);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace fid
