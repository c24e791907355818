// SPDX-License-Identifier: MIT
#include "load/flow.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace load {
namespace {

constexpr std::uint64_t seed = 7;

struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    checked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()),
            "socketpair");
    near = Fd(ends[0]);
    far = Fd(ends[1]);
  }
  Fd near;
  Fd far;
};

// All that a source of that many bytes sends.
std::string everything_sent(std::uint64_t bytes) {
  const Pair pair;
  Source source(seed, {bytes, {}});
  std::string all;
  std::array<char, 64 * 1024> buffer{};
  for (Flow flow = Flow::going; flow != Flow::ended;) {
    flow = source.pump(pair.near);
    ssize_t n = 0;
    while ((n = recv(pair.far.get(), buffer.data(), buffer.size(), 0)) > 0) {
      all.append(buffer.data(), static_cast<std::size_t>(n));
    }
  }
  EXPECT_EQ(source.bytes(), bytes);
  return all;
}

TEST(Flow, EverythingArrivesWhetherVerifiedOrNot) {
  constexpr std::uint64_t bytes = 3'000'001;
  for (const bool verify : {false, true}) {
    const Pair pair;
    Source source(seed, {bytes, {}});
    Sink sink(seed, verify);
    Flow received = Flow::going;
    for (bool sending = true; received != Flow::ended;) {
      if (sending) sending = source.pump(pair.near) != Flow::ended;
      received = sink.pump(pair.far);
      ASSERT_NE(received, Flow::broken);
    }
    EXPECT_EQ(sink.bytes(), bytes);
    EXPECT_TRUE(sink.intact());
  }
}

TEST(Flow, TheEndIsFoundHoweverTheBytesAreCutUp) {
  const std::string all = everything_sent(2'000'000);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{4097}, all.size()}) {
    Sink sink(seed, true);
    Flow flow = Flow::going;
    for (std::size_t at = 0; at < all.size(); at += piece) {
      ASSERT_EQ(flow, Flow::going);
      const std::string_view part = std::string_view(all).substr(at, piece);
      flow = sink.take(part);
    }
    EXPECT_EQ(flow, Flow::ended);
    EXPECT_EQ(sink.bytes(), 2'000'000U);
    EXPECT_TRUE(sink.intact());
  }
}

TEST(Flow, OtherContentIsNoticed) {
  std::string all = everything_sent(100'000);
  all[50'000] ^= 1;
  Sink sink(seed, true);
  EXPECT_EQ(sink.take(all), Flow::ended);
  EXPECT_FALSE(sink.intact());
}

TEST(Flow, APieceMovedElsewhereIsNoticed) {
  std::string all = everything_sent(400'000);
  const std::string piece = all.substr(8, 65'536);
  all.replace(8 + 65'536, piece.size(), piece);
  Sink sink(seed, true);
  EXPECT_EQ(sink.take(all), Flow::ended);
  EXPECT_FALSE(sink.intact());
}

TEST(Flow, AnEndBeforeTheLastBlockIsBroken) {
  Pair pair;
  const std::string all = everything_sent(1000);
  send_all(pair.near, std::span(all).first(all.size() - 1));
  pair.near.reset();
  Sink sink(seed, false);
  Flow flow = Flow::going;
  while (flow == Flow::going) flow = sink.pump(pair.far);
  EXPECT_EQ(flow, Flow::broken);
}

}  // namespace
}  // namespace load
