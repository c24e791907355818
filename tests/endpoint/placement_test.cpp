// SPDX-License-Identifier: MIT
#include "endpoint/placement.hpp"

#include "endpoint/native_syntax.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fid::endpoint {
namespace {

using testing::HasSubstr;

struct Placed {
  std::string_view text;
  Place place;
  Role role;
};

void PrintTo(const Placed& c, std::ostream* out) {
  *out << c.text;
}

class Placement : public testing::TestWithParam<Placed> {};

TEST_P(Placement, SettlesTheRole) {
  const Parsed<Address> address = parse_native(GetParam().text, GetParam().place);
  ASSERT_TRUE(address) << address.error().text();
  EXPECT_EQ(address->role, GetParam().role);
}

INSTANTIATE_TEST_SUITE_P(All, Placement,
                         testing::Values(Placed{"tcp://h:80", Place::anywhere, Role::by_place},
                                         Placed{"tcp://h:80", Place::listens, Role::listen},
                                         Placed{"tcp://h:80", Place::connects, Role::connect},
                                         Placed{"tcp://h:80", Place::joins, Role::connect},
                                         Placed{"tcp://:80", Place::anywhere, Role::by_place},
                                         Placed{"tcp://:80", Place::listens, Role::listen},
                                         Placed{"tcp://*:0", Place::listens, Role::listen},
                                         Placed{"tcp-listen://:80", Place::listens, Role::listen},
                                         Placed{"tcp-listen://:80", Place::joins, Role::listen},
                                         Placed{"listen-fd:3", Place::listens, Role::listen},
                                         Placed{"unix:/x,mode=0660", Place::listens, Role::listen},
                                         Placed{"unix:/x,mode=0660", Place::anywhere,
                                                Role::by_place},
                                         Placed{"-", Place::connects, Role::connect},
                                         Placed{"file:/x", Place::joins, Role::connect}));

struct Refused {
  std::string_view text;
  Place place;
  std::size_t column;
  std::string_view message;
};

void PrintTo(const Refused& c, std::ostream* out) {
  *out << c.text;
}

class Misplaced : public testing::TestWithParam<Refused> {};

TEST_P(Misplaced, IsRefusedWithAReason) {
  const Parsed<Address> address = parse_native(GetParam().text, GetParam().place);
  ASSERT_FALSE(address);
  EXPECT_THAT(address.error().message, HasSubstr(std::string(GetParam().message)));
  EXPECT_EQ(address.error().column, GetParam().column);
}

INSTANTIATE_TEST_SUITE_P(
    All, Misplaced,
    testing::Values(
        Refused{"tcp://:80", Place::connects, 7, "no host to connect to: write tcp://localhost:80"},
        Refused{"tcp4://:80", Place::joins, 8, "write tcp4://localhost:80"},
        Refused{"tcp://*:80", Place::connects, 7, "not connected to"},
        Refused{"tcp://h:0", Place::connects, 9, "port 0"},
        Refused{"tcp-listen://:80", Place::connects, 1, "write tcp://HOST:PORT"},
        Refused{"listen-fd:3", Place::connects, 1, "listen-fd listens, but this place connects"},
        Refused{"-", Place::listens, 1, "stdio cannot listen"},
        Refused{"exec:ls", Place::listens, 1, "exec cannot listen"},
        Refused{"tcp://h:80,backlog=5", Place::connects, 12,
                "backlog has an effect only where tcp listens"},
        Refused{"tcp://h:80,retry=5", Place::listens, 12,
                "retry has an effect only where tcp connects"},
        Refused{"tcp-listen://:80,retry=5", Place::anywhere, 18, "only where tcp connects"},
        Refused{"unix:/x,mode=0660", Place::connects, 9, "only where unix listens"}));

}  // namespace
}  // namespace fid::endpoint
