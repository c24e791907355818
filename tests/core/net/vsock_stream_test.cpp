// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/vsock.hpp"

#include <fid/io/ops.hpp>
#include <fid/net/vsock_listener.hpp>
#include <fid/net/vsock_stream.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <array>
#include <string>
#include <tuple>
#include <utility>

namespace fid {
namespace {

using test::code_of;
using test::run_test;

constexpr VsockAddr itself(VsockAddr::local, VsockAddr::any_port);

/// Two ends of a connection over loopback: the one that connected, the one that was accepted.
struct Ends {
  Ends(VsockStream near_end, VsockStream far_end)
      : near(std::move(near_end)), far(std::move(far_end)) {}
  VsockStream near;
  VsockStream far;
};

Task<Ends> connected() {
  const VsockListener listener = co_await VsockListener::bind(itself);
  const VsockAddr where = co_await listener.local_addr();
  auto ends = co_await all(VsockStream::connect(where), listener.accept());
  co_return Ends(std::move(std::get<0>(ends)), std::move(std::get<1>(ends).first));
}

Task<std::string> all_of(VsockStream& from) {
  Buffer got;
  co_await read_to_end(from, got);
  co_return std::string(as_text(got));
}

// --- without talking to anybody -------------------------------------------------------------

TEST(VsockListener, TakesAFreePortForAnyMachine) {
  FID_NEEDS_VSOCK();
  run_test([]() -> Task<void> {
    const VsockListener listener = co_await VsockListener::bind({});
    const VsockAddr where = co_await listener.local_addr();
    EXPECT_EQ(where.cid(), VsockAddr::any_cid);
    EXPECT_NE(where.port(), VsockAddr::any_port);
    EXPECT_EQ(listener.to_string(), "VsockListener(local=" + where.to_string() +
                                        ", handle=" + std::to_string(listener.native()) + ")");
    EXPECT_NE(::fcntl(listener.native(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(listener.native(), F_GETFD) & FD_CLOEXEC, 0);
    EXPECT_EQ(code_of(listener.try_accept()), std::errc::resource_unavailable_try_again);
    EXPECT_EQ(code_of(VsockListener::bind(where)), std::errc::address_in_use);
  });
}

TEST(VsockListener, ListensOnNoOtherMachinesBehalf) {
  FID_NEEDS_VSOCK();
  run_test([]() -> Task<void> {
    const auto listener = VsockListener::bind({0x7ffffff0, VsockAddr::any_port});
    EXPECT_EQ(code_of(listener), std::errc::address_not_available);
    EXPECT_EQ(listener.error().operation, "bind");
    co_return;
  });
}

TEST(VsockListener, IsGivenUpAndAdoptedAgain) {
  FID_NEEDS_VSOCK();
  run_test([]() -> Task<void> {
    VsockListener first = co_await VsockListener::bind({});
    const VsockAddr where = co_await first.local_addr();
    Handle socket = co_await std::move(first).into_native();
    VsockListener second = co_await VsockListener::from_native(std::move(socket));
    EXPECT_EQ(second.local_addr(), where);
    EXPECT_EQ(second.take_error(), std::nullopt);
  });
}

TEST(VsockStream, ConnectsToNoAnyMachineAndNoAnyPort) {
  run_test([]() -> Task<void> {
    for (const VsockAddr where :
         {VsockAddr(), VsockAddr(VsockAddr::any_cid, 1234), VsockAddr(1, VsockAddr::any_port)}) {
      const auto stream = co_await as_result(VsockStream::connect(where));
      EXPECT_EQ(code_of(stream), std::errc::invalid_argument);
    }
  });
}

TEST(VsockStream, SaysThatThereIsNoWay) {
  FID_NEEDS_VSOCK();
  if (test::has_vsock_loopback() ||
      local_vsock_cid().value_or(VsockAddr::any_cid) != VsockAddr::any_cid) {
    GTEST_SKIP() << "this machine has a way to some other";
  }
  run_test([]() -> Task<void> {
    const auto stream = co_await as_result(VsockStream::connect({VsockAddr::local, 1234}));
    EXPECT_EQ(code_of(stream), std::errc::no_such_device);
    EXPECT_EQ(stream.error().operation, "connect");
  });
}

TEST(VsockStreamDeathTest, ConnectingWithoutAReactorNamesTheCaller) {
  EXPECT_DEATH(static_cast<void>(VsockStream::connect({1, 1})), "vsock_stream_test.cpp");
}

// --- over loopback --------------------------------------------------------------------------

TEST(VsockStream, CarriesBytesAndEndsBothWays) {
  FID_NEEDS_VSOCK_LOOPBACK();
  run_test([]() -> Task<void> {
    Ends ends = co_await connected();
    for (const VsockStream* stream : {&ends.near, &ends.far}) {
      EXPECT_NE(::fcntl(stream->native(), F_GETFL) & O_NONBLOCK, 0);
      EXPECT_NE(::fcntl(stream->native(), F_GETFD) & FD_CLOEXEC, 0);
    }
    EXPECT_EQ(ends.near.peer_addr()->port(), ends.far.local_addr()->port());
    EXPECT_EQ(ends.far.peer_addr()->port(), ends.near.local_addr()->port());
    co_await write_all(ends.near, as_bytes("request"));
    co_await ends.near.shutdown();
    EXPECT_EQ(co_await all_of(ends.far), "request");
    co_await write_all(ends.far, as_bytes("answer"));
    co_await ends.far.shutdown();
    EXPECT_EQ(co_await all_of(ends.near), "answer");
    co_await ends.near.shutdown();
    EXPECT_EQ(ends.near.take_error(), std::nullopt);
  });
}

Task<void> write_and_end(VsockStream& to, const Buffer& all) {
  co_await write_all(to, all);
  co_await to.shutdown();
}

Task<Buffer> read_all(VsockStream& from) {
  Buffer got;
  co_await read_to_end(from, got);
  co_return got;
}

TEST(VsockStream, CarriesMoreThanItsBuffersHold) {
  FID_NEEDS_VSOCK_LOOPBACK();
  run_test([]() -> Task<void> {
    Buffer all(3 * 1024 * 1024);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::byte>(i * 31 >> 8);
    Ends ends = co_await connected();
    Buffer got;
    {
      TaskGroup writer;
      writer.add(write_and_end(ends.near, all));
      got = co_await read_all(ends.far);
      co_await writer.join();
    }
    EXPECT_TRUE(got == all);
  });
}

TEST(VsockStream, SaysThatNobodyListens) {
  FID_NEEDS_VSOCK_LOOPBACK();
  run_test([]() -> Task<void> {
    VsockAddr where;
    {
      const VsockListener gone = co_await VsockListener::bind(itself);
      where = co_await gone.local_addr();
    }
    const auto stream = co_await as_result(VsockStream::connect(where));
    EXPECT_EQ(code_of(stream), std::errc::connection_reset);
    EXPECT_EQ(stream.error().operation, "connect");
  });
}

TEST(VsockStream, IsSplitGivenUpAndAdoptedAgain) {
  FID_NEEDS_VSOCK_LOOPBACK();
  run_test([]() -> Task<void> {
    Ends ends = co_await connected();
    auto [reader, writer] = std::move(ends.near).into_split();
    co_await writer.write(as_bytes("x"));
    auto whole = std::move(reader).reunite(std::move(writer));
    EXPECT_TRUE(whole.has_value());
    co_await whole->shutdown();
    EXPECT_EQ(co_await all_of(ends.far), "x");
    Handle socket = co_await std::move(ends.far).into_native();
    const VsockStream again = co_await VsockStream::from_native(std::move(socket));
    EXPECT_TRUE(again.to_string().starts_with("VsockStream(local="));
  });
}

}  // namespace
}  // namespace fid
