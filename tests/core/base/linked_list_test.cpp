// SPDX-License-Identifier: MIT
#include <fid/base/linked_list.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace fid {
namespace {

struct Item : Link {
  explicit Item(int n) : number(n) {}
  int number;
};

std::vector<int> taken_from(LinkedList<Item>& list) {
  std::vector<int> numbers;
  while (!list.empty()) numbers.push_back(list.pop_front().number);
  return numbers;
}

TEST(LinkedList, KeepsTheOrderOfArrival) {
  Item a(1), b(2), c(3);
  LinkedList<Item> list;
  EXPECT_TRUE(list.empty());
  for (Item* item : {&a, &b, &c}) list.push_back(*item);
  EXPECT_EQ(&list.front(), &a);
  EXPECT_EQ(taken_from(list), (std::vector<int>{1, 2, 3}));
  EXPECT_FALSE(a.is_linked());
}

TEST(LinkedList, AMemberThatIsDestroyedLeavesIt) {
  Item a(1), c(3);
  LinkedList<Item> list;
  list.push_back(a);
  {
    Item b(2);
    list.push_back(b);
    list.push_back(c);
  }
  EXPECT_EQ(taken_from(list), (std::vector<int>{1, 3}));
}

TEST(LinkedList, PushingAMemberOfAnyListMovesItToTheEnd) {
  Item a(1), b(2);
  LinkedList<Item> list, other;
  list.push_back(a);
  list.push_back(b);
  list.push_back(a);
  other.push_back(b);
  EXPECT_EQ(taken_from(list), (std::vector<int>{1}));
  EXPECT_EQ(taken_from(other), (std::vector<int>{2}));
}

TEST(LinkedList, ACopyOfAMemberIsOnNoList) {
  Item a(1), b(2);
  LinkedList<Item> list;
  list.push_back(a);
  list.push_back(b);
  const Item copy(a);
  EXPECT_FALSE(copy.is_linked());
  b = Item(9);
  EXPECT_TRUE(b.is_linked()) << "assigning changes no list";
}

TEST(LinkedList, TakesAllOfAnotherBehindItsOwn) {
  Item a(1), b(2), c(3);
  LinkedList<Item> list, other, none;
  list.push_back(a);
  other.push_back(b);
  other.push_back(c);
  list.take_all(other);
  list.take_all(none);
  EXPECT_TRUE(other.empty());
  EXPECT_EQ(taken_from(list), (std::vector<int>{1, 2, 3}));
}

TEST(LinkedList, MembersOutliveIt) {
  Item a(1);
  {
    LinkedList<Item> list;
    list.push_back(a);
  }
  EXPECT_FALSE(a.is_linked());
}

TEST(LinkedList, ForEachMayUnlinkOrMoveTheOneVisited) {
  Item a(1), b(2), c(3);
  LinkedList<Item> list, odd;
  for (Item* item : {&a, &b, &c}) list.push_back(*item);
  list.for_each([&](Item& item) {
    if (item.number % 2 != 0) odd.push_back(item);
  });
  EXPECT_EQ(taken_from(list), (std::vector<int>{2}));
  EXPECT_EQ(taken_from(odd), (std::vector<int>{1, 3}));
}

}  // namespace
}  // namespace fid
