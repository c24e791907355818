// SPDX-License-Identifier: MIT
// What becomes of cached readiness when a call fails: G4, G7.
#include "support/code_of.hpp"
#include "support/faults/call_table.hpp"
#include "support/faults/injector.hpp"
#include "support/run_test.hpp"
#include "support/tcp_stream_pair.hpp"
#include "support/turns.hpp"
#include "support/udp_pair.hpp"

#include <fid/net/pipe.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cerrno>

namespace fid {
namespace {

using test::Call;
using test::Fault;
using test::Injector;
using test::run_test;
using test::turns;

/// With `reader` readable: that no error but would-block takes this away, and that this one does,
/// until the selector reports it again.
template <class Try>
Task<void> expect_cleared_by_would_block_alone(Call call, Try try_once) {
  for (const int error : test::row_of(call)->errors) {
    SCOPED_TRACE(error);
    Injector injector(Fault{call, 0, error});
    {
      const Injector::Window window(injector);
      EXPECT_EQ(test::code_of(try_once()), system_error(error, "").code);
    }
    EXPECT_TRUE(injector.struck());
    EXPECT_TRUE(try_once()) << "it is still there, and known to be";
  }
  Injector injector(Fault{call, 0, EAGAIN});
  {
    const Injector::Window window(injector);
    EXPECT_TRUE(try_once().error().would_block());
    EXPECT_TRUE(try_once().error().would_block());
  }
  EXPECT_EQ(injector.calls().size(), 1U) << "tried again although nothing was reported since";
  co_await turns(2);
  EXPECT_TRUE(try_once()) << "reported again, and not noticed";
}

TEST(ReadinessUnderFaults, OnlyWouldBlockTakesAwayThatAStreamCanBeRead) {
  run_test([]() -> Task<void> {
    test::TcpPair pair = co_await test::tcp_stream_pair();
    for (int i = 0; i < 10; ++i) co_await pair.far.write(as_bytes("much to be read"));
    co_await pair.near.readable();
    std::array<std::byte, 1> byte{};
    const Call recv{"recv", ""};
    const auto try_read = [&] { return pair.near.try_read(byte); };
    co_await expect_cleared_by_would_block_alone(recv, try_read);
  });
}

TEST(ReadinessUnderFaults, OnlyWouldBlockTakesAwayThatAStreamCanBeWritten) {
  run_test([]() -> Task<void> {
    test::TcpPair pair = co_await test::tcp_stream_pair();
    co_await pair.near.writable();
    const Call send{"send", ""};
    const auto try_write = [&] { return pair.near.try_write(as_bytes("x")); };
    co_await expect_cleared_by_would_block_alone(send, try_write);
  });
}

TEST(ReadinessUnderFaults, OnlyWouldBlockTakesAwayThatADatagramIsThere) {
  run_test([]() -> Task<void> {
    test::UdpPair pair = co_await test::udp_pair();
    for (int i = 0; i < 40; ++i) co_await pair.far.send(as_bytes("x"));
    co_await pair.near.readable();
    std::array<std::byte, 1> byte{};
    const Call recvfrom{"recvfrom", ""};
    const auto try_recv = [&] { return pair.near.try_recv_from(byte); };
    co_await expect_cleared_by_would_block_alone(recvfrom, try_recv);
  });
}

TEST(ReadinessUnderFaults, OnlyWouldBlockTakesAwayThatAConnectionWaits) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(test::loopback());
    const SocketAddr where = co_await listener.local_addr();
    std::array<Handle, 40> clients;
    for (Handle& client : clients) {
      client = co_await os::socket(os::Family::inet4, os::SocketType::stream);
      co_await os::connect(client.get(), where.to_raw());
    }
    co_await listener.readable();
    const Call accept4{"accept4", ""};
    const auto try_accept = [&] { return listener.try_accept(); };
    co_await expect_cleared_by_would_block_alone(accept4, try_accept);
  });
}

TEST(ReadinessUnderFaults, OnlyWouldBlockTakesAwayThatAPipeCanBeRead) {
  run_test([]() -> Task<void> {
    auto [sender, receiver] = co_await pipe::pipe();
    co_await sender.write(as_bytes("much to be read from a pipe"));
    co_await receiver.readable();
    std::array<std::byte, 1> byte{};
    const Call read{"read", ""};
    const auto try_read = [&receiver = receiver, &byte] { return receiver.try_read(byte); };
    co_await expect_cleared_by_would_block_alone(read, try_read);
  });
}

}  // namespace
}  // namespace fid
