// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/base/os.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/selector.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

namespace fid {
namespace {

using test::run_test;
using test::turns;

RegistrationTable& table() {
  return Reactor::current().registrations();
}

std::pair<Handle, Handle> socket_pair() {
  return os::socket_pair(os::SocketType::stream).value();
}

Registration watched(Handle handle, Interest interest = Interest::readable) {
  return Registration::create(std::move(handle), interest).value();
}

/// Whether a handle is open, and stands for the other end of `peer`.
bool is_closed(const Handle& peer) {
  std::byte byte{};
  const auto count = os::recv(peer.get(), MutableBytes(&byte, 1));
  return count && *count == 0;
}

Task<void> note_ready(Readiness& readiness, bool& woken) {
  co_await ReadyOp(readiness, Interest::readable);
  woken = true;
}

TEST(RegistrationTable, ASlotUsedAgainIsNotFoundUnderItsOldGeneration) {
  run_test([]() -> Task<void> {
    auto& old = table().take(Readiness::Kind::stream, Ready::readable);
    old.readiness.set(Ready::writable);
    const std::uint32_t index = old.index;
    const std::uint32_t generation = old.generation;
    EXPECT_EQ(table().find(index, generation), &old);
    table().give_back(old);
    EXPECT_EQ(table().find(index, generation), nullptr);
    auto& tenant = table().take(Readiness::Kind::fifo, {});
    EXPECT_EQ(tenant.index, index);
    EXPECT_EQ(table().find(index, generation), nullptr);
    EXPECT_EQ(table().find(index, tenant.generation), &tenant);
    EXPECT_FALSE(tenant.readiness.worth_trying(Interest::readable | Interest::writable));
    table().give_back(tenant);
    EXPECT_EQ(table().find(1'000'000, 0), nullptr);
    co_return;
  });
}

TEST(RegistrationTable, SlotsStayWhereTheyAreWhenThereAreMany) {
  run_test([]() -> Task<void> {
    std::vector<RegistrationTable::Slot*> slots;
    for (int i = 0; i < 1000; ++i) slots.push_back(&table().take(Readiness::Kind::stream, {}));
    for (auto* slot : slots) EXPECT_EQ(table().find(slot->index, slot->generation), slot);
    for (auto* slot : slots) table().give_back(*slot);
    EXPECT_EQ(table().size(), 0U);
    co_return;
  });
}

TEST(Registration, ClosesItsHandleWhenItGoesOrIsReplaced) {
  run_test([]() -> Task<void> {
    auto [a, a_peer] = socket_pair();
    auto [b, b_peer] = socket_pair();
    {
      Registration io = watched(std::move(a));
      EXPECT_FALSE(is_closed(a_peer));
      io = watched(std::move(b));
      EXPECT_TRUE(is_closed(a_peer));
      EXPECT_EQ(table().size(), 1U);
    }
    EXPECT_TRUE(is_closed(b_peer));
    EXPECT_EQ(table().size(), 0U);
    co_return;
  });
}

TEST(Registration, OneThatFailsLeavesNoSlotAndNoHandle) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    const Registration first = watched(std::move(near));
    // A second time under the same number: not possible.
    auto second = Registration::create(Handle(first.native()), Interest::readable);
    EXPECT_EQ(second.error().code, std::errc::file_exists);
    EXPECT_EQ(table().size(), 1U);
    EXPECT_TRUE(is_closed(far));
    co_return;
  });
}

TEST(Registration, AReleasedHandleIsOpenAndCanBeWatchedAgain) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    Registration io = watched(std::move(near));
    Handle handle = std::move(io).release().value();
    EXPECT_EQ(table().size(), 0U);
    EXPECT_TRUE(os::is_nonblocking(handle.get()).value());
    const Registration again = watched(std::move(handle));
    bool woken = false;
    TaskGroup group;
    group.add(note_ready(again.readiness(), woken));
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    co_await group.join();
    EXPECT_TRUE(woken);
  });
}

TEST(Registration, OneThatTheSelectorDoesNotKnowAnyMoreFailsToBeReleasedAndCloses) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    Registration io = watched(std::move(near));
    EXPECT_TRUE(table().selector()->remove(io.native()));
    EXPECT_FALSE(std::move(io).release().has_value());
    EXPECT_EQ(table().size(), 0U);
    EXPECT_TRUE(is_closed(far));
    co_return;
  });
}

TEST(Registration, ALateEventOfAFormerTenantWakesNobody) {
  run_test([]() -> Task<void> {
    auto [old_near, old_far] = socket_pair();
    auto old = std::make_optional(watched(std::move(old_near)));
    // Closed behind our back while a duplicate lives: the selector goes on reporting.
    const Handle copy = os::duplicate(old->native()).value();
    close_native(old->native());
    const Readiness* const storage = &old->readiness();
    old.reset();

    auto [near, far] = socket_pair();
    const Registration tenant = watched(std::move(near));
    EXPECT_EQ(&tenant.readiness(), storage) << "the same slot";
    bool woken = false;
    TaskGroup group;
    group.add(note_ready(tenant.readiness(), woken));
    EXPECT_TRUE(os::send(old_far.get(), as_bytes("x")).has_value());
    co_await turns(3);
    EXPECT_FALSE(woken);
    EXPECT_TRUE(tenant.readiness().ready().is_empty());
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    co_await group.join();
    EXPECT_TRUE(woken);
  });
}

TEST(Registration, OneThatOutlivesItsReactorStillCloses) {
  auto reactor = Reactor::create().value();
  auto [near, far] = socket_pair();
  {
    const Registration io = watched(std::move(near));
    reactor.reset();
    EXPECT_TRUE(io.readiness().stopped());
    EXPECT_FALSE(is_closed(far));
  }
  EXPECT_TRUE(is_closed(far));
}

}  // namespace
}  // namespace fid
