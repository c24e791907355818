// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/udp_pair.hpp"

#include <fid/net/udp_socket.hpp>

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <vector>

namespace fid {
namespace {

using test::code_of;
using test::receive_text;
using test::run_test;
using test::udp_pair;
using test::UdpPair;
using test::unreachable_port;

const SocketAddr any_port(Ipv4Addr::loopback(), 0);

/// Receives until there were `count` datagrams; what they say.
Task<std::vector<std::string>> receive_texts(UdpSocket& from, DatagramBatch& batch,
                                             std::size_t count) {
  std::vector<std::string> texts;
  while (texts.size() < count) {
    const std::size_t came = co_await from.recv_batch(batch);
    EXPECT_EQ(came, batch.received().size());
    for (const auto& datagram : batch.received()) texts.emplace_back(as_text(datagram.bytes));
  }
  co_return std::move(texts);
}

/// Sends all, however many calls that takes.
Task<void> send_all(UdpSocket& to, std::span<const OutgoingDatagram> datagrams) {
  while (!datagrams.empty()) datagrams = datagrams.subspan(co_await to.send_batch(datagrams));
}

TEST(UdpBatch, KeepsBoundariesAndOrder) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    std::vector<OutgoingDatagram> datagrams;
    for (const char* const text : {"one", "", "three"}) datagrams.push_back({as_bytes(text)});
    co_await send_all(pair.near, datagrams);
    DatagramBatch batch(8, 16);
    const std::vector<std::string> expected{"one", "", "three"};
    EXPECT_EQ(co_await receive_texts(pair.far, batch, 3), expected);
    EXPECT_TRUE(pair.far.try_recv_batch(batch).error().would_block());
  });
}

TEST(UdpBatch, TakesWhatThereIsByOneCallAsFarAsThereIsRoom) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    DatagramBatch batch(2, 16);
    // The system may be late with some of them, but not always.
    std::size_t most = 0;
    for (int tries = 0; tries < 100 && most < 2; ++tries) {
      for (const char* const text : {"a", "b", "c"}) co_await pair.near.send(as_bytes(text));
      for (std::size_t have = 0; have < 3; have += batch.received().size()) {
        most = std::max(most, co_await pair.far.recv_batch(batch));
      }
      EXPECT_EQ(as_text(batch.received().back().bytes), "c");
    }
    EXPECT_EQ(most, 2U);
  });
}

TEST(UdpBatch, GoesToManyAndTellsEachSender) {
  run_test([]() -> Task<void> {
    UdpSocket sender = co_await UdpSocket::bind(any_port);
    UdpSocket first = co_await UdpSocket::bind(any_port);
    UdpSocket second = co_await UdpSocket::bind(any_port);
    std::vector<OutgoingDatagram> datagrams;
    datagrams.push_back({as_bytes("1"), first.local_addr().value()});
    datagrams.push_back({as_bytes("2"), second.local_addr().value()});
    co_await send_all(sender, datagrams);
    EXPECT_EQ(co_await receive_text(first), "1");
    EXPECT_EQ(co_await receive_text(second), "2");
    const SocketAddr where = co_await sender.local_addr();
    co_await first.send_to(as_bytes("from first"), where);
    DatagramBatch batch(4, 16);
    co_await sender.recv_batch(batch);
    EXPECT_EQ(batch.received().front().from, first.local_addr().value());
    co_await second.send_to(as_bytes("from second"), where);
    co_await sender.recv_batch(batch);
    EXPECT_EQ(batch.received().front().from, second.local_addr().value());
  });
}

TEST(UdpBatch, TellsThatADatagramWasCut) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    DatagramBatch batch(4, 4);
    co_await pair.near.send(as_bytes("longer"));
    co_await pair.far.recv_batch(batch);
    EXPECT_TRUE(batch.received().front().cut);
    EXPECT_EQ(as_text(batch.received().front().bytes), "long");
    co_await pair.near.send(as_bytes("fits"));
    co_await pair.far.recv_batch(batch);
    EXPECT_FALSE(batch.received().front().cut);
  });
}

TEST(UdpBatch, SendsNoMoreThanOneCallTakesAndNothingAtOnce) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    const std::vector<OutgoingDatagram> many(100, OutgoingDatagram{as_bytes("x")});
    EXPECT_EQ(co_await pair.near.send_batch(many), os::most_datagrams);
    EXPECT_EQ(co_await pair.near.send_batch({}), 0U);
    EXPECT_TRUE(pair.near.try_send_batch(many).error().would_block());
    co_await pair.near.writable();
    EXPECT_EQ(pair.near.try_send_batch(many), os::most_datagrams);
    DatagramBatch batch(200, 4);
    EXPECT_EQ((co_await receive_texts(pair.far, batch, 2 * os::most_datagrams)).size(),
              2 * os::most_datagrams);
  });
}

TEST(UdpBatch, ReportsErrorsAsSinglesDo) {
  run_test([]() -> Task<void> {
    const UdpSocket deaf = co_await unreachable_port();
    UdpSocket socket = co_await UdpSocket::bind(any_port);
    const std::vector<OutgoingDatagram> one{OutgoingDatagram{as_bytes("x")}};
    DatagramBatch batch(2, 16);
    EXPECT_EQ(code_of(co_await as_result(socket.send_batch(one))),
              std::errc::destination_address_required);
    EXPECT_EQ(code_of(co_await as_result(socket.send_segments(as_bytes("xyz"), 1))),
              std::errc::destination_address_required);
    co_await socket.connect(co_await deaf.local_addr());
    co_await socket.send_batch(one);
    EXPECT_EQ(code_of(co_await as_result(socket.recv_batch(batch))), std::errc::connection_refused);
    EXPECT_TRUE(socket.try_recv_batch(batch).error().would_block());
  });
}

