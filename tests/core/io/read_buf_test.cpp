// SPDX-License-Identifier: MIT
#include <fid/io/read_buf.hpp>

#include <gtest/gtest.h>

#include <array>

namespace fid {
namespace {

TEST(ReadBuf, IsFullyInitialisedOverBytesThatHaveValues) {
  std::array<std::byte, 8> storage{};
  ReadBuf buffer(storage);
  EXPECT_EQ(buffer.capacity(), 8U);
  EXPECT_EQ(buffer.initialized().size(), 8U);
  EXPECT_EQ(buffer.filled().size(), 0U);
  EXPECT_EQ(buffer.remaining(), 8U);
}

TEST(ReadBuf, WhatIsReadIsInitialisedAndThenFilled) {
  std::array<std::byte, 8> storage;
  ReadBuf buffer = ReadBuf::uninit(storage);
  EXPECT_EQ(buffer.initialized().size(), 0U);
  buffer.unfilled()[0] = std::byte{'x'};
  buffer.assume_init(1);
  EXPECT_EQ(buffer.filled().size(), 0U);
  buffer.advance(1);
  EXPECT_EQ(as_text(buffer.filled()), "x");
  EXPECT_EQ(buffer.remaining(), 7U);
}

TEST(ReadBuf, ClearingKeepsWhatIsInitialised) {
  std::array<std::byte, 4> storage;
  ReadBuf buffer = ReadBuf::uninit(storage);
  buffer.put_slice(as_bytes("abc"));
  buffer.clear();
  EXPECT_EQ(buffer.filled().size(), 0U);
  EXPECT_EQ(buffer.initialized().size(), 3U);
  buffer.set_filled(2);
  EXPECT_EQ(as_text(buffer.filled()), "ab");
}

TEST(ReadBuf, TheRoomCanBeSetToZero) {
  std::array<std::byte, 3> storage;
  storage.fill(std::byte{0xff});
  ReadBuf buffer = ReadBuf::uninit(storage);
  buffer.put_slice(as_bytes("a"));
  const MutableBytes room = buffer.initialize_unfilled();
  ASSERT_EQ(room.size(), 2U);
  EXPECT_EQ(room[0], std::byte{0});
  EXPECT_EQ(room[1], std::byte{0});
  EXPECT_EQ(as_text(buffer.filled()), "a");
}

TEST(ReadBuf, APartHasAtMostItsSizeOfTheRoom) {
  std::array<std::byte, 8> storage;
  ReadBuf buffer = ReadBuf::uninit(storage);
  buffer.put_slice(as_bytes("abc"));
  ReadBuf part = buffer.take(2);
  EXPECT_EQ(part.capacity(), 2U);
  part.put_slice(as_bytes("de"));
  buffer.assume_init(part.filled().size());
  buffer.advance(part.filled().size());
  EXPECT_EQ(as_text(buffer.filled()), "abcde");
  EXPECT_EQ(buffer.take(100).capacity(), 3U);
}

TEST(ReadBuf, WhatIsInitialisedStaysAsItIs) {
  std::array<std::byte, 4> storage;
  storage.fill(std::byte{0xff});
  ReadBuf buffer = ReadBuf::uninit(storage);
  buffer.put_slice(as_bytes("abc"));
  buffer.clear();
  buffer.assume_init(1);
  EXPECT_EQ(buffer.initialized().size(), 3U);
  const MutableBytes room = buffer.initialize_unfilled();
  EXPECT_EQ(as_text(room.first(3)), "abc");
  EXPECT_EQ(room[3], std::byte{0});
}

TEST(ReadBuf, APartKnowsHowMuchOfItIsInitialised) {
  std::array<std::byte, 8> storage;
  ReadBuf buffer = ReadBuf::uninit(storage);
  buffer.put_slice(as_bytes("abcd"));
  buffer.set_filled(1);
  EXPECT_EQ(buffer.take(2).initialized().size(), 2U);
  EXPECT_EQ(buffer.take(100).initialized().size(), 3U);
}

TEST(ReadBufDeathTest, GoingPastAMarkNamesTheCaller) {
  std::array<std::byte, 2> storage;
  ReadBuf buffer = ReadBuf::uninit(storage);
  EXPECT_DEATH(buffer.advance(1), "read_buf_test.cpp");
  EXPECT_DEATH(buffer.set_filled(1), "read_buf_test.cpp");
  EXPECT_DEATH(buffer.put_slice(as_bytes("abc")), "read_buf_test.cpp");
  EXPECT_DEATH(buffer.assume_init(3), "read_buf_test.cpp");
}

}  // namespace
}  // namespace fid
