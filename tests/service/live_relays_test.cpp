// SPDX-License-Identifier: MIT
#include "service/live_relays.hpp"

#include "support/run_test.hpp"
#include "support/temp_dir.hpp"
#include "support/turns.hpp"

#include <fid/io/duplex.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fid::service {
namespace {

using test::run_test;
using test::turns;

/// A relay between two streams in memory, on a list.
class Listed {
 public:
  Listed(LiveRelays& list, ConnectionId id)
      : a_(duplex(64)),
        b_(duplex(64)),
        near_(make_stream(std::move(a_.first))),
        far_(make_stream(std::move(b_.first))) {
    RelaySide a;
    a.stream = near_.get();
    RelaySide b;
    b.stream = far_.get();
    relay_.emplace(a, b, settings_);
    member_.emplace(list, *relay_, id);
  }

  Task<CloseReason> reason() {
    co_await relay_->run();
    co_return relay_->result().end.reason;
  }

 private:
  TransferSettings settings_;
  decltype(duplex(64)) a_;  // whose other ends stay open
  decltype(duplex(64)) b_;
  StreamPtr near_;
  StreamPtr far_;
  std::optional<Relay> relay_;
  std::optional<LiveRelays::Member> member_;
};

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line.substr(line.find("\"ev")));
  return lines;
}

TEST(LiveRelays, OneThatBeginsAfterTheCutIsCutAtOnce) {
  run_test([]() -> Task<void> {
    LiveRelays list;
    list.cut_all(CloseReason::signal);
    Listed late(list, 1);
    const auto first = co_await race(late.reason(), turns(20));
    EXPECT_TRUE(first.index() == 0 && std::get<0>(first) == CloseReason::signal);
  });
}

TEST(LiveRelays, OfOtherThreadsAreCutToo) {
  run_test([]() -> Task<void> {
    LiveRelays here;
    LiveRelays there;
    const Reachable reachable(there);
    here.also_reach({reachable.remote()});
    Listed listed(there, 7);
    here.cut_all(CloseReason::drain);
    EXPECT_EQ(co_await listed.reason(), CloseReason::drain);
    EXPECT_EQ(co_await there.cut_requested(), CloseReason::drain);
  });
}

TEST(LiveRelays, AreReportedEachAndThenTogether) {
  const test::TempDir dir;
  run_test([&]() -> Task<void> {
    Events events = Events::open(dir / "events").value();
    LiveRelays here;
    LiveRelays first;
    LiveRelays second;
    const Reachable reachable_first(first);
    const Reachable reachable_second(second);
    here.also_reach({reachable_first.remote(), reachable_second.remote()});
    const Listed one(here, 1);
    const Listed two(second, 2);
    { const Listed gone(first, 3); }
    here.report(events);
    co_await turns(4);
    const std::vector<std::string> wanted{
        R"("ev":"stats","id":1,"a_to_b":0,"b_to_a":0})",
        R"("ev":"stats","id":2,"a_to_b":0,"b_to_a":0})",
        R"("ev":"stats","open":2,"accepted":3,"a_to_b":0,"b_to_a":0})",
    };
    EXPECT_EQ(lines_of(dir / "events"), wanted);
  });
}

}  // namespace
}  // namespace fid::service