/// `count` characters that differ.
std::string numbered(std::size_t count) {
  std::string text;
  for (int i = 0; text.size() < count; ++i) text += std::to_string(i) + ' ';
  text.resize(count);
  return text;
}

Task<void> send_all_segments(UdpSocket& from, Bytes bytes, std::size_t segment,
                             std::optional<SocketAddr> to = std::nullopt) {
  while (!bytes.empty()) {
    const std::size_t sent = co_await from.send_segments(bytes, segment, to);
    EXPECT_TRUE(sent == bytes.size() || sent % segment == 0);
    bytes = bytes.subspan(sent);
  }
}

/// What arrives when `text` is sent in segments, to a receiver for whom the system joins datagrams
/// or does not.
Task<void> check_segments(std::size_t length, std::size_t segment, bool gro) {
  UdpPair pair = co_await udp_pair();
  if (gro && !pair.far.set_gro(true)) co_return;
  const std::string text = numbered(length);
  co_await send_all_segments(pair.near, as_bytes(text), segment);
  DatagramBatch batch(8, 65536);
  const std::size_t count = (length + segment - 1) / segment;
  const std::vector<std::string> texts = co_await receive_texts(pair.far, batch, count);
  EXPECT_EQ(texts.size(), count);
  std::string together;
  for (const std::string& one : texts) {
    EXPECT_TRUE(one.size() == segment || &one == &texts.back());
    together += one;
  }
  EXPECT_EQ(together, text);
}

TEST(UdpBatch, SegmentsArriveAsDatagrams) {
  run_test([]() -> Task<void> {
    for (const bool gro : {false, true}) {
      co_await check_segments(10, 100, gro);       // one
      co_await check_segments(1000, 100, gro);     // a whole number
      co_await check_segments(1001, 100, gro);     // and a shorter one
      co_await check_segments(50000, 1200, gro);   // as a protocol would
      co_await check_segments(10000, 100, gro);    // more than one call takes
      co_await check_segments(80000, 40000, gro);  // of which one call takes one
    }
  });
}

TEST(UdpBatch, SegmentsThatTheSystemDoesNotMakeAreSentOneByOne) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    // Without checksums Linux makes none.
    const int on = 1;
    EXPECT_EQ(::setsockopt(pair.near.native(), SOL_SOCKET, SO_NO_CHECK, &on, sizeof on), 0);
    const std::string text = numbered(6500);
    const auto refused = os::send_segments(pair.near.native(), as_bytes(text), 100, nullptr);
    EXPECT_EQ(code_of(refused), std::errc::not_supported);
    co_await send_all_segments(pair.near, as_bytes(text), 100, pair.far.local_addr().value());
    DatagramBatch batch(4, 4000);
    const std::vector<std::string> texts = co_await receive_texts(pair.far, batch, 65);
    EXPECT_EQ(texts.front(), text.substr(0, 100));
    EXPECT_EQ(texts.back(), text.substr(6400));
  });
}

TEST(UdpBatch, OneCallSendsNoMoreSegmentsThanOneDatagramHolds) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    const std::string text = numbered(64 * 1200);
    EXPECT_EQ(co_await pair.near.send_segments(as_bytes(text), 1200), 54U * 1200);
    DatagramBatch batch(8, 1500);
    const std::vector<std::string> texts = co_await receive_texts(pair.far, batch, 54);
    EXPECT_EQ(texts.back(), text.substr(53 * 1200, 1200));
  });
}

TEST(UdpBatch, SegmentsHaveASizeThatADatagramCanHave) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    EXPECT_EQ(co_await pair.near.send_segments({}, 100), 0U);
    EXPECT_EQ(code_of(co_await as_result(pair.near.send_segments(as_bytes("x"), 0))),
              std::errc::invalid_argument);
    const Buffer long_bytes(150'000);
    EXPECT_EQ(code_of(co_await as_result(pair.near.send_segments(long_bytes, 70'000))),
              std::errc::message_size);
    // Of which the system's 16 bits would leave 4464.
    const Bytes few = Bytes(long_bytes).first(10'000);
    EXPECT_EQ(code_of(os::send_segments(pair.near.native(), few, 70'000, nullptr)),
              std::errc::not_supported);
  });
}

TEST(UdpBatch, JoinsDatagramsOnlyWhenAsked) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    EXPECT_EQ(pair.far.gro(), false);
    if (!pair.far.set_gro(true)) co_return;
    EXPECT_EQ(pair.far.gro(), true);
    const std::string text = numbered(300);
    co_await pair.near.send_segments(as_bytes(text), 100);
    // That is what everybody else sees, and how we know that the system has joined them.
    const std::string seen = co_await receive_text(pair.far, 1000);
    EXPECT_EQ(seen.size() % 100, 0U);
    if (seen.size() < text.size()) co_return;
    EXPECT_EQ(seen, text);
    co_await pair.near.send_segments(as_bytes(text), 100);
    DatagramBatch narrow(2, 250);
    EXPECT_EQ(co_await pair.far.recv_batch(narrow), 3U);
    EXPECT_EQ(narrow.received()[2].bytes.size(), 50U);
    EXPECT_TRUE(narrow.received()[2].cut);
    EXPECT_FALSE(narrow.received()[0].cut);
  });
}

}  // namespace
}  // namespace fid
